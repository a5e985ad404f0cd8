import type { Check, Verdict } from "../live/check";
import { type Output, table } from "./output";

/** Whether the checks let an apply count as proven: unknown is not proven. */
export const proven = (checks: readonly Check[]): boolean =>
  checks.every(({ verdict }) => verdict === "ok" || verdict === "warning");

/** The checks as a table, what is wrong last and with its repair, where the eye ends. */
export function checksText(checks: readonly Check[], color: Output["color"]): string {
  const mark: Record<Verdict, string> = {
    ok: color.green("ok"),
    warning: color.yellow("warning"),
    fault: color.red("fault"),
    unknown: color.red("unknown"),
  };
  const order: readonly Verdict[] = ["ok", "warning", "unknown", "fault"];
  const sorted = order.flatMap((verdict) => checks.filter((check) => check.verdict === verdict));
  const rows = sorted.map(({ id, subject, expected, actual, verdict }) => [
    mark[verdict],
    subject,
    short(expected),
    short(actual),
    color.dim(id),
  ]);
  const repairs = sorted
    .filter(({ verdict }) => verdict !== "ok")
    .map(({ subject, actual, repair }) => `${subject}: ${actual}\n    repair: ${repair ?? ""}`);
  return [table(["", "what", "model", "reality", "check"], rows), ...(repairs.length === 0 ? [] : ["", ...repairs])].join("\n");
}

/** One sentence for the end. */
export function checksSummary(checks: readonly Check[]): string {
  const count = (verdict: Verdict) => checks.filter((check) => check.verdict === verdict).length;
  const parts = [
    `${count("ok")} ok`,
    ...(["warning", "unknown", "fault"] as const).flatMap((verdict) =>
      count(verdict) > 0 ? [`${count(verdict)} ${verdict}`] : [],
    ),
  ];
  return `${checks.length} checks: ${parts.join(", ")}`;
}

const LONGEST_CELL = 70;
const short = (text: string): string => (text.length <= LONGEST_CELL ? text : `${text.slice(0, LONGEST_CELL - 1)}…`);
