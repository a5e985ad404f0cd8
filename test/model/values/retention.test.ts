import fc from "fast-check";
import { DateTime } from "luxon";
import {
  calendarEvent,
  largestPointDistance,
  oldestRecoveryPoint,
  pointsKept,
  prune,
  type Retention,
  runs,
} from "../../../model";

const ZONES = ["Europe/Paris", "America/St_Johns", "Australia/Lord_Howe", "UTC"];
const H = 3_600_000;
const D = 24 * H;
const at = (text: string) => Date.parse(text);
const event = calendarEvent;

const texts = new Map<string, string>();

function periodText(point: number, zone: string, format: string): string {
  const key = `${point} ${zone} ${format}`;
  const text = texts.get(key) ?? DateTime.fromMillis(point, { zone }).toFormat(format);
  texts.set(key, text);
  return text;
}

/** Proxmox's prune written down a second time, plainly and with another library: periods are texts, marks a map. */
function simulatedPrune(points: readonly number[], retention: Retention, zone: string): number[] {
  const list = [...points].sort((one, other) => other - one);
  if (Object.keys(retention).length === 0) return list;
  const marks = new Map<number, "keep" | "remove">();
  const formats = [
    ["last", "x"],
    ["hourly", "yyyy/LL/dd/HH"],
    ["daily", "yyyy/LL/dd"],
    ["weekly", "kkkk/WW"],
    ["monthly", "yyyy/LL"],
    ["yearly", "yyyy"],
  ] as const;
  for (const [rule, format] of formats) {
    const keep = retention[rule];
    if (keep === undefined) continue;
    const period = (point: number) => periodText(point, zone, format);
    const covered = new Set(list.filter((point) => marks.get(point) === "keep").map(period));
    const included = new Set<string>();
    for (const point of list) {
      if (marks.has(point) || covered.has(period(point))) continue;
      if (included.has(period(point))) marks.set(point, "remove");
      else if (included.size >= keep) break;
      else {
        included.add(period(point));
        marks.set(point, "keep");
      }
    }
  }
  return list.filter((point) => marks.get(point) === "keep");
}

function withoutAbsent(keep: { readonly [Rule in keyof Retention]: number | undefined }): Retention {
  return Object.fromEntries(Object.entries(keep).filter(([, value]) => value !== undefined));
}

const count = (max: number) => fc.option(fc.integer({ min: 1, max }), { nil: undefined });
const retention = fc
  .record({ last: count(6), hourly: count(20), daily: count(9), weekly: count(6), monthly: count(5), yearly: count(2) })
  .map(withoutAbsent);

const past = (schedule: string, zone: string, from: number, to: number) => {
  const found: number[] = [];
  for (const run of runs(event(schedule), from, zone)) {
    if (run > to) break;
    found.push(run);
  }
  return found;
};

describe("prune against a simulation", () => {
  test.each(ZONES)("keeps the same points in %s, whatever the points and the counts", (zone) => {
    const point = fc.integer({ min: at("2026-03-01T00:00:00Z") / 60_000, max: at("2026-11-15T00:00:00Z") / 60_000 });
    const close = fc.integer({ min: at("2026-10-20T00:00:00Z") / 60_000, max: at("2026-10-31T00:00:00Z") / 60_000 });
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(point, close), { maxLength: 60 }), retention, (minutes, keep) => {
        const points = minutes.map((minute) => minute * 60_000);
        expect(prune(points, keep, zone)).toEqual(simulatedPrune(points, keep, zone));
      }),
      { numRuns: 60, seed: 41 },
    );
  });

  // Some days after a change of the clocks, in both directions.
  test.each([
    ["Europe/Paris", "2026-04-01T09:17:00Z"],
    ["Europe/Paris", "2026-10-29T09:17:00Z"],
    ["Australia/Lord_Howe", "2026-10-08T09:17:00Z"],
  ])("the steady state in %s on %s is a prune of the whole past", (zone, today) => {
    const now = at(today);
    // Days of history, enough for the counts below.
    const schedules: Record<string, number> = {
      "*:0/30": 110,
      "0/4:00": 120,
      "21:00": 180,
      "mon..fri 22:00": 200,
      "sat 03:00": 420,
    };
    const histories = new Map(
      Object.entries(schedules).map(([schedule, days]) => [schedule, past(schedule, zone, now - days * D, now)]),
    );
    const short = fc
      .record({ last: count(6), hourly: count(20), daily: count(9), weekly: count(4), monthly: count(2) })
      .map(withoutAbsent)
      .filter((keep) => Object.keys(keep).length > 0);
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(schedules)), short, (schedule, keep) => {
        const kept = simulatedPrune(histories.get(schedule) ?? [], keep, zone);
        expect(pointsKept(keep, event(schedule), zone, now)).toBe(kept.length);
        expect(oldestRecoveryPoint(keep, event(schedule), zone, now)).toBe(now - (kept.at(-1) ?? now));
      }),
      { numRuns: 40, seed: 42 },
    );
  });

  test("a prune after every run leaves what one prune of the whole past leaves", () => {
    const keep = { hourly: 24, daily: 7, weekly: 4 };
    const all = past("0/4:00", "Europe/Paris", at("2026-08-01T00:00:00Z"), at("2026-11-20T00:00:00Z"));
    let store: readonly number[] = [];
    for (const run of all) store = simulatedPrune([...store, run], keep, "Europe/Paris");
    expect(store).toEqual(prune(all, keep, "Europe/Paris"));
  });
});

