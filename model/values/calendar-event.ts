import type { Branded } from "./brand";
import { type CalendarPlan, readCalendarPlan } from "./calendar-grammar";
import { repairCalendarText } from "./calendar-repair";
import { type Parsed, throwing } from "./parsed";

/** When a job runs, in the grammar that Proxmox VE and Proxmox Backup Server share: `0/4:00`, `mon..fri 22:00`, `daily`. */
export type CalendarEvent = Branded<string, "CalendarEvent">;

/** PVE's limit for a job's schedule (pve-9.1.8 schema). */
const LONGEST = 128;

/** Reads a calendar event exactly as the devices do; cron and other near misses are refused with what to write instead. */
export function parseCalendarEvent(text: string): Parsed<CalendarEvent> {
  if (text.length > LONGEST) {
    return {
      problem: {
        what: `the schedule has ${text.length} characters, more than the ${LONGEST} that Proxmox VE takes`,
        repair: 'write a shorter one, like "0/4:00"',
      },
    };
  }
  if (readCalendarPlan(text) !== undefined) return { value: text as CalendarEvent };
  return { problem: repairCalendarText(text) };
}

/** Reads a calendar event or throws a `UserError`. */
export const calendarEvent = throwing(parseCalendarEvent, "schedule");

/** The runs that an event describes, as sets of days and times. @throws RangeError for a text that no parser has accepted */
export function calendarPlan(event: CalendarEvent): CalendarPlan {
  const plan = readCalendarPlan(event);
  if (plan === undefined) throw new RangeError(`no calendar event: ${event}`);
  return plan;
}
