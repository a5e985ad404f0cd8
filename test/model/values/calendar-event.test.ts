import { calendarEvent, calendarWarnings, parseCalendarEvent, UserError } from "../../../model";

const repair = (text: string): string | undefined => {
  const parsed = parseCalendarEvent(text);
  return "problem" in parsed ? parsed.problem.repair : undefined;
};

describe("a calendar event is accepted as the devices accept it", () => {
  test.each([
    "minutely",
    "hourly",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "semiannually",
    "semi-annually",
    "yearly",
    "annually",
    "daily UTC",
    "0/4:00",
    "*/4:00",
    "0/4:00 UTC",
    "21:00",
    "2:5",
    "21:00:30",
    "*:0/15",
    "*:*:0/20",
    "8..18/2:0,30",
    "5,30:7",
    "mon",
    "MON",
    "monDay",
    "mon..fri 22:00",
    "fri..mon 22:00",
    "mon,wed..fri 06:00",
    "monday..Friday 22:00",
    "mon02:30",
    "sat *-*-1..7 06:00",
    "*-*-1",
    "*-*-1 03:00",
    "2026-*-*",
    "2026..2030-*-* 21:00",
    "*-1..3-*",
    "12-25",
    "*/2-*-*",
    "*-*/3-1",
    "2199-12-31",
    "22",
    "*/4",
    "*",
    // What follows is accepted, but is not what it seems; see the warnings.
    "24:00",
    "*/24:00",
  ])("%s", (text) => {
    expect(calendarEvent(text)).toBe(text);
  });
});

describe("a text that the devices refuse is refused", () => {
  test.each([
    "",
    " ",
    " 21:00",
    "21:00 ",
    "UTC",
    "utc",
    "21:60",
    "60",
    "21:00:60",
    "25:99",
    "1-13-1",
    "2026-13-01",
    "*-*-32",
    "2200-01-01",
    "18..8:00",
    "*/0",
    "*,5:00",
    "5,:00",
    "mo",
    "monx 21:00",
    "mon.. 21:00",
    "mon,21:00",
    "mon..fri,",
    "Daily",
    "daily 02:30",
    "hourly mon",
    "2026-01-01T10:00",
    "21h00",
    "21:00 UTC+1",
    "0 */4 * * *",
    "@daily",
  ])("%j", (text) => {
    expect(parseCalendarEvent(text)).toHaveProperty("problem");
    expect(() => calendarEvent(text)).toThrow(UserError);
  });

  test("the longest schedule that Proxmox VE takes has 128 characters", () => {
    const minutes = (length: number) => `*:0${",1".repeat((length - 3) / 2)}`.padEnd(length, "1");
    expect(minutes(127)).toHaveLength(127);
    expect(parseCalendarEvent(minutes(127))).toHaveProperty("value");
    expect(parseCalendarEvent(`${minutes(127)},1`)).toEqual({
      problem: expect.objectContaining({ what: expect.stringContaining("129 characters") }),
    });
  });
});

describe("cron is refused with the event to write", () => {
  test.each([
    ["0 */4 * * *", "0/4:00"],
    ["0 3 * * 0", "sun 03:00"],
    ["0 3 * * 7", "sun 03:00"],
    ["30 2 * * 1-5", "mon..fri 02:30"],
    ["30 2 * * mon-fri", "mon..fri 02:30"],
    ["0 22 * * *", "22:00"],
    ["*/15 * * * *", "*:0/15"],
    ["10 * * * *", "*:10"],
    ["0 */1 * * *", "*:00"],
    ["0 9-17/2 * * 1-5", "mon..fri 9..17/2:00"],
    ["15,45 6 * * *", "06:15,45"],
    ["15 4 * * sun,wed", "sun,wed 04:15"],
    ["0 6 * * */2", "sun,tue,thu,sat 06:00"],
    ["0 2 1 * *", "*-*-1 02:00"],
    ["0 2 1 */3 *", "*-1/3-1 02:00"],
    ["0 2 * jan,jul *", "*-1,7-* 02:00"],
    ["@daily", "daily"],
    ["@weekly", "sun 00:00"],
    ["@hourly", "hourly"],
  ])("%s -> %s", (cron, event) => {
    expect(repair(cron)).toBe(`write "${event}"`);
    expect(parseCalendarEvent(cron)).toEqual({
      problem: expect.objectContaining({ what: `"${cron}" is cron, which Proxmox refuses` }),
    });
    expect(calendarEvent(event)).toBe(event);
  });

  test.each(["0 2 1 * 1", "@reboot", "0 0 2 * * *", "99 2 * * *"])("%s has no such event, so examples are given", (cron) => {
    expect(repair(cron)).toMatch(/^write a calendar event, like "0\/4:00"/);
  });
});

describe("near misses are repaired", () => {
  test.each([
    ["daily 02:30", "02:30"],
    ["weekly 03:00", "mon 03:00"],
    ["monthly 02:30", "*-*-1 02:30"],
    ["02:30 daily", "02:30"],
    ["Daily", "daily"],
    [" 02:30 ", "02:30"],
    ["02:30 utc", "02:30 UTC"],
    ["mon-fri 22:00", "mon..fri 22:00"],
    ["22:00 mon..fri", "mon..fri 22:00"],
    ["lun..ven 22h30", "mon..fri 22:30"],
    ["every 4 hours", "0/4:00"],
    ["30min", "*:0/30"],
    ["2026-01-01T10:00", "2026-01-01 10:00"],
  ])("%j -> %s", (text, event) => {
    expect(repair(text)).toBe(`write "${event}"`);
  });
});

describe("a schedule that hardly anybody means is warned of", () => {
  test.each([
    ["*/4", "every 4 minutes", '"0/4:00"'],
    ["0/4", "every 4 minutes", '"0/4:00"'],
    ["*/4 UTC", "every 4 minutes", '"0/4:00 UTC"'],
    ["22", "minute 22 of every hour", '"22:00"'],
    ["mon..fri 22", "minute 22 of every hour", '"mon..fri 22:00"'],
    ["45", "minute 45 of every hour", '"*:45"'],
    ["24:00", "every hour, at minute 24", '"00:00"'],
    ["*/24:00", "every hour", '"00:00"'],
  ])("%s runs %s; write %s", (text, what, instead) => {
    const [warning, ...others] = calendarWarnings(calendarEvent(text));
    expect(others).toEqual([]);
    expect(warning?.what).toContain(what);
    expect(warning?.repair).toContain(instead);
  });

  test.each([
    "0/4:00",
    "*/4:00",
    "*:0/4",
    "22:00",
    "*:22",
    "mon",
    "daily",
    "*-*-1",
    "2026-*-*",
    "*:*",
    "*:10:30",
    "mon..fri 8..18:0/30",
  ])("%s is not", (text) => {
    expect(calendarWarnings(calendarEvent(text))).toEqual([]);
  });
});
