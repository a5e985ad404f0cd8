import type { ToApprove } from "../review/approval/between";
import { weakeningText } from "../review/approval/weakening";
import type { Output } from "./output";

/** What somebody is asked to approve: each finding with whether it can be taken back, and what it rests on. */
export function toApproveText({ findings, weakenings }: ToApprove, color: Output["color"]): string {
  const worse = findings.filter((finding) => finding.class !== "gained");
  const { devices, promises } = weakenings;
  if (devices.length + promises.length === 0) return "nothing weakens the protection: nothing needs an approval";
  const lines = worse.flatMap(({ class: kind, aspect, subjects, before, after, reversibility, evidence }) => [
    `${color.red(kind)} ${color.bold(aspect)}: ${before} -> ${after}`,
    `    of:      ${subjects.join(", ")}`,
    `    back:    ${reversibility}${evidence === "" ? "" : ` (${evidence})`}`,
  ]);
  const apart = promises.filter((one) => !devices.includes(one)).map((one) => `  ${weakeningText(one)}`);
  return [...lines, ...(apart.length === 0 ? [] : ["of this, no device is told:", ...apart])].join("\n");
}
