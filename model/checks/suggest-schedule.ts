import { type CalendarEvent, largestGap } from "../values";

/** From rare to frequent; in UTC where the local clock would lose an hour once a year. */
const EVENTS = [12, 8, 6, 4, 3, 2, 1]
  .map((hours) => `0/${hours}:00`)
  .concat([30, 15, 10, 5, 1].map((minutes) => `*:0/${minutes}`));

/** The rarest even schedule whose largest gap is within an RPO of less than a day; undefined if none is. */
export function suggestSchedule(rpo: number, timeZone: string): string | undefined {
  for (const event of EVENTS) {
    for (const written of [event, `${event} UTC`]) if (largestGap(written as CalendarEvent, timeZone) <= rpo) return written;
  }
  return undefined;
}
