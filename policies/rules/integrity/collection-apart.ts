import { type CalendarEvent, calendarPlan, member, nextRun, readableTime, runs } from "../../../model";
import { remembered } from "../../engine/remembered";
import { judged, type Rule } from "../../engine/rule";

const MINUTE = 60_000;
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
    at: haveCommonTimes(collection, backup) ? firstCommonMinute(collection, backup, timeZone) : undefined,
  })).at;
}

/** Whether a time of a day may belong to both, by their sets alone. Of one in UTC and one in local time nothing is known by these. */
function haveCommonTimes(one: CalendarEvent, other: CalendarEvent): boolean {
  const [left, right] = [calendarPlan(one), calendarPlan(other)];
  if (left.utc !== right.utc) return true;
  return FIELDS.every((field) => {
    const values = right[field];
    return values === undefined || left[field]?.some((value) => values.includes(value)) !== false;
  });
}

const FIELDS = ["hours", "minutes", "weekdays", "days", "months", "years"] as const;

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
