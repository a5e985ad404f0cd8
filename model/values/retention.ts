import type { CalendarEvent } from "./calendar-event";
import { previousRun } from "./schedule";
import { offsetAt } from "./time-zone";

/** keep-* counts of Proxmox; a count that is absent keeps nothing by that rule. All are >= 1. */
export interface Retention {
  readonly last?: number;
  readonly hourly?: number;
  readonly daily?: number;
  readonly weekly?: number;
  readonly monthly?: number;
  readonly yearly?: number;
}

const HOUR = 3_600_000;
const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** Weeks begin on Monday; 1970-01-05 was one. */
const MONDAY = 4 * DAY;

/** The start of the period that a wall-clock time lies in. Wall clocks are written as if they were UTC. */
type Period = (label: number) => number;

const hour: Period = (label) => label - modulo(label, HOUR);
const day: Period = (label) => label - modulo(label, DAY);

/** The rules in the order in which Proxmox applies them, each with the period of which it keeps the newest point. */
const RULES: readonly { readonly keep: keyof Retention; readonly period: Period }[] = [
  { keep: "last", period: (label) => label },
  { keep: "hourly", period: hour },
  { keep: "daily", period: day },
  { keep: "weekly", period: (label) => label - modulo(label - MONDAY, WEEK) },
  { keep: "monthly", period: (label) => Date.UTC(new Date(label).getUTCFullYear(), new Date(label).getUTCMonth(), 1) },
  { keep: "yearly", period: (label) => Date.UTC(new Date(label).getUTCFullYear(), 0, 1) },
];

/**
 * The recovery points that a prune keeps, newest first, by the rules of Proxmox: rule after rule, each from the newest point
 * to the oldest, keeps the newest point of a period that no earlier rule has a point in, until its count is reached.
 * No count at all keeps everything.
 * @param points instants in milliseconds since 1970, in any order
 */
export function prune(points: readonly number[], retention: Retention, timeZone: string): readonly number[] {
  const newestFirst = [...points].sort((one, other) => other - one);
  return keepsEverything(retention) ? newestFirst : select(newestFirst.values(), retention, timeZone);
}

/** How many recovery points there are at an instant, if the schedule has always run; Infinity if nothing is ever pruned. */
export function pointsKept(retention: Retention, schedule: CalendarEvent, timeZone: string, now: number): number {
  return keepsEverything(retention) ? Number.POSITIVE_INFINITY : steadyState(retention, schedule, timeZone, now).length;
}

/**
 * Age in milliseconds of the oldest recovery point at an instant, if the schedule has always run: as far back as a restore
 * can go. Infinity if nothing is ever pruned, 0 if there is no point.
 */
export function oldestRecoveryPoint(retention: Retention, schedule: CalendarEvent, timeZone: string, now: number): number {
  if (keepsEverything(retention)) return Number.POSITIVE_INFINITY;
  return now - (steadyState(retention, schedule, timeZone, now).at(-1) ?? now);
}

/**
 * The recovery points at an instant, newest first, if the schedule has always run. Undefined if nothing is ever pruned: there
 * is no end to them.
 */
export function recoveryPoints(
  retention: Retention,
  schedule: CalendarEvent,
  timeZone: string,
  now: number,
): readonly number[] | undefined {
  return keepsEverything(retention) ? undefined : steadyState(retention, schedule, timeZone, now);
}

/** A year with all its history before it; the schedule is looked at in UTC, so the clocks' changes play no part. */
const SAMPLE_FROM = Date.UTC(2040, 0, 1);
const SAMPLE_DAYS = 35;
const SAMPLE_MONTHS = 24;

const spacings = new Map<string, number>();

/**
 * The largest distance between the newest recovery point and the one before it, in milliseconds: what more is lost when the
 * newest turns out to be unusable. It is worst at the end of a day, week, month or year, when the newest point of a period
 * has just replaced all others in it. Infinity if only one point is kept.
 */
