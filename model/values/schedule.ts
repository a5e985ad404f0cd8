import { type CalendarEvent, calendarPlan } from "./calendar-event";
import type { CalendarPlan } from "./calendar-grammar";
import { instantOf, offsetAt, segments } from "./time-zone";

const DAY = 86_400_000;

/** How far ahead a run is looked for; days of the week and leap years repeat after 28 years. */
const HORIZON = 40 * 366 * DAY;

/** The next run strictly after an instant (milliseconds since 1970), or undefined if there is none within 40 years. */
export function nextRun(event: CalendarEvent, after: number, timeZone: string): number | undefined {
  const timetable = timetableOf(event);
  // No zone is a day ahead of or behind UTC, so this is at or before the run's label: the years between need no time zone.
  const near = timetable.next(after - DAY, after + HORIZON);
  if (near === undefined) return undefined;
  for (const segment of segments(timetable.utc ? "UTC" : timeZone, Math.max(after, near - DAY))) {
    if (segment.start > after + HORIZON) return undefined;
    const from = Math.max(segment.firstLabel, after + segment.offset + 1);
    const label = timetable.next(from, Math.min(segment.endLabel, after + segment.offset + HORIZON));
    if (label !== undefined) return label - segment.offset;
  }
  return undefined;
}

/** The last run strictly before an instant, or undefined if there was none within 40 years. */
export function previousRun(event: CalendarEvent, before: number, timeZone: string): number | undefined {
  const timetable = timetableOf(event);
  const zone = timetable.utc ? "UTC" : timeZone;
  // Around a change the wall clock may have shown a later label already; those that were not yet reached are passed over.
  let end = before + Math.max(offsetAt(zone, before - DAY), offsetAt(zone, before + DAY), offsetAt(zone, before));
  for (;;) {
    const label = timetable.previous(end, before - HORIZON);
    if (label === undefined) return undefined;
    const instant = instantOf(label, zone);
    if (instant !== undefined && instant < before) return instant;
    end = label;
  }
}

/** All runs strictly after an instant, in order; ends where the event has no further run. */
export function* runs(event: CalendarEvent, after: number, timeZone: string): Generator<number> {
  for (let run = nextRun(event, after, timeZone); run !== undefined; run = nextRun(event, run, timeZone)) yield run;
}

/**
 * The years over which the largest gap is taken: fixed, so that the same site gives the same answer every day. Without a date
 * in the event every year has the same gaps; with one, days of the week and leap years repeat after 28 years.
 */
const GAP_FROM_YEAR = 2026;
const GAP_YEARS = 3;
const GAP_YEARS_WITH_DATE = 28;

/** Whether the event runs again and again, and not only up to some year or never (`02-30`). */
export function recurs(event: CalendarEvent): boolean {
  const timetable = timetableOf(event);
  const from = Date.UTC(GAP_FROM_YEAR, 0, 1);
  return timetable.lastYear >= GAP_FROM_YEAR + GAP_YEARS_WITH_DATE && timetable.next(from, from + HORIZON) !== undefined;
}

interface Gap {
  readonly length: number;
  /** First run of the day on which the gap begins, or the gap's own beginning. */
  readonly day: number;
}

const gaps = new Map<string, Gap>();

const NO_RUN: Gap = { length: Number.POSITIVE_INFINITY, day: 0 };

/**
 * The longest time between two runs that follow each other, in milliseconds, the days when the clocks change included.
 * Infinity for an event that never runs or that stops running (`2026-12-24 22:00`).
 */
export function largestGap(event: CalendarEvent, timeZone: string): number {
  return gapOf(event, timeZone).length;
}

/** Two runs with the largest gap between them. @throws RangeError if the largest gap is infinite */
export function gapExample(event: CalendarEvent, timeZone: string): readonly [from: number, to: number] {
  const { length, day } = gapOf(event, timeZone);
  let previous = Number.NaN;
  for (const run of length === Number.POSITIVE_INFINITY ? [] : runs(event, day - 1, timeZone)) {
    if (run - previous === length) return [previous, run];
    previous = run;
  }
  throw new RangeError(`no end of a gap in ${event}`);
}

