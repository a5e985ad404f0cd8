import { formatDuration, largestGap } from "../../../model";
import { judged, type Rule } from "../../engine/rule";

/** ECO-15 and CIS 11.5: quarterly or more often. The longest quarter has 92 days. */
const QUARTER = 92 * 86_400_000;

export const quarterlyFullRestore: Rule = {
  sentence: "A restore of all guests is tried at least every quarter",
  model: ({ site: { restoreTests } }) => {
    if (restoreTests === undefined) return [];
    const gap = largestGap(restoreTests.full, "UTC");
    return [judged("restoreTests.full", gap > QUARTER ? `its trials are up to ${formatDuration(gap)} apart` : undefined)];
  },
};
