import type { ToApprove } from "../review/approval/between";
import { type Weakening, weakeningKey, weakeningsOf, weakeningText } from "../review/approval/weakening";
import type { Output } from "./output";

/**
 * What somebody is asked to approve: each finding with whether it can be taken back and what it rests on, and then whatever the
 * approval covers beyond the findings, so that nobody signs what was not shown.
 */
export function toApproveText({ findings, weakenings }: ToApprove, color: Output["color"]): string {
  const { devices, promises } = weakenings;
  if (devices.length + promises.length === 0) return "nothing weakens the protection: nothing needs an approval";
  const shown = new Set(weakeningsOf(findings).map(weakeningKey));
  const notShown = devices.filter((one) => !shown.has(weakeningKey(one)));
  return [
    ...findings
      .filter((finding) => finding.class !== "gained")
      .flatMap(({ class: kind, aspect, subjects, before, after, reversibility, evidence }) => [
        `${color.red(kind)} ${color.bold(aspect)}: ${before} -> ${after}`,
        `    of:      ${subjects.join(", ")}`,
        `    back:    ${reversibility}${evidence === "" ? "" : ` (${evidence})`}`,
      ]),
    ...part("as the devices see it, without what the site file said before:", notShown),
    ...part("of this, no device is told:", promises),
  ].join("\n");
}

const part = (title: string, weakenings: readonly Weakening[]): string[] =>
  weakenings.length === 0 ? [] : [title, ...weakenings.map((one) => `  ${weakeningText(one)}`)];
