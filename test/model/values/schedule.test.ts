import fc from "fast-check";
import { calendarEvent, duration, durationMs, gapExample, largestGap, nextRun, previousRun, recurs, runs } from "../../../model";
import { type Fields, Minutes } from "./minutes";

const ZONES = ["Europe/Paris", "America/St_Johns", "Australia/Lord_Howe", "UTC"];
const clocks = new Map<string, Minutes>();
const minutesOf = (zone: string): Minutes => {
  const known = clocks.get(zone) ?? new Minutes(zone);
  clocks.set(zone, known);
  return known;
};

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const list = (values: readonly number[] | undefined) => (values === undefined ? "*" : values.join(","));
const some = (min: number, max: number, most = 4) => fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: most });

/** The text of an event, written from its fields in another way than the model reads it. */
function textOf({ weekdays, months, days, hours, minutes }: Fields): string {
  const date = months === undefined && days === undefined ? [] : [`*-${list(months)}-${list(days)}`];
  const week = weekdays === undefined ? [] : [weekdays.map((day) => WEEKDAYS[day]).join(",")];
  return [...week, ...date, `${list(hours)}:${list(minutes)}`].join(" ");
}

/** Few runs a day, so that the changes of the clocks show in the gap; hours of the night come up often. */
const timeOfDay = {
  hours: fc.oneof(some(0, 5, 6), some(0, 23, 6), fc.constant(undefined)),
  minutes: fc.oneof(fc.constant([0]), some(0, 59, 3)),
};
const weekly = fc.record({
  weekdays: fc.oneof(fc.constant(undefined), fc.constant(undefined), some(0, 6, 3)),
  ...timeOfDay,
}) as fc.Arbitrary<Fields>;
const dated = fc.record({
  weekdays: fc.oneof(fc.constant(undefined), fc.constant(undefined), some(0, 6, 6)),
  days: fc.oneof(fc.constant(undefined), some(1, 31, 6)),
  months: fc.oneof(fc.constant(undefined), some(1, 12, 6)),
  ...timeOfDay,
}) as fc.Arbitrary<Fields>;

const H = 3_600_000;
const at = (text: string) => Date.parse(text);
const event = calendarEvent;

