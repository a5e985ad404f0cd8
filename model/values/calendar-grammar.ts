/**
 * Grammar of calendar events, written after the behaviour of the parser that PBS and PVE share (proxmox-time):
 * `[WEEKDAYS] [[YEARS-]MONTHS-DAYS] [[HOURS:]MINUTES[:SECONDS]] [UTC]` or one of the named events.
 * It accepts and refuses what the devices do; what they accept but hardly anybody means is a warning, not a fault.
 */

/** The values that a field admits, ascending; undefined: every one. */
type Values = readonly number[] | undefined;

/** What a calendar event says, with lists, ranges and steps written out. */
export interface CalendarPlan {
  /** Evaluated in UTC whatever the time zone of the node. */
  readonly utc: boolean;
  /** 0 = Monday … 6 = Sunday. */
  readonly weekdays: Values;
  readonly years: Values;
  readonly months: Values;
  readonly days: Values;
  readonly hours: Values;
  readonly minutes: Values;
  readonly seconds: Values;
}

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const MIDNIGHT = { hours: [0], minutes: [0], seconds: [0] };
const ANY = { weekdays: undefined, years: undefined, months: undefined, days: undefined, hours: undefined, minutes: undefined };

const NAMED: Readonly<Record<string, Omit<CalendarPlan, "utc">>> = {
  minutely: { ...ANY, seconds: [0] },
  hourly: { ...ANY, minutes: [0], seconds: [0] },
  daily: { ...ANY, ...MIDNIGHT },
  weekly: { ...ANY, ...MIDNIGHT, weekdays: [0] },
  monthly: { ...ANY, ...MIDNIGHT, days: [1] },
  quarterly: { ...ANY, ...MIDNIGHT, days: [1], months: [1, 4, 7, 10] },
  semiannually: { ...ANY, ...MIDNIGHT, days: [1], months: [1, 7] },
  "semi-annually": { ...ANY, ...MIDNIGHT, days: [1], months: [1, 7] },
  yearly: { ...ANY, ...MIDNIGHT, days: [1], months: [1] },
  annually: { ...ANY, ...MIDNIGHT, days: [1], months: [1] },
};

/** Names of the events that are written as one word. */
export const NAMED_EVENTS: readonly string[] = Object.keys(NAMED);

/** Greatest year that the devices read. */
const LAST_YEAR = 2199;

const plans = new Map<string, CalendarPlan | undefined>();

/** The plan of a text, or undefined if the devices refuse it. */
export function readCalendarPlan(text: string): CalendarPlan | undefined {
  if (!plans.has(text)) {
    if (plans.size >= 10_000) plans.clear();
    plans.set(text, readPlan(text));
  }
  return plans.get(text);
}

function readPlan(text: string): CalendarPlan | undefined {
  const utc = text.endsWith("UTC");
  const rest = utc ? text.slice(0, -3).replace(/ +$/, "") : text;
  const named = Object.hasOwn(NAMED, rest) ? NAMED[rest] : undefined;
  if (named !== undefined) return { utc, ...named };

  const cursor = new Cursor(rest);
  const weekdays = /^[A-Za-z]/.test(rest) ? cursor.weekdays() : null;
  if (weekdays === undefined) return undefined;
  const date = cursor.date();
  const time = cursor.time();
  if (!cursor.atEnd || (weekdays === null && date === undefined && time === undefined)) return undefined;
  return {
    utc,
    weekdays: weekdays ?? undefined,
    ...(date ?? { years: undefined, months: undefined, days: undefined }),
    ...(time ?? MIDNIGHT),
  };
}

/** A place in the text. A method that finds nothing leaves the place where it was. */
class Cursor {
  #rest: string;

  constructor(text: string) {
    this.#rest = text;
  }

  get atEnd(): boolean {
    return this.#rest === "";
  }

