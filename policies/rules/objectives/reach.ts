import { type CalendarEvent, oldestRecoveryPoint, previousRun, type Retention } from "../../../model";
import { remembered } from "../../engine/remembered";

const DAY = 86_400_000;
/** Days with which a week, a month and a year begin at once: the oldest points go when a period begins. */
const FROM = Date.UTC(2029, 0, 1);
const DAYS = 8;
/** Times of a day before which the last run is looked at: the first run of a day moves other points out than its last one. */
const TIMES = [1, DAY / 4, DAY / 2, (3 * DAY) / 4, DAY];

const known = new Map<string, number>();

/**
 * How far back a restore can go at any time, in milliseconds: the age of the oldest recovery point just after a run, the lowest
 * over a sample of runs. The schedule has always run, and everything beyond the retention is pruned at once.
 */
export function reachOf(retention: Retention, schedule: CalendarEvent, timeZone: string): number {
  return remembered(known, `${JSON.stringify(retention)} ${schedule} ${timeZone}`, () => {
    const runs = new Set<number>();
    for (let day = FROM; day < FROM + DAYS * DAY; day += DAY) {
      for (const time of TIMES) {
        const run = previousRun(schedule, day + time, timeZone);
        if (run !== undefined) runs.add(run);
      }
    }
    return Math.min(...[...runs].map((run) => oldestRecoveryPoint(retention, schedule, timeZone, run)));
  });
}