function gapOf(event: CalendarEvent, timeZone: string): Gap {
  const timetable = timetableOf(event);
  const key = timetable.utc ? event : `${event} ${timeZone}`;
  let gap = gaps.get(key);
  if (gap === undefined) {
    gap = computeGap(timetable, timetable.utc ? "UTC" : timeZone);
    if (gaps.size >= 10_000) gaps.clear();
    gaps.set(key, gap);
  }
  return gap;
}

function computeGap(timetable: Timetable, timeZone: string): Gap {
  const endYear = GAP_FROM_YEAR + (timetable.hasDate ? GAP_YEARS_WITH_DATE : GAP_YEARS);
  if (timetable.lastYear < endYear) return NO_RUN;
  const from = Date.UTC(GAP_FROM_YEAR, 0, 1);
  const to = Date.UTC(endYear, 0, 1);
  let largest: Gap = { length: 0, day: 0 };
  let previous: number | undefined;
  for (const segment of segments(timeZone, from)) {
    if (segment.start >= to) break;
    const first = Math.max(segment.firstLabel, from + segment.offset);
    const end = Math.min(segment.endLabel, to + segment.offset);
    for (const [windowStart, windowEnd] of windows(timetable, first, end)) {
      if (windowStart > first) previous = undefined;
      for (const [earliest, latest, within] of timetable.days(windowStart, windowEnd)) {
        const day = earliest - segment.offset;
        if (within > largest.length) largest = { length: within, day };
        if (previous !== undefined && day - previous > largest.length) largest = { length: day - previous, day: previous };
        previous = latest - segment.offset;
      }
    }
  }
  return previous === undefined ? NO_RUN : largest;
}

/** Two weeks and a day: so much holds every gap of an event that only knows days of the week, wherever in a day it begins. */
const EVERY_GAP = 15 * DAY;

/** The parts of a segment that hold all of its gaps: where every week is like the others, its beginning and its end. */
function windows(timetable: Timetable, first: number, end: number): (readonly [start: number, end: number])[] {
  if (timetable.hasDate || end - first <= 2 * EVERY_GAP) return [[first, end]];
  return [
    [first, first + EVERY_GAP],
    [end - EVERY_GAP, end],
  ];
}

/** An event as a set of days and the ascending times of each such day. */
class Timetable {
  readonly utc: boolean;
  /** Whether the event runs on some dates only, apart from days of the week. */
  readonly hasDate: boolean;
  /** The last year in which it can run. */
  readonly lastYear: number;
  readonly #times: readonly number[];
  readonly #largestWithinDay: number;
  readonly #weekdays: ReadonlySet<number> | undefined;
  readonly #days: ReadonlySet<number> | undefined;
  /** The last day of a month on which it may run. */
  readonly #lastDay: number | undefined;
  readonly #months: ReadonlySet<number> | undefined;
  readonly #years: ReadonlySet<number> | undefined;

  constructor(plan: CalendarPlan) {
    this.utc = plan.utc;
    this.hasDate = plan.days !== undefined || plan.months !== undefined || plan.years !== undefined;
    this.lastYear = plan.years === undefined ? Number.POSITIVE_INFINITY : Math.max(...plan.years);
    this.#times = timesOf(plan);
    this.#largestWithinDay = largestDistance(this.#times, 0, this.#times.length);
    this.#weekdays = plan.weekdays && new Set(plan.weekdays);
    this.#days = plan.days && new Set(plan.days);
    this.#lastDay = plan.days && Math.max(...plan.days);
    this.#months = plan.months && new Set(plan.months);
    this.#years = plan.years && new Set(plan.years);
  }

  /** The first label in [from, end). */
  next(from: number, end: number): number | undefined {
    for (const day of this.#runningDays(from, end)) {
      const time = this.#times[firstIndex(this.#times, from - day)];
      if (time !== undefined) return day + time < end ? day + time : undefined;
    }
    return undefined;
  }

