import type { Branded } from "./brand";
import { readCalendarPlan } from "./calendar-grammar";
import { type Parsed, throwing } from "./parsed";

/** Hours of the day on days of the week in which a traffic limit holds: `8-18`, `mon..fri 8:30-18:00`. */
export type Timeframe = Branded<string, "Timeframe">;

const SHAPE = /^(?:([A-Za-z][A-Za-z.,]*)[ \t]*)?(\d+)(?::(\d+))?[ \t]*-[ \t]*(\d+)(?::(\d+))?$/;

/** Reads a timeframe as PBS does: an end before the start, and so a frame over midnight, is refused. */
export function parseTimeframe(text: string): Parsed<Timeframe> {
  const [, days, fromHour, fromMinute = "0", toHour, toMinute = "0"] = SHAPE.exec(text) ?? [];
  const clock = (hour: string | undefined, minute: string) =>
    Number(hour) <= 23 && Number(minute) <= 59 ? Number(hour) * 60 + Number(minute) : Number.NaN;
  const from = clock(fromHour, fromMinute);
  const to = clock(toHour, toMinute);
  if (from <= to && (days === undefined || readCalendarPlan(days)?.weekdays !== undefined)) return { value: text as Timeframe };
  return {
    problem: {
      what: `"${text}" is no timeframe`,
      repair:
        from > to
          ? "a timeframe ends on the day it begins: write two, one to 23:59 and one from 0:00"
          : 'write days and hours like "mon..fri 8-18" or "8:30-12"',
    },
  };
}

/** Reads a timeframe or throws a `UserError`. */
export const timeframe = throwing(parseTimeframe, "timeframe");
