import type { GuestProtection, Kept } from "../protection";
import { age } from "../words";
import { changeOf, flag, type GuestAspect, type Verdict, verdictOf } from "./aspect";

/** What can be gone back to: how many points, how far back, and how close together where the schedule is the same. */
export const retention: GuestAspect = {
  aspect: "retention",
  compare: (before, after) => [
    ...changeOf(before.kept, after.kept, {
      judge: (one, other) => judge(one, other, samePace(before, after)),
      show: ({ points, oldestMs, rule }) =>
        points === Number.POSITIVE_INFINITY ? "nothing is ever pruned" : `${points} points, oldest ${age(oldestMs)} (${rule})`,
    }),
    ...changeOf(before.prunedByClient, after.prunedByClient, BY_CLIENT),
  ],
};

const pruner = flag("pruned by the backup server alone", "pruned by the hypervisor too");
const BY_CLIENT = {
  ...pruner,
  judge: (before: boolean, after: boolean) => pruner.judge(!before, !after),
  show: (value: boolean) => pruner.show(!value),
  isBest: (value: boolean) => !value,
};

const samePace = (before: GuestProtection, after: GuestProtection): boolean =>
  before.gapMs === after.gapMs && before.runs === after.runs;

/** Hours of the day, days of the month and clock changes shift ages a little: by this share, and by hours where days are kept. */
const SHARE = 0.02;
const SHIFT = 2 * 3_600_000;
const DAY = 24 * 3_600_000;

function judge(before: Kept, after: Kept, paced: boolean): Verdict {
  if (paced && before.rule === after.rule) return "same";
  const density = paced ? before.recent.map((count, index) => [count, after.recent[index] ?? 0] as const) : [];
  return verdictOf([[before.points, after.points], oldest(before.oldestMs, after.oldestMs), ...density]);
}

const oldest = (before: number, after: number): readonly [number, number] =>
  before >= DAY && Math.abs(before - after) <= Math.max(SHIFT, SHARE * Math.max(before, after)) ? [0, 0] : [before, after];
