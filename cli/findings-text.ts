import { mustStop, openFindings, type PolicyReport } from "../policies/engine/finding";
import type { Severity } from "../policies/engine/policy";
import { acknowledgementText } from "../policies/report/notice";
import { counted, summaryOf } from "../policies/report/summary";
import type { Output } from "./output";
import type { Judgement } from "./policy-gates";

/**
 * Findings of the policies. Those of one policy stand together, with its reason once. What somebody has acknowledged is shown with
 * who did and why, without a repair: nothing is left to be done until the acknowledgement ends.
 */
export function findingsText({ findings }: Pick<PolicyReport, "findings">, color: Output["color"]): string {
  const shown = findings.filter(({ known }) => known === undefined);
  return shown
    .flatMap((finding, index) => {
      const { acknowledged, object, what, policy, severity } = finding;
      const mark = acknowledged === undefined ? marks(color)[severity] : color.dim("·");
      const line = `${mark} ${color.bold(object)}: ${what} (${policy})`;
      if (acknowledged !== undefined) return [line, `    ${acknowledgementText(acknowledged)}`];
      const next = shown[index + 1];
      const goesOn =
        next !== undefined && next.acknowledged === undefined && next.policy === policy && next.severity === severity;
      return [
        line,
        ...(goesOn ? [] : [`    why:    ${finding.why}`]),
        ...(goesOn && next.repair === finding.repair ? [] : [`    repair: ${finding.repair}`]),
      ];
    })
    .join("\n");
}

/** The findings, one line that counts them, what the baseline need not know any more, and the way out where nothing goes on. */
export function judgementText({ policies, repaired }: Judgement, color: Output["color"]): string {
  const stops = openFindings(policies).filter(({ severity }) => severity === "error");
  return [
    ...(policies.findings.every(({ known }) => known !== undefined) ? [] : [findingsText(policies, color)]),
    summaryOf(policies),
    ...(repaired.length === 0
      ? []
      : [
          `${counted(repaired.length, "known finding is", "known findings are")} repaired: run ./bastide check ${policies.site} --env ${policies.environment} --write-baseline again, so that ${repaired.length === 1 ? "it is" : "they are"} found when ${repaired.length === 1 ? "it comes" : "they come"} back`,
        ]),
    ...(mustStop(policies)
      ? [
          color.red(
            `refused by ${counted(new Set(stops.map(({ policy }) => policy)).size, "policy", "policies")}: repair what is marked ✗, or accept it in the site file as ./bastide policies ${stops[0]?.policy} shows`,
          ),
        ]
      : []),
  ].join("\n");
}

const marks = (color: Output["color"]): Readonly<Record<Severity, string>> => ({
  error: color.red("✗"),
  warning: color.yellow("!"),
  note: color.dim("i"),
});
