import { type Finding, mustStop, openFindings, type PolicyReport } from "../policies/engine/finding";
import type { Severity } from "../policies/engine/policy";
import { counted, summaryOf } from "../policies/report/summary";
import { faultsText, type Output } from "./output";
import type { Judgement } from "./policy-gates";

/**
 * Findings of the policies. What somebody has acknowledged is shown with who did and why, without a repair: nothing is left to
 * be done until the acknowledgement ends.
 */
export function findingsText({ findings }: PolicyReport, color: Output["color"]): string {
  return findings
    .filter(({ known }) => known === undefined)
    .map((finding) => {
      const { acknowledged, object, what } = finding;
      if (acknowledged === undefined) return faultsText([asFault(finding)], color, marks(color)[finding.severity]);
      const { owner, expires, reason, ticket } = acknowledged;
      const by = [owner, `until ${expires}`, ...(ticket === undefined ? [] : [ticket])].join(", ");
      return [`${color.dim("·")} ${color.bold(object)}: ${what} (${finding.policy})`, `    acknowledged (${by}): ${reason}`].join(
        "\n",
      );
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

const asFault = ({ object, policy, what, why, repair }: Finding) => ({ where: object, what: `${what} (${policy})`, why, repair });

const marks = (color: Output["color"]): Readonly<Record<Severity, string>> => ({
  error: color.red("✗"),
  warning: color.yellow("!"),
  note: color.dim("i"),
});
