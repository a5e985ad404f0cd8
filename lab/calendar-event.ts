import { DateTime } from "luxon";
import { ANY, type Field, field, fits, nextValue, type Parsed, single } from "./calendar-field";

/** A calendar event as the devices read it. */
export interface CalendarSpec {
  readonly utc: boolean;
  /** 1 Monday to 7 Sunday; empty stands for every day. */
  readonly weekdays: readonly number[];
  readonly year: Field;
  readonly month: Field;
  readonly day: Field;
  readonly hour: Field;
  readonly minute: Field;
  readonly second: Field;
}

/** The devices' own words: where the text stopped making sense, and which rule it broke. */
export class CalendarEventFault extends Error {
  constructor(rest: string, rule: string) {
    super(`unable to parse calendar event at '${rest}' - ${rule}`);
  }
}

const ZERO: Field = [single(0)];
const MIDNIGHT = { utc: false, weekdays: [], year: ANY, month: ANY, day: ANY, hour: ZERO, minute: ZERO, second: ZERO } as const;
const FIRST: Field = [single(1)];

const KEYWORDS: Readonly<Record<string, CalendarSpec>> = {
  minutely: { ...MIDNIGHT, hour: ANY, minute: ANY },
  hourly: { ...MIDNIGHT, hour: ANY },
  daily: MIDNIGHT,
  weekly: { ...MIDNIGHT, weekdays: [1] },
  monthly: { ...MIDNIGHT, day: FIRST },
  quarterly: { ...MIDNIGHT, day: FIRST, month: [1, 4, 7, 10].map(single) },
  semiannually: { ...MIDNIGHT, day: FIRST, month: [1, 7].map(single) },
  "semi-annually": { ...MIDNIGHT, day: FIRST, month: [1, 7].map(single) },
  yearly: { ...MIDNIGHT, day: FIRST, month: FIRST },
  annually: { ...MIDNIGHT, day: FIRST, month: FIRST },
};

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/**
 * Reads a calendar event with the grammar of both devices, `[WEEKDAY] [[YEAR-]MONTH-DAY] [[HOUR:]MINUTE[:SECOND]]`.
 * It is as lenient as theirs: `25:00` is minute 25, second 0.
 * @throws CalendarEventFault with the devices' error text
 */
export function parseCalendarEvent(text: string): CalendarSpec {
  const utc = text.endsWith("UTC");
  let rest = utc ? text.slice(0, -3).replace(/ +$/, "") : text;
  const keyword = KEYWORDS[rest];
  if (keyword !== undefined) return { ...keyword, utc };
  let spec: CalendarSpec = { ...MIDNIGHT, utc };
  let found = false;
  if (/^[a-zA-Z]/.test(rest)) {
    const [weekdays, after] = weekdayList(rest);
    spec = { ...spec, weekdays };
    rest = withoutSpace(after);
    found = true;
  }
  const date = dateSpec(rest);
  if (date !== undefined) {
    spec = { ...spec, ...date[0] };
    rest = withoutSpace(date[1]);
    found = true;
  }
  const time = timeSpec(rest);
  if (time !== undefined) {
    spec = { ...spec, ...time[0] };
    rest = time[1];
  } else if (!found) {
    throw new CalendarEventFault(rest, 'Context("date or time specification")');
  }
  if (rest !== "") throw new CalendarEventFault(rest, "Nom(Eof)");
  return spec;
}

/**
 * The next run strictly after `last`.
 * @param last seconds since 1970
 * @param zone time zone of the node that runs the event (`Europe/Paris`)
 * @returns seconds since 1970; undefined where there is none any more
 */
export function nextEvent(spec: CalendarSpec, last: number, zone: string): number | undefined {
  let at: DateTime = DateTime.fromSeconds(last + 1, { zone: spec.utc ? "UTC" : zone });
  // Bounded as in the devices: an event that can never come is given up.
  for (let tries = 0; tries <= 1000; tries++) {
    const later = firstMismatch(spec, at);
    if (later === "never") return undefined;
    if (later === undefined) return Math.floor(at.toSeconds());
    at = later;
  }
  return undefined;
}

