import { DateTime } from "luxon";
import { nextEvent, parseCalendarEvent } from "../../lab/calendar-event";

const at = (text: string, zone = "Europe/Paris") => DateTime.fromISO(text, { zone }).toSeconds();
const next = (event: string, from: string, zone = "Europe/Paris") => {
  const found = nextEvent(parseCalendarEvent(event), at(from, zone), zone);
  return found === undefined ? undefined : DateTime.fromSeconds(found, { zone }).toFormat("yyyy-MM-dd HH:mm:ss");
};

describe("calendar events as the devices read them", () => {
  test.each([
    ["0 */4 * * *", "' */4 * * *' - Nom(Eof)"],
    ["daily 02:30", "'daily' - Context(\"weekday\")"],
    ["blursday", "'blursday' - Context(\"weekday\")"],
    ["mon,blursday", "',blursday' - Nom(Eof)"],
    ["noon", "'noon' - Context(\"weekday\")"],
    ["?", "'?' - Context(\"date or time specification\")"],
    ["*/0", "'/0' - Nom(Eof)"],
    ["12:00 trailing", "' trailing' - Nom(Eof)"],
  ])("refuses %s in the devices' words", (text, words) => {
    expect(() => parseCalendarEvent(text)).toThrow(`unable to parse calendar event at ${words}`);
  });

  test.each([
    ["21:00", "2026-11-21T12:00", "2026-11-21 21:00:00"],
    ["21:00", "2026-11-21T21:00", "2026-11-22 21:00:00"],
    ["0/4:00", "2026-11-21T12:00", "2026-11-21 16:00:00"],
    ["*/4:00", "2026-11-21T21:00", "2026-11-22 00:00:00"],
    ["sat 06:00", "2026-11-21T06:00", "2026-11-28 06:00:00"],
    ["mon..fri 8..10:0/30", "2026-11-20T10:30", "2026-11-23 08:00:00"],
    ["sat..mon 5:00", "2026-11-24T00:00", "2026-11-28 05:00:00"],
    ["monthly", "2026-11-21T12:00", "2026-12-01 00:00:00"],
    ["quarterly", "2026-11-21T12:00", "2027-01-01 00:00:00"],
    ["*-02-29 03:00", "2026-11-21T12:00", "2028-02-29 03:00:00"],
    ["2027-3-5", "2026-11-21T12:00", "2027-03-05 00:00:00"],
    ["25:00", "2026-11-21T12:00", "2026-11-21 12:25:00"],
    ["hourly", "2026-11-21T12:00", "2026-11-21 13:00:00"],
    // The day of the change to winter time has 25 hours.
    ["daily", "2026-10-25T12:00", "2026-10-26 00:00:00"],
  ])("%s after %s is %s", (event, from, expected) => {
    expect(next(event, from)).toBe(expected);
  });

  test("an event in UTC ignores the node's time zone", () => {
    expect(next("daily UTC", "2026-11-21T12:00")).toBe("2026-11-22 01:00:00");
  });

  test("an event that can never come again has no next run", () => {
    expect(next("2020-01-01", "2026-11-21T12:00")).toBeUndefined();
    expect(next("02-30 00:00", "2026-11-21T12:00")).toBeUndefined();
  });
});
