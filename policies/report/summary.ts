import { openFindings, type PolicyReport } from "../engine/finding";

/** One line that says what became of every policy: `41 policies: 38 hold, 1 does not apply, 2 findings (1 acknowledged)`. */
export function summaryOf(report: PolicyReport): string {
  const { counts, findings, states } = report;
  const acknowledged = findings.filter((finding) => finding.acknowledged !== undefined).length;
  const known = findings.length - openFindings(report).length - acknowledged;
  const accepted = [
    ...(acknowledged > 0 ? [`${acknowledged} acknowledged`] : []),
    ...(known > 0 ? [`${known} known before`] : []),
  ];
  const parts = [
    `${counts.compliant} ${counts.compliant === 1 ? "holds" : "hold"}`,
    ...verbal(counts["not-applicable"], "does not apply", "do not apply"),
    ...verbal(counts["not-judged"], "is judged by plan and apply", "are judged by plan and apply"),
    ...(findings.length === 0 ? [] : [`${counted(findings.length, "finding")}${bracketed(accepted)}`]),
  ];
  return `${counted(Object.keys(states).length, "policy", "policies")}: ${parts.join(", ")}`;
}

const verbal = (count: number, one: string, many: string): string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
const bracketed = (parts: readonly string[]): string => (parts.length === 0 ? "" : ` (${parts.join(", ")})`);

/** `1 finding`, `2 findings`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