describe("prune", () => {
  const daily = Array.from({ length: 40 }, (_, index) => at("2026-01-01T21:00:00Z") + index * D);

  test("keeps the newest point of each period, newest first", () => {
    expect(prune(daily, { daily: 2 }, "UTC")).toEqual([at("2026-02-09T21:00:00Z"), at("2026-02-08T21:00:00Z")]);
    expect(prune([at("2026-01-01T01:00:00Z"), at("2026-01-01T02:00:00Z")], { daily: 1 }, "UTC")).toEqual([
      at("2026-01-01T02:00:00Z"),
    ]);
  });

  test("passes over a period in which an earlier rule has kept a point", () => {
    // Weeks 7 (with the newest two days) and 6 hold daily points, so the weekly rule begins with week 5.
    const kept = prune(daily, { daily: 3, weekly: 1 }, "UTC");
    expect(kept.at(-1)).toBe(at("2026-02-01T21:00:00Z"));
    expect(kept).toHaveLength(4);
  });

  test("counts days by the zone's wall clock", () => {
    const points = [at("2026-06-01T21:30:00Z"), at("2026-06-01T22:30:00Z")];
    expect(prune(points, { daily: 9 }, "UTC")).toHaveLength(1);
    expect(prune(points, { daily: 9 }, "Europe/Paris")).toHaveLength(2);
  });

  test("without a count keeps everything", () => {
    expect(prune(daily, {}, "UTC")).toHaveLength(40);
    expect(pointsKept({}, event("daily"), "UTC", 0)).toBe(Number.POSITIVE_INFINITY);
    expect(oldestRecoveryPoint({}, event("daily"), "UTC", 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("the site's tiers", () => {
  const now = at("2026-11-21T12:00:00Z");

  test("critical: 24 points 4 h apart, then a week of days", () => {
    const keep = { hourly: 24, daily: 7 };
    expect(pointsKept(keep, event("0/4:00 UTC"), "Europe/Paris", now)).toBe(31);
    // 24 points reach back to the 17th, 16:00; the days before it are the 16th to the 10th, their last run at 20:00 UTC (21:00).
    expect(oldestRecoveryPoint(keep, event("0/4:00 UTC"), "Europe/Paris", now)).toBe(now - at("2026-11-10T20:00:00Z"));
  });

  test("standard: a week of days, then four weeks", () => {
    expect(pointsKept({ daily: 7, weekly: 4 }, event("21:00"), "Europe/Paris", now)).toBe(11);
  });

  test("the last point of the day before a short or a long day is found", () => {
    const oldest = (now: string) => at(now) - oldestRecoveryPoint({ daily: 5 }, event("*:0/30"), "Europe/Paris", at(now));
    expect(oldest("2026-04-01T09:17:00Z")).toBe(at("2026-03-28T22:30:00Z"));
    expect(oldest("2026-10-28T09:17:00Z")).toBe(at("2026-10-24T21:30:00Z"));
  });

  test("a schedule that never ran keeps nothing", () => {
    expect(pointsKept({ daily: 7 }, event("02-30"), "UTC", now)).toBe(0);
    expect(oldestRecoveryPoint({ daily: 7 }, event("02-30"), "UTC", now)).toBe(0);
  });
});

describe("distance between the two newest points", () => {
  test.each([
    ["0/4:00", { hourly: 24, daily: 7 }, 4 * H],
    ["0/4:00", { daily: 7 }, D],
    ["0/4:00", { last: 2, daily: 7 }, 4 * H],
    ["0/4:00", { last: 1, daily: 7 }, D],
    ["21:00", { daily: 7, weekly: 4 }, D],
    ["21:00", { weekly: 4 }, 7 * D],
    ["21:00", { daily: 1, weekly: 4 }, 7 * D],
    ["mon..fri 22:00", { daily: 7 }, 3 * D],
    ["*:0/5", { hourly: 48 }, H],
    ["21:00", { monthly: 2 }, 31 * D],
    ["21:00", { yearly: 2 }, 366 * D],
    ["21:00", { last: 1 }, Number.POSITIVE_INFINITY],
    ["21:00", { daily: 1 }, Number.POSITIVE_INFINITY],
    ["21:00", {}, 0],
    ["02-30", { daily: 7 }, 0],
  ])("of %s with %j is %d ms", (schedule, keep, expected) => {
    expect(largestPointDistance(keep, event(schedule))).toBe(expected);
  });

  test("is never exceeded when a simulation prunes at every run", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("0/4:00", "21:00", "mon..fri 22:00", "0/2:30"),
        fc.record({ last: count(2), hourly: count(3), daily: count(3), weekly: count(3) }).map(withoutAbsent),
        (schedule, keep) => {
          const all = past(schedule, "UTC", at("2039-10-01T00:00:00Z"), at("2040-02-04T00:00:00Z"));
          const sample = all.filter((_, index) => index > all.length / 2 && index % 5 === 0);
          for (const now of sample) {
            const [newest, before] = simulatedPrune(
              all.filter((run) => run <= now),
              keep,
              "UTC",
            );
            if (newest === undefined || before === undefined) continue;
            expect(newest - before).toBeLessThanOrEqual(largestPointDistance(keep, event(schedule)));
          }
        },
      ),
      { numRuns: 12, seed: 43 },
    );
  });
});
