import type { GuestProtection } from "../protection";
import { interval } from "../words";
import { type Change, changeOf, type GuestAspect, lessIsBetter } from "./aspect";

/** What the site file promises. An RPO that follows its schedule is no finding of its own: the schedule's says more. */
export const promise: GuestAspect = {
  aspect: "promise",
  compare: (before, after) => [
    ...promised("RPO", before.promise?.rpoMs, after.promise?.rpoMs).filter(
      ({ class: kind }) => kind !== gapChange(before, after),
    ),
    ...promised("RTO", before.promise?.rtoMs, after.promise?.rtoMs),
  ],
};

const gapChange = (before: GuestProtection, after: GuestProtection): Change["class"] | undefined =>
  changeOf(before.gapMs, after.gapMs, lessIsBetter(interval))[0]?.class;

/** None at all is the longest. */
function promised(what: string, before = Number.POSITIVE_INFINITY, after = Number.POSITIVE_INFINITY): Change[] {
  return changeOf(
    before,
    after,
    lessIsBetter((ms) => (ms === Number.POSITIVE_INFINITY ? `no ${what} is promised` : `${what} ${interval(ms)}`)),
  );
}
