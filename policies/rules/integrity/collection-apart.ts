import { type CalendarEvent, calendarPlan, member, nextRun, offsetAt, readableTime, runs } from "../../../model";
import { remembered } from "../../engine/remembered";
import { judged, type Rule } from "../../engine/rule";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** A fixed day, so that the same site gives the same answer every day. */
const FROM = Date.UTC(2026, 0, 1);
/** A daily collection over more than a year, so that both changes of the clocks are among its runs. */
const RUNS = 400;

export const collectionApart: Rule = {
  sentence: "No backup job starts in the minute in which the garbage collection of its datastore starts",
  model: ({ site }) =>
    Object.entries(site.backupServers).flatMap(([server, { datastores }]) =>
      Object.entries(datastores).map(([name, { garbageCollection }]) => {
        const clashes = Object.entries(site.tiers).flatMap(([tier, { backupServer, datastore, schedule }]) => {
          const at =
            backupServer === server && datastore === name ? together(garbageCollection, schedule, site.timeZone) : undefined;
          return at === undefined ? [] : [`the tier "${tier}" (${readableTime(at, site.timeZone)})`];
        });
        return judged(
          `${member(`${member("backupServers", server)}.datastores`, name)}.garbageCollection`,
          clashes.length === 0 ? undefined : `"${garbageCollection}" starts together with the backups of ${clashes.join(", ")}`,
        );
      }),
    ),
};

const answers = new Map<string, { readonly at: number | undefined }>();

/** A minute in which both start, if there is one: the schedulers of both devices look once a minute. */
function together(collection: CalendarEvent, backup: CalendarEvent, timeZone: string): number | undefined {
  return remembered(answers, `${collection}|${backup}|${timeZone}`, () => ({
    at: haveCommonTimes(collection, backup, timeZone) ? firstCommonMinute(collection, backup, timeZone) : undefined,
  })).at;
}

/** Whether some minute of the day may belong to both: most pairs are told apart by that alone. */
function haveCommonTimes(one: CalendarEvent, other: CalendarEvent, timeZone: string): boolean {
  const [left, right] = [calendarPlan(one), calendarPlan(other)];
  const minutes = new Set(minutesOf(right));
  const ahead = left.utc === right.utc ? [0] : offsets(timeZone).map((offset) => (left.utc ? offset : -offset));
  return ahead.some((shift) => minutesOf(left).some((minute) => minutes.has((minute + shift + MINUTES_OF_DAY) % MINUTES_OF_DAY)));
}

const MINUTES_OF_DAY = 1_440;

function minutesOf({ hours, minutes }: ReturnType<typeof calendarPlan>): number[] {
  const every = (count: number) => Array.from({ length: count }, (_, index) => index);
  return (hours ?? every(24)).flatMap((hour) => (minutes ?? every(60)).map((minute) => 60 * hour + minute));
}

/** The minutes that the wall clock is ahead of UTC, at any time of the days that are looked at. Clocks stay for weeks. */
const offsets = (timeZone: string): number[] => [
  ...new Set(Array.from({ length: RUNS / 7 + 1 }, (_, week) => offsetAt(timeZone, FROM + 7 * week * DAY) / MINUTE)),
];

function firstCommonMinute(collection: CalendarEvent, backup: CalendarEvent, timeZone: string): number | undefined {
  let seen = 0;
  for (const run of runs(collection, FROM, timeZone)) {
    const minute = run - (run % MINUTE);
    const next = nextRun(backup, minute - 1, timeZone);
    if (next !== undefined && next < minute + MINUTE) return minute;
    seen += 1;
    if (seen >= RUNS || next === undefined) return undefined;
  }
  return undefined;
}
