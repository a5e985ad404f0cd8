import { type CalendarEvent, largestGap, nextRun, offsetAt, type Retention, recoveryPoints } from "../model";
import { remembered } from "../policies/engine/remembered";
import type { Kept } from "./protection";

const DAY = 86_400_000;

/**
 * The days at whose end recovery points are counted, in the site's zone. Fixed, so that the same site gives the same answer every
 * day: ends, middles and beginnings of months, weeks and years, a leap day, a day when clocks change.
 */
const DAYS: readonly (readonly [month: number, day: number])[] = [
  [0, 1],
  [1, 29],
  [5, 15],
  [8, 30],
  [9, 28],
];
const YEAR = 2040;

/** Ages in days at which the density of the points is looked at. */
const AGES = [1, 7, 31, 92, 366];

const NEVER_PRUNED: Kept = {
  points: Number.POSITIVE_INFINITY,
  oldestMs: Number.POSITIVE_INFINITY,
  recent: AGES.map(() => Number.POSITIVE_INFINITY),
  rule: "everything",
};

const NAMES = ["last", "hourly", "daily", "weekly", "monthly", "yearly"] as const;

const kept = new Map<string, Kept>();

/** What a retention keeps of a schedule's runs in the steady state, the worst over fixed instants. */
export function keptOf(retention: Retention, schedule: CalendarEvent, timeZone: string): Kept {
  const rule = NAMES.flatMap((name) => (retention[name] === undefined ? [] : [`${name} ${retention[name]}`])).join(", ");
  if (rule === "") return NEVER_PRUNED;
  return remembered(kept, `${rule} | ${schedule} | ${timeZone}`, () => {
    const instants = DAYS.map(([month, day]) => {
      const end = Date.UTC(YEAR, month, day, 23, 59, 59);
      return end - offsetAt(timeZone, end);
    });
    const all = instants.map((now) => recoveryPoints(retention, schedule, timeZone, now) ?? []);
    const agesOf = (points: readonly number[]) => points.map((point) => (points[0] ?? point) - point);
    const ages = all.map(agesOf);
    return {
      points: Math.min(...ages.map(({ length }) => length)),
      oldestMs: Math.min(...ages.map((list) => list.at(-1) ?? 0)),
      recent: AGES.map((days) => Math.min(...ages.map((list) => list.filter((age) => age <= days * DAY).length))),
      rule,
    };
  });
}

/** A Friday in a month in which no zone changes its clocks. */
const RUNS_FROM = Date.UTC(YEAR, 5, 1) - 1;
const RUN_DAYS = 28;
const WEEK = 7 * DAY;
const MINUTES = 600_000;

const runs = new Map<string, number>();

/** Runs in 28 days, in a month without a clock change; of a schedule with longer gaps than a week the average over two years. */
export function runsIn28Days(schedule: CalendarEvent, timeZone: string): number {
  return remembered(runs, `${schedule} | ${timeZone}`, () => {
    const gap = largestGap(schedule, timeZone);
    const periods = gap > WEEK + DAY ? 26 : gap < MINUTES ? 1 / RUN_DAYS : 1;
    const end = RUNS_FROM + periods * RUN_DAYS * DAY;
    let count = 0;
    for (
      let run = nextRun(schedule, RUNS_FROM, timeZone);
      run !== undefined && run < end;
      run = nextRun(schedule, run, timeZone)
    ) {
      count += 1;
    }
    return count / periods;
  });
}
