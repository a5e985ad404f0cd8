import { interval } from "../words";
import { type Change, changeOf, type GuestAspect, lessIsBetter } from "./aspect";

/** What the site file promises. An RPO that follows its schedule is no finding of its own: the schedule's says more. */
export const promise: GuestAspect = {
  aspect: "promise",
  compare: (before, after) => [
    ...(before.gapMs === after.gapMs ? promised("RPO", before.promise?.rpoMs, after.promise?.rpoMs) : []),
    ...promised("RTO", before.promise?.rtoMs, after.promise?.rtoMs),
  ],
};

/** None at all is the longest. */
function promised(what: string, before = Number.POSITIVE_INFINITY, after = Number.POSITIVE_INFINITY): Change[] {
  return changeOf(
    before,
    after,
    lessIsBetter((ms) => (ms === Number.POSITIVE_INFINITY ? `no ${what} is promised` : `${what} ${interval(ms)}`)),
  );
}