export function largestPointDistance(retention: Retention, schedule: CalendarEvent): number {
  if (keepsEverything(retention)) return 0;
  const key = `${schedule} ${JSON.stringify(retention)}`;
  let largest = spacings.get(key);
  if (largest === undefined) {
    const ends = [
      ...Array.from({ length: SAMPLE_DAYS }, (_, day) => SAMPLE_FROM + (day + 1) * DAY),
      ...Array.from({ length: SAMPLE_MONTHS }, (_, month) => Date.UTC(2040, month + 1, 1)),
    ];
    largest = Math.max(...ends.map((end) => distanceAt(end, retention, schedule)));
    if (spacings.size >= 10_000) spacings.clear();
    spacings.set(key, largest);
  }
  return largest;
}

/** The finest rule keeps the newest point; the one before is the next point of that rule, or of the next rule if it keeps one only. */
function distanceAt(end: number, retention: Retention, schedule: CalendarEvent): number {
  const newest = previousRun(schedule, end, "UTC");
  if (newest === undefined) return 0;
  const [finest, next] = RULES.filter(({ keep }) => retention[keep] !== undefined);
  const rule = finest !== undefined && (retention[finest.keep] ?? 0) > 1 ? finest : next;
  const before = rule && previousRun(schedule, rule.period(newest), "UTC");
  return before === undefined ? Number.POSITIVE_INFINITY : newest - before;
}

function keepsEverything(retention: Retention): boolean {
  return RULES.every(({ keep }) => retention[keep] === undefined);
}

function steadyState(retention: Retention, schedule: CalendarEvent, timeZone: string, now: number): readonly number[] {
  return select(pastRuns(retention, schedule, timeZone, now), retention, timeZone);
}

/**
 * The runs before an instant, newest first, without those that no rule can tell from a newer one: beyond the counts of `last`
 * and `hourly` only the newest run of each day matters, since a day with a kept point is passed over by every later rule.
 */
function* pastRuns(retention: Retention, schedule: CalendarEvent, timeZone: string, now: number): Generator<number> {
  let run = previousRun(schedule, now + 1, timeZone);
  for (let count = retention.last ?? 0; count > 0 && run !== undefined; count -= 1) {
    yield run;
    run = previousRun(schedule, run, timeZone);
  }
  for (let count = retention.hourly ?? 0; count >= 0 && retention.hourly !== undefined && run !== undefined; count -= 1) {
    yield run;
    run = lastRunBefore(hour, schedule, run, timeZone);
  }
  while (run !== undefined) {
    yield run;
    run = lastRunBefore(day, schedule, run, timeZone);
  }
}

/** The newest run before the hour or day of a run, by the wall clock. */
function lastRunBefore(period: Period, schedule: CalendarEvent, run: number, timeZone: string): number | undefined {
  const labelOf = (instant: number) => instant + offsetAt(timeZone, instant);
  const label = labelOf(run);
  const start = run - (label - period(label));
  // A change of the clocks in this period moves its start by some hours; the loop finds it from behind.
  const changed = offsetAt(timeZone, start - 1) !== offsetAt(timeZone, run);
  let before = previousRun(schedule, changed ? Math.min(run, start + 3 * HOUR) : start, timeZone);
  while (before !== undefined && labelOf(before) >= period(label)) before = previousRun(schedule, before, timeZone);
  return before;
}

/** The marks of Proxmox's prune over points that come newest first; draws no more of them than the rules look at. */
function select(newestFirst: Iterator<number>, retention: Retention, timeZone: string): readonly number[] {
  const points: number[] = [];
  const labels: number[] = [];
  const marks: ("keep" | "remove" | undefined)[] = [];
  const at = (index: number): number | undefined => {
    if (index < points.length) return points[index];
    const { done, value } = newestFirst.next();
    if (done) return undefined;
    points.push(value);
    labels.push(value + offsetAt(timeZone, value));
    return value;
  };
  for (const { keep, period } of RULES) {
    const count = retention[keep];
    if (count === undefined) continue;
    const periodAt = (index: number) => period(labels[index] ?? 0);
    const covered = new Set(points.flatMap((_, index) => (marks[index] === "keep" ? [periodAt(index)] : [])));
    const kept = new Set<number>();
    for (let index = 0; at(index) !== undefined; index += 1) {
      if (marks[index] !== undefined || covered.has(periodAt(index))) continue;
      const known = kept.has(periodAt(index));
      if (!known && kept.size >= count) break;
      kept.add(periodAt(index));
      marks[index] = known ? "remove" : "keep";
    }
  }
  return points.filter((_, index) => marks[index] === "keep");
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