  weekdays(): readonly number[] | undefined {
    const days = new Set<number>();
    do {
      const start = this.#weekday();
      if (start === undefined) return undefined;
      let day = start;
      const before = this.#rest;
      const end = this.#take("..") ? this.#weekday() : undefined;
      if (end === undefined) this.#rest = before;
      for (; end !== undefined && day !== end; day = (day + 1) % 7) days.add(day);
      days.add(day);
    } while (this.#take(","));
    this.#blanks();
    return [...days].sort((one, other) => one - other);
  }

  date(): Pick<CalendarPlan, "years" | "months" | "days"> | undefined {
    const full = this.#attempt(() => {
      const years = this.#values(0, LAST_YEAR);
      const months = years && this.#take("-") ? this.#values(1, 12) : undefined;
      const days = months && this.#take("-") ? this.#values(1, 31) : undefined;
      return years && months && days && { years: years.list, months: months.list, days: days.list };
    });
    const date =
      full ??
      this.#attempt(() => {
        const months = this.#values(1, 12);
        const days = months && this.#take("-") ? this.#values(1, 31) : undefined;
        return months && days && { years: undefined, months: months.list, days: days.list };
      });
    if (date !== undefined) this.#blanks();
    return date;
  }

  time(): Pick<CalendarPlan, "hours" | "minutes" | "seconds"> | undefined {
    return this.#attempt(() => {
      const hours = this.#attempt(() => {
        const found = this.#values(0, 23);
        return found && this.#take(":") ? found : undefined;
      });
      const minutes = this.#values(0, 59);
      if (minutes === undefined) return undefined;
      const seconds = this.#attempt(() => (this.#take(":") ? this.#values(0, 59) : undefined));
      return { hours: hours?.list, minutes: minutes.list, seconds: seconds === undefined ? [0] : seconds.list };
    });
  }

  /** One field: `*`, `*`/n, or a list of values, ranges and steps. */
  #values(first: number, last: number): { readonly list: Values } | undefined {
    return this.#attempt(() => {
      if (this.#take("*")) {
        const step = this.#attempt(() => (this.#take("/") ? this.#number(last) || undefined : undefined));
        return { list: step === undefined ? undefined : steps(first, last, step) };
      }
      const found = new Set<number>();
      do {
        const part = this.#attempt(() => this.#part(last));
        if (part === undefined) return undefined;
        for (const value of part) if (value >= first) found.add(value);
      } while (this.#take(","));
      return { list: [...found].sort((one, other) => one - other) };
    });
  }

  /** `a`, `a..b`, `a/n` or `a..b/n`; a step of 0 stands for no step. */
  #part(last: number): readonly number[] | undefined {
    const start = this.#number(last);
    if (start === undefined) return undefined;
    const end = this.#attempt(() => (this.#take("..") ? this.#number(last) : undefined));
    if (end !== undefined && start > end) return undefined;
    if (!this.#take("/")) return end === undefined ? [start] : steps(start, end, 1);
    const step = this.#number(last);
    if (step === undefined) return undefined;
    return step === 0 ? [start] : steps(start, end ?? last, step);
  }

  #number(last: number): number | undefined {
    const digits = /^\d+/.exec(this.#rest)?.[0];
    if (digits === undefined || Number(digits) > last) return undefined;
    this.#rest = this.#rest.slice(digits.length);
    return Number(digits);
  }

  #weekday(): number | undefined {
    const word = /^[A-Za-z]+/.exec(this.#rest)?.[0];
    if (word === undefined) return undefined;
    const name = word.toLowerCase();
    const day = WEEKDAYS.findIndex((full) => name === full || name === full.slice(0, 3));
    if (day < 0) return undefined;
    this.#rest = this.#rest.slice(word.length);
    return day;
  }

  #blanks(): void {
    this.#rest = this.#rest.replace(/^[ \t]+/, "");
  }

  #take(text: string): boolean {
    if (!this.#rest.startsWith(text)) return false;
    this.#rest = this.#rest.slice(text.length);
    return true;
  }

  #attempt<Result>(read: () => Result | undefined): Result | undefined {
    const before = this.#rest;
    const result = read();
    if (result === undefined) this.#rest = before;
    return result;
  }
}

function steps(first: number, last: number, step: number): readonly number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}