describe("runs against a simulation minute by minute", () => {
  test.each(ZONES)("the next and the previous run in %s are those of the wall clock", (zone) => {
    const minutes = minutesOf(zone);
    fc.assert(
      fc.property(dated, fc.integer({ min: 0, max: minutes.count - 1 }), (fields, index) => {
        const simulated = minutes.runs(fields);
        const expected = simulated.find((run) => run > index);
        const found = nextRun(event(textOf(fields)), minutes.instant(index), zone);
        if (expected !== undefined) expect(found).toBe(minutes.instant(expected));
        else expect(found ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(minutes.instant(minutes.count));
        const earlier = simulated.findLast((run) => run < index);
        if (earlier !== undefined)
          expect(previousRun(event(textOf(fields)), minutes.instant(index), zone)).toBe(minutes.instant(earlier));
      }),
      { numRuns: 15, seed: 31 },
    );
  });

  test.each(ZONES)("no run is missing and none is too many around the changes of the clocks in %s", (zone) => {
    const minutes = minutesOf(zone);
    const windows = ["2026-03-07", "2026-03-28", "2026-04-03", "2026-10-02", "2026-10-24", "2026-10-31"].map((day) =>
      at(`${day}T00:00:00Z`),
    );
    fc.assert(
      fc.property(weekly, fc.constantFrom(...windows), (fields, start) => {
        const end = start + 72 * H;
        const simulated = minutes.runs(fields).map((index) => minutes.instant(index));
        const found: number[] = [];
        for (const run of runs(event(textOf(fields)), start - 1, zone)) {
          if (run >= end) break;
          found.push(run);
        }
        expect(found).toEqual(simulated.filter((run) => run >= start && run < end));
      }),
      { numRuns: 15, seed: 32 },
    );
  });

  test.each(ZONES)("the largest gap in %s is the simulated one", (zone) => {
    const minutes = minutesOf(zone);
    fc.assert(
      fc.property(weekly, (fields) => {
        const simulated = minutes.runs(fields);
        const gap = simulated.reduce(
          (most, run, index) => Math.max(most, index === 0 ? 0 : run - (simulated[index - 1] ?? run)),
          0,
        );
        expect(largestGap(event(textOf(fields)), zone)).toBe(gap * 60_000);
        const [from, to] = gapExample(event(textOf(fields)), zone);
        expect(to - from).toBe(gap * 60_000);
      }),
      { numRuns: 30, seed: 33 },
    );
  });

  test.each(ZONES)("with a date the largest gap in %s covers more years than the simulation", (zone) => {
    const minutes = minutesOf(zone);
    fc.assert(
      fc.property(dated, (fields) => {
        const simulated = minutes.runs(fields);
        const gap = simulated.reduce(
          (most, run, index) => Math.max(most, index === 0 ? 0 : run - (simulated[index - 1] ?? run)),
          0,
        );
        expect(largestGap(event(textOf(fields)), zone)).toBeGreaterThanOrEqual(gap * 60_000);
      }),
      { numRuns: 8, seed: 34 },
    );
  });

  test("a simulation that counts a repeated hour twice disagrees, so the comparison can fail", () => {
    const paris = minutesOf("Europe/Paris");
    const shifted = minutesOf("UTC");
    const hourly = { minutes: [0] };
    expect(paris.runs(hourly)).not.toEqual(shifted.runs(hourly));
    expect(largestGap(event("hourly"), "Europe/Paris")).not.toBe(H);
  });
});

describe("largest gap", () => {
  test.each([
    ["0/4:00", "Europe/Paris", "5h"],
    ["0/4:00 UTC", "Europe/Paris", "4h"],
    ["0/4:00", "UTC", "4h"],
    ["0/4:00", "Australia/Lord_Howe", "4h30min"],
    ["21:00", "Europe/Paris", "25h"],
    ["21:00", "Indian/Reunion", "24h"],
    // The night in spring has no 02:30, so a day is left out.
    ["02:30", "Europe/Paris", "47h"],
    // The scheduler computes from the wall clock and never goes back: the repeated hour in autumn has no run.
    ["hourly", "Europe/Paris", "2h"],
    ["minutely", "Europe/Paris", "61min"],
    ["minutely", "UTC", "1min"],
    ["*:*:*", "UTC", "1s"],
    ["*:*:0/20", "UTC", "20s"],
    ["1,20:00", "UTC", "19h"],
    ["1,20:00", "Europe/Paris", "20h"],
    ["sat 06:00", "Europe/Paris", "169h"],
    ["mon..fri 22:00", "Europe/Paris", "73h"],
    ["monthly", "UTC", "31d"],
    ["quarterly", "UTC", "92d"],
    ["semiannually", "UTC", "184d"],
    ["yearly", "UTC", "366d"],
    ["02-29", "UTC", "1461d"],
    ["*-*-31", "UTC", "61d"],
    ["sat *-*-1..7", "UTC", "35d"],
  ])("of %s in %s is %s", (text, zone, expected) => {
    expect(largestGap(event(text), zone)).toBe(durationMs(duration(expected)));
  });

  test.each(["02-30", "2026-12-24 22:00", "2026..2030-*-* 21:00", "*-0-1"])(
    "of %s, which ends or never comes, is infinite",
    (text) => {
      expect(largestGap(event(text), "Europe/Paris")).toBe(Number.POSITIVE_INFINITY);
      expect(recurs(event(text))).toBe(false);
      expect(() => gapExample(event(text), "UTC")).toThrow(RangeError);
    },
  );

  test("of an event that begins one day is that of its runs", () => {
    expect(largestGap(event("2030/1-*-* 21:00"), "UTC")).toBe(24 * H);
    expect(recurs(event("2030/1-*-* 21:00"))).toBe(true);
  });

  test("is shown by two runs in the night of the change", () => {
    expect(gapExample(event("0/4:00"), "Europe/Paris")).toEqual([at("2026-10-24T22:00:00Z"), at("2026-10-25T03:00:00Z")]);
    expect(gapExample(event("02:30"), "Europe/Paris")).toEqual([at("2026-03-28T01:30:00Z"), at("2026-03-30T00:30:00Z")]);
  });
});

describe("next run", () => {
  test.each([
    // The examples of the scheduler's own tests, in UTC: the epoch was a Thursday.
    ["0", "1970-01-01T00:00:00Z", "1970-01-01T01:00:00Z"],
    ["*", "1970-01-01T00:00:00Z", "1970-01-01T00:01:00Z"],
    ["*:3:5", "1970-01-01T00:00:00Z", "1970-01-01T00:03:05Z"],
    ["mon 2:50", "1970-01-01T00:00:00Z", "1970-01-05T02:50:00Z"],
    ["thu", "1970-01-01T00:00:00Z", "1970-01-08T00:00:00Z"],
    ["4..10/2:0", "1970-01-01T05:00:00Z", "1970-01-01T06:00:00Z"],
    ["4..10/2:0", "1970-01-01T11:00:00Z", "1970-01-02T04:00:00Z"],
    ["10,5:8,4", "1970-01-01T00:00:00Z", "1970-01-01T05:04:00Z"],
    ["6,4..10:23,5/5", "1970-01-01T00:00:00Z", "1970-01-01T04:05:00Z"],
    ["sat", "2020-07-31T00:00:00Z", "2020-08-01T00:00:00Z"],
    ["daily", "1970-01-01T00:00:01Z", "1970-01-02T00:00:00Z"],
    ["02-29", "1970-01-01T00:00:00Z", "1972-02-29T00:00:00Z"],
    ["2020-7..9-2/2", "2020-07-31T00:00:00Z", "2020-08-02T00:00:00Z"],
    ["2020,2021-12-31", "2020-07-31T00:00:00Z", "2020-12-31T00:00:00Z"],
    ["quarterly", "1970-01-01T00:00:00Z", "1970-04-01T00:00:00Z"],
    ["semi-annually", "1970-01-01T00:00:00Z", "1970-07-01T00:00:00Z"],
  ])("of %s after %s is %s", (text, after, expected) => {
    expect(nextRun(event(`${text} UTC`), at(after), "Europe/Paris")).toBe(at(expected));
  });

  test("is undefined for a date that never comes, at once", () => {
    const before = process.cpuUsage();
    expect(nextRun(event("02-30"), 0, "Europe/Paris")).toBeUndefined();
    expect(nextRun(event("2021-02-29"), 0, "Asia/Kolkata")).toBeUndefined();
    expect(previousRun(event("2050-01-01"), at("2026-01-01T00:00:00Z"), "UTC")).toBeUndefined();
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });

  test("the previous one, asked in the repeated hour, may be later by the wall clock", () => {
    expect(previousRun(event("02:30"), at("2026-10-25T01:10:00Z"), "Europe/Paris")).toBe(at("2026-10-25T00:30:00Z"));
    expect(previousRun(event("02:30"), at("2026-10-25T00:30:00Z"), "Europe/Paris")).toBe(at("2026-10-24T00:30:00Z"));
    expect(previousRun(event("02:30"), at("2026-03-29T12:00:00Z"), "Europe/Paris")).toBe(at("2026-03-28T01:30:00Z"));
  });

  test("in the skipped hour is the one after it, in the repeated hour the first one", () => {
    expect(nextRun(event("02:30"), at("2026-03-28T12:00:00Z"), "Europe/Paris")).toBe(at("2026-03-30T00:30:00Z"));
    expect(nextRun(event("02:30"), at("2026-10-24T12:00:00Z"), "Europe/Paris")).toBe(at("2026-10-25T00:30:00Z"));
    expect(nextRun(event("02:30"), at("2026-10-25T00:30:00Z"), "Europe/Paris")).toBe(at("2026-10-26T01:30:00Z"));
  });
});