/** Where to look next because a field does not fit; undefined where all fit. */
function firstMismatch(spec: CalendarSpec, at: DateTime): DateTime | "never" | undefined {
  if (!fits(spec.year, at.year)) {
    const year = nextValue(spec.year, at.year);
    return year === undefined ? "never" : at.set({ year }).startOf("year");
  }
  if (!fits(spec.month, at.month)) {
    const month = nextValue(spec.month, at.month);
    return month === undefined || month > 12 ? at.plus({ years: 1 }).startOf("year") : at.set({ day: 1, month }).startOf("month");
  }
  if (!fits(spec.day, at.day)) {
    const day = nextValue(spec.day, at.day);
    const next = day === undefined || day > (at.daysInMonth ?? 31) ? at.startOf("month").plus({ months: 1 }) : at.set({ day });
    return next.startOf("day");
  }
  if (spec.weekdays.length > 0 && !spec.weekdays.includes(at.weekday)) return at.plus({ days: 1 }).startOf("day");
  if (!fits(spec.hour, at.hour)) {
    const hour = nextValue(spec.hour, at.hour);
    return hour === undefined || hour > 23 ? at.plus({ days: 1 }).startOf("day") : at.set({ hour, minute: 0, second: 0 });
  }
  if (!fits(spec.minute, at.minute)) {
    const minute = nextValue(spec.minute, at.minute);
    return minute === undefined || minute > 59 ? at.startOf("hour").plus({ hours: 1 }) : at.set({ minute, second: 0 });
  }
  if (!fits(spec.second, at.second)) {
    const second = nextValue(spec.second, at.second);
    return second === undefined || second > 59 ? at.startOf("minute").plus({ minutes: 1 }) : at.set({ second });
  }
  return undefined;
}

function withoutSpace(text: string): string {
  return text.replace(/^[ \t]+/, "");
}

function weekdayList(text: string): [readonly number[], string] {
  let [days, rest] = weekdayRange(text);
  while (rest.startsWith(",")) {
    try {
      const [more, after] = weekdayRange(rest.slice(1));
      days = [...new Set([...days, ...more])];
      rest = after;
    } catch (error) {
      // The devices then stop before the comma, and it is the rest that they complain about.
      if (error instanceof CalendarEventFault) break;
      throw error;
    }
  }
  return [days, rest];
}

function weekdayRange(text: string): [readonly number[], string] {
  const [first, rest] = weekday(text);
  if (!rest.startsWith("..") || weekdayNumber(rest.slice(2)) === undefined) return [[first], rest];
  const [last, after] = weekday(rest.slice(2));
  const length = ((last - first + 7) % 7) + 1;
  return [Array.from({ length }, (_, index) => ((first - 1 + index) % 7) + 1), after];
}

function weekday(text: string): [number, string] {
  const number = weekdayNumber(text);
  const word = letters(text);
  if (number === undefined)
    throw new CalendarEventFault(word === "" ? text : word, word === "" ? "Nom(Alpha)" : 'Context("weekday")');
  return [number, text.slice(word.length)];
}

function weekdayNumber(text: string): number | undefined {
  const word = letters(text).toLowerCase();
  const index = WEEKDAYS.findIndex((day) => day === word || day.slice(0, 3) === word);
  return index < 0 ? undefined : index + 1;
}

function letters(text: string): string {
  return /^[a-zA-Z]*/.exec(text)?.[0] ?? "";
}

function dateSpec(text: string): Parsed<Pick<CalendarSpec, "year" | "month" | "day">> {
  const [year, afterYear] = field(text, 0, 2200) ?? [];
  const withYear = afterYear?.startsWith("-") ? monthAndDay(afterYear.slice(1)) : undefined;
  if (year !== undefined && withYear !== undefined) return [{ year, ...withYear[0] }, withYear[1]];
  const withoutYear = monthAndDay(text);
  return withoutYear === undefined ? undefined : [{ year: ANY, ...withoutYear[0] }, withoutYear[1]];
}

function monthAndDay(text: string): Parsed<Pick<CalendarSpec, "month" | "day">> {
  const [month, afterMonth] = field(text, 1, 13) ?? [];
  if (month === undefined || !afterMonth?.startsWith("-")) return undefined;
  const [day, rest] = field(afterMonth.slice(1), 1, 32) ?? [];
  return day === undefined || rest === undefined ? undefined : [{ month, day }, rest];
}

function timeSpec(text: string): Parsed<Pick<CalendarSpec, "hour" | "minute" | "second">> {
  const hours = field(text, 0, 24);
  const hasHour = hours?.[1].startsWith(":") ?? false;
  const minutes = field(hasHour && hours !== undefined ? hours[1].slice(1) : text, 0, 60);
  if (minutes === undefined) return undefined;
  const seconds = minutes[1].startsWith(":") ? field(minutes[1].slice(1), 0, 60) : undefined;
  const hour = hasHour && hours !== undefined ? hours[0] : ANY;
  return [{ hour, minute: minutes[0], second: seconds?.[0] ?? ZERO }, seconds?.[1] ?? minutes[1]];
}
