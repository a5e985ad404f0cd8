import { type CalendarEvent, member, nextRun, readableTime, runs } from "../../../model";
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

const answers = new Map<string, number | "none">();

/** A minute in which both start, if there is one: the schedulers of both devices look once a minute. */
function together(collection: CalendarEvent, backup: CalendarEvent, timeZone: string): number | undefined {
  const key = `${collection}|${backup}|${timeZone}`;
  const minute = remembered(answers, key, () => firstCommonMinute(collection, backup, timeZone) ?? "none");
  return minute === "none" ? undefined : minute;
}

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
