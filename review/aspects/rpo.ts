import { isUnknown } from "../known";
import type { GuestProtection } from "../protection";
import { interval } from "../words";
import { type Change, changeOf, flag, type GuestAspect, lessIsBetter } from "./aspect";

/** How much work is lost at most: the largest gap between two runs; where that is the same, how often they come. */
export const rpo: GuestAspect = {
  aspect: "rpo",
  compare: (before, after) => {
    const gap = changeOf(before.gapMs, after.gapMs, lessIsBetter(interval));
    return [...(gap.length > 0 ? gap : runsBetween(before, after)), ...changeOf(before.repeatMissed, after.repeatMissed, MISSED)];
  },
};

const MISSED = flag("a missed run is made up for", "a missed run is left out");

/** Below this share of the runs a difference is one of the calendar's: a month has 28 to 31 days. */
const SIGNIFICANT = 0.02;

function runsBetween(before: GuestProtection, after: GuestProtection): Change[] {
  const { gapMs } = after;
  if (isUnknown(gapMs)) return [];
  return changeOf(before.runs, after.runs, {
    judge: (one, other) =>
      Math.abs(one - other) <= SIGNIFICANT * Math.max(one, other) ? "same" : other < one ? "worse" : "better",
    show: (runs) => `${interval(gapMs)}, ${Math.round(runs)} runs in 28 days`,
  });
}
