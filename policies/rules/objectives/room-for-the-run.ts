import { durationMs, formatDuration, largestGap, member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";

/** A recovery point is as old as its run began, and can be used once the run is over: until then the one before is the newest. */
export const roomForTheRun: Rule = {
  sentence: "The RPO of every tier is longer than the gap between two runs, so that a run may take its time",
  model: ({ site }) =>
    Object.entries(site.tiers).map(([name, { schedule, rpo }]) => {
      const gap = largestGap(schedule, site.timeZone);
      return judged(
        member("tiers", name),
        gap >= durationMs(rpo)
          ? `runs are up to ${formatDuration(gap)} apart and the RPO is ${rpo}: while a run lasts, more than that can be lost`
          : undefined,
      );
    }),
};
