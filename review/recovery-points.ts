import { type CalendarEvent, nextRun, offsetAt, type Retention, recoveryPoints } from "../model";
import type { Kept } from "./protection";

const DAY = 86_400_000;

/**
 * The days at whose end recovery points are counted, in the site's zone. Fixed, so that the same site gives the same answer every
 * day: ends and middles of months, weeks and years, a leap day, days when clocks change.
 */
const DAYS: readonly (readonly [month: number, day: number])[] = [
  [0, 1],
  [1, 29],
  [2, 25],
  [3, 30],
  [5, 15],
  [6, 1],
  [8, 5],
  [9, 28],
  [10, 11],
  [11, 31],
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

const RUNS_FROM = Date.UTC(YEAR, 0, 1);
const RUN_DAYS = 28;
/** Beyond it a schedule runs every few seconds, and what matters is the largest gap. */
const MOST_RUNS = 3_000;

const runs = new Map<string, number>();

/** Runs in 28 days on average over two years; over fewer days where there are very many. */
export function runsIn28Days(schedule: CalendarEvent, timeZone: string): number {
  return remembered(runs, `${schedule} | ${timeZone}`, () => {
    let count = 0;
    let last = RUNS_FROM;
    const end = RUNS_FROM + 26 * RUN_DAYS * DAY;
    for (
      let run = nextRun(schedule, RUNS_FROM, timeZone);
      run !== undefined && run < end;
      run = nextRun(schedule, run, timeZone)
    ) {
      count += 1;
      last = run;
      if (count === MOST_RUNS) break;
    }
    const span = count === MOST_RUNS ? last - RUNS_FROM : end - RUNS_FROM;
    return Math.round((count * RUN_DAYS * DAY * 100) / span) / 100;
  });
}

/** A calculation is done once for each of its inputs. */
export function remembered<Result>(memory: Map<string, Result>, key: string, make: () => Result): Result {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const result = make();
  if (memory.size >= 10_000) memory.clear();
  memory.set(key, result);
  return result;
}