  /** The last label in [from, end). */
  previous(end: number, from: number): number | undefined {
    for (let day = Math.ceil(end / DAY) * DAY - DAY; day > from - DAY; day -= DAY) {
      if (!this.#runsOn(day)) continue;
      const time = this.#times[firstIndex(this.#times, end - day) - 1];
      if (time !== undefined) return day + time >= from ? day + time : undefined;
    }
    return undefined;
  }

  /** Per day with runs in [from, end): its first and last label, and the largest distance between two of its runs. */
  *days(from: number, end: number): Generator<readonly [first: number, last: number, within: number]> {
    for (const day of this.#runningDays(from, end)) {
      const low = day < from ? firstIndex(this.#times, from - day) : 0;
      const high = day + DAY > end ? firstIndex(this.#times, end - day) : this.#times.length;
      const first = this.#times[low];
      const last = this.#times[high - 1];
      if (low >= high || first === undefined || last === undefined) continue;
      const whole = low === 0 && high === this.#times.length;
      yield [day + first, day + last, whole ? this.#largestWithinDay : largestDistance(this.#times, low, high)];
    }
  }

  /** The days on which it runs, from the one that holds `from` on. Years and months without any are passed over at once. */
  *#runningDays(from: number, end: number): Generator<number> {
    for (let day = Math.floor(from / DAY) * DAY; day < end; ) {
      if (this.#runsOn(day)) yield day;
      const next = day + DAY;
      day = this.hasDate ? this.#possibleFrom(next) : next;
    }
  }

  /** The first day from a day on in whose year and month it runs. */
  #possibleFrom(day: number): number {
    const date = new Date(day);
    const year = date.getUTCFullYear();
    const month = date.getUTCMonth();
    if (this.#years?.has(year) === false) return Date.UTC(year + 1, 0, 1);
    if (this.#months?.has(month + 1) === false) return Date.UTC(year, month + 1, 1);
    const isOver = this.#lastDay !== undefined && date.getUTCDate() > this.#lastDay;
    return isOver ? Date.UTC(year, month + 1, 1) : day;
  }

  #runsOn(day: number): boolean {
    // Day 0, 1970-01-01, was a Thursday.
    if (this.#weekdays !== undefined && !this.#weekdays.has((((day / DAY + 3) % 7) + 7) % 7)) return false;
    if (this.#days === undefined && this.#months === undefined && this.#years === undefined) return true;
    const date = new Date(day);
    return (
      (this.#days?.has(date.getUTCDate()) ?? true) &&
      (this.#months?.has(date.getUTCMonth() + 1) ?? true) &&
      (this.#years?.has(date.getUTCFullYear()) ?? true)
    );
  }
}

const timetables = new Map<CalendarEvent, Timetable>();

function timetableOf(event: CalendarEvent): Timetable {
  let timetable = timetables.get(event);
  if (timetable === undefined) {
    timetable = new Timetable(calendarPlan(event));
    if (timetables.size >= 1_000) timetables.clear();
    timetables.set(event, timetable);
  }
  return timetable;
}

function timesOf(plan: CalendarPlan): readonly number[] {
  const every = (count: number) => Array.from({ length: count }, (_, index) => index);
  const times: number[] = [];
  for (const hour of plan.hours ?? every(24)) {
    for (const minute of plan.minutes ?? every(60)) {
      for (const second of plan.seconds ?? every(60)) times.push(((hour * 60 + minute) * 60 + second) * 1_000);
    }
  }
  return times;
}

/** Index of the first time that is not below `from`. */
function firstIndex(times: readonly number[], from: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function largestDistance(times: readonly number[], low: number, high: number): number {
  let largest = 0;
  for (let index = low + 1; index < high; index += 1) {
    largest = Math.max(largest, (times[index] ?? 0) - (times[index - 1] ?? 0));
  }
  return largest;
}
