import { didYouMean } from "../did-you-mean";
import { type Parsed, throwing } from "./parsed";

/**
 * Wall clocks as numbers: a label is a wall-clock time written as if it were UTC, in milliseconds.
 * A stretch of time with one offset is a segment; in it, instant = label - offset.
 */
export interface Segment {
  /** First instant, in milliseconds since 1970. */
  readonly start: number;
  /** Milliseconds that the wall clock is ahead of UTC. */
  readonly offset: number;
  /**
   * First and end label that a job can run at in this segment. Labels that the clock skips in spring belong to no
   * segment; labels that it shows twice in autumn belong to the first one alone, as the scheduler of PVE and PBS
   * computes its next run from the wall clock and never goes back.
   */
  readonly firstLabel: number;
  readonly endLabel: number;
}

/** Reads the name of a time zone as the devices write it: `Europe/Paris`, `UTC`. */
export function parseTimeZone(text: string): Parsed<string> {
  if (text === "UTC" || (/^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)+$/.test(text) && isZone(text))) return { value: text };
  const guess = didYouMean(text, Intl.supportedValuesOf("timeZone"));
  return { problem: { what: `"${text}" is no time zone${guess}`, repair: 'write an IANA name, like "Europe/Paris" or "UTC"' } };
}

/** Reads the name of a time zone or throws a `UserError`. */
export const timeZone = throwing(parseTimeZone, "time zone");

const DAY = 86_400_000;
const QUARTER = 900_000;
/** Offsets are compared at this distance. Two changes are further apart in every zone; the closest are those around Ramadan. */
const PROBE = 25 * DAY;

interface Change {
  readonly instant: number;
  readonly before: number;
  readonly after: number;
}

interface Year {
  /** At its first instant in UTC. */
  readonly offset: number;
  readonly changes: readonly Change[];
}

const years = new Map<string, Map<number, Year>>();

const UTC_YEAR: Year = { offset: 0, changes: [] };

/** The segments from the one that holds `from` on; the last one is endless where the zone's clock is never changed again. */
export function* segments(timeZone: string, from: number): Generator<Segment> {
  let year = new Date(from).getUTCFullYear();
  let { offset } = yearOf(timeZone, year);
  let start = Number.NEGATIVE_INFINITY;
  let firstLabel = Number.NEGATIVE_INFINITY;
  for (; ; year += 1) {
    for (const change of yearOf(timeZone, year).changes) {
      const endLabel = change.instant + change.before;
      if (change.instant > from) yield { start, offset, firstLabel, endLabel };
      ({ instant: start, after: offset } = change);
      firstLabel = Math.max(endLabel, change.instant + change.after);
    }
    if (isFixed(timeZone, year)) {
      yield { start, offset, firstLabel, endLabel: Number.POSITIVE_INFINITY };
      return;
    }
  }
}

/** Milliseconds that the zone's wall clock is ahead of UTC at an instant. */
export function offsetAt(timeZone: string, instant: number): number {
  const { offset, changes } = yearOf(timeZone, new Date(instant).getUTCFullYear());
  let current = offset;
  for (const change of changes) if (change.instant <= instant) current = change.after;
  return current;
}

/** An instant on the wall clock of a zone, to the minute: `2026-10-25 21:00`. */
export function readableTime(instant: number, timeZone: string): string {
  return new Date(instant + offsetAt(timeZone, instant)).toISOString().slice(0, 16).replace("T", " ");
}

/** The instant at which a job of this label runs; undefined for a label that the clock skips. */
export function instantOf(label: number, timeZone: string): number | undefined {
  const before = offsetAt(timeZone, label - DAY);
  if (before === offsetAt(timeZone, label + DAY)) return label - before;
  for (const segment of segments(timeZone, label - DAY)) {
    if (label < segment.firstLabel) return undefined;
    if (label < segment.endLabel) return label - segment.offset;
  }
  return undefined;
}

/** Whether the zone's clock is not changed in a year and the next ones, as far as the zone's rules say. */
function isFixed(timeZone: string, year: number): boolean {
  return [year, year + 1, year + 2].every((each) => yearOf(timeZone, each).changes.length === 0);
}

function yearOf(timeZone: string, year: number): Year {
  if (timeZone === "UTC") return UTC_YEAR;
  let ofZone = years.get(timeZone);
  if (ofZone === undefined) {
    ofZone = new Map();
    years.set(timeZone, ofZone);
  }
  let known = ofZone.get(year);
  if (known === undefined) {
    known = lookUpYear(timeZone, year);
    ofZone.set(year, known);
  }
  return known;
}

function lookUpYear(timeZone: string, year: number): Year {
  const offset = offsetReader(timeZone);
  const start = Date.UTC(year, 0, 1);
  const end = Date.UTC(year + 1, 0, 1);
  const first = offset(start);
  const changes: Change[] = [];
  let before = first;
  for (let from = start; from < end; from += PROBE) {
    const to = Math.min(from + PROBE, end);
    const after = offset(to);
    if (after !== before)
      changes.push({ instant: changeBetween(from, to, (instant) => offset(instant) === before), before, after });
    before = after;
  }
  return { offset: first, changes };
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Reads the offset from the wall clock that Intl shows. */
function offsetReader(timeZone: string): (instant: number) => number {
  const clock = clocks.get(timeZone) ?? wallClock(timeZone);
  clocks.set(timeZone, clock);
  return (instant) => {
    const [month, day, year, hour, minute, second] = (clock.format(instant).match(/\d+/g) ?? []).map(Number);
    if (month === undefined) throw new RangeError(`no wall clock for ${timeZone}`);
    return Date.UTC(year ?? 0, month - 1, day, hour, minute, second) - instant;
  };
}

/** @throws RangeError for an unknown zone */
function wallClock(timeZone: string): Intl.DateTimeFormat {
  const two = "2-digit";
  return new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: two,
    day: two,
    hour: two,
    minute: two,
    second: two,
  });
}

function isZone(text: string): boolean {
  try {
    clocks.set(text, clocks.get(text) ?? wallClock(text));
    return true;
  } catch {
    return false;
  }
}

/** The quarter of an hour from which `isBefore` no longer holds, by halving: clocks change on a quarter of an hour of UTC. */
function changeBetween(from: number, to: number, isBefore: (instant: number) => boolean): number {
  let low = from;
  let high = to;
  while (high - low > QUARTER) {
    const middle = low + Math.floor((high - low) / 2 / QUARTER) * QUARTER;
    if (isBefore(middle)) low = middle;
    else high = middle;
  }
  return high;
}
