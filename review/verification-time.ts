import { type CalendarEvent, largestGap, runs } from "../model";
import { remembered } from "../policies/engine/remembered";
import { wholeDays } from "./words";

const DAY = 86_400_000;
const FROM = Date.UTC(2040, 0, 1);
/** Seasons, leap days and days of the week have all met by then. */
const YEARS = 4;
/** A schedule that runs more often than this is not followed run by run: the error is below a day. */
const OFTEN = DAY;

const times = new Map<string, number>();

/**
 * The largest time in days between two verifications of the same backup, rounded up; Infinity: it is verified once at most.
 * A run looks at what was never verified, and at what was verified more than so many days before.
 * @param againAfterDays 0: every run verifies everything; undefined: nothing is verified twice
 */
export function verifiedWithin(schedule: CalendarEvent, againAfterDays: number | undefined, timeZone: string): number {
  if (againAfterDays === undefined) return Number.POSITIVE_INFINITY;
  return remembered(times, `${schedule} | ${againAfterDays} | ${timeZone}`, () => {
    const gap = largestGap(schedule, timeZone);
    if (gap === Number.POSITIVE_INFINITY) return gap;
    if (gap < OFTEN) return wholeDays(againAfterDays * DAY + gap);
    return wholeDays(Math.max(gap, longestWait(schedule, againAfterDays * DAY, timeZone)));
  });
}

/** From a run to the first run that comes more than `again` after it. */
function longestWait(schedule: CalendarEvent, again: number, timeZone: string): number {
  let longest = 0;
  const end = FROM + YEARS * 366 * DAY;
  // Both go forward, the one behind the other.
  const ahead = runs(schedule, FROM + again, timeZone);
  let next = ahead.next();
  for (const run of runs(schedule, FROM, timeZone)) {
    if (run >= end) break;
    while (!next.done && next.value <= run + again) next = ahead.next();
    if (next.done) return Number.POSITIVE_INFINITY;
    longest = Math.max(longest, next.value - run);
  }
  return longest;
}
