import { formatDuration, largestGap } from "../../../model";
import { judged, type Rule } from "../../engine/rule";

/** ECO-15: one guest every week. */
const WEEK = 7 * 86_400_000;

export const weeklyPartialRestore: Rule = {
  sentence: "A restore of some guests is tried at least every 7 days",
  model: ({ site: { restoreTests } }) => {
    if (restoreTests === undefined) return [];
    // In UTC: the week in which the clocks change is a week too.
    const gap = largestGap(restoreTests.partial, "UTC");
    return [judged("restoreTests.partial", gap > WEEK ? `its trials are up to ${formatDuration(gap)} apart` : undefined)];
  },
};
