import { parseCalendarEvent } from "../calendar-event";

/** Hours of a day, with the weekdays where given: `mon..fri 8-18`. @returns the product's words for what is wrong */
export function dailyDurationFault(value: string): string | undefined {
  const [, days = "", hours = ""] = /^((?:[a-z.,]+)?)\s*(.*)$/i.exec(value) ?? [];
  const fault = (at: string, why: string) => `unable to parse daily duration at '${at}' - ${why}`;
  if (days !== "") {
    try {
      parseCalendarEvent(days);
    } catch {
      return fault(days, 'Context("weekday")');
    }
  }
  const [, start, end] = /^(\d+(?::\d+)?)\s*-\s*(\d+(?::\d+)?)$/.exec(hours) ?? [];
  if (start === undefined || end === undefined) return fault(hours, hours === "" ? "Nom(Digit)" : "Nom(Tag)");
  const [from, until] = [minutesOf(start), minutesOf(end)];
  if (from === undefined || until === undefined) return fault(hours, 'Context("time value too large")');
  return from > until ? fault(end, 'Context("end time before start time")') : undefined;
}

function minutesOf(time: string): number | undefined {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour < 24 && minute < 60 ? hour * 60 + minute : undefined;
}
