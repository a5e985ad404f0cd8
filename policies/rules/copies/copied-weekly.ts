import { type CalendarEvent, formatDuration, largestGap, member, recurs, type Site } from "../../../model";
import { judged, type Rule } from "../../engine/rule";
import { datastorePath } from "./copies-of";
import { syncsOf } from "./syncs-of";

/** CIS 11.2: backups weekly or more often. */
const WEEK = 7 * 86_400_000;

export const copiedWeekly: Rule = {
  sentence: "Every copy of a datastore is made at least every 7 days",
  model: ({ site }) =>
    schedules(site).map(({ where, schedule }) => {
      if (!recurs(schedule)) return judged(where, `"${schedule}" does not come back, so the copy grows old`);
      // In UTC: the week in which the clocks change is a week too.
      const gap = largestGap(schedule, "UTC");
      return judged(where, gap > WEEK ? `the copy is made up to ${formatDuration(gap)} apart` : undefined);
    }),
};

function schedules(site: Site): { readonly where: string; readonly schedule: CalendarEvent }[] {
  const declared = Object.entries(site.backupServers).flatMap(([server, { datastores }]) =>
    Object.entries(datastores).flatMap(([datastore, { copies }]) =>
      Object.entries(copies).map(([name, { schedule }]) => ({
        where: member(`${datastorePath(server, datastore)}.copies`, name),
        schedule,
      })),
    ),
  );
  return [...syncsOf(site).map(({ where, sync }) => ({ where, schedule: sync.schedule })), ...declared];
}
