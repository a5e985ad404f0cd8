import type { Finding, PolicyReport } from "../policies/engine/finding";
import type { Severity } from "../policies/engine/policy";
import { faultsText, type Output } from "./output";

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

const asFault = ({ object, policy, what, why, repair }: Finding) => ({ where: object, what: `${what} (${policy})`, why, repair });

const marks = (color: Output["color"]): Readonly<Record<Severity, string>> => ({
  error: color.red("✗"),
  warning: color.yellow("!"),
  note: color.dim("i"),
});
