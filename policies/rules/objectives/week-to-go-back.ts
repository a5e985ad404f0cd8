import { type CalendarEvent, calendarPlan, formatDuration, member, type Retention } from "../../../model";
import { judged, type Rule, type Verdict } from "../../engine/rule";
import { reachOf } from "./reach";

/** CISA asks to be able to roll back seven days: so long an intruder stays unseen, or a deletion unnoticed, at the least. */
const WEEK = 7 * 86_400_000;

export const weekToGoBack: Rule = {
  sentence: "Every tier can go back 7 days at any time",
  model: ({ site }) =>
    Object.entries(site.tiers).flatMap(([name, tier]): Verdict[] => {
      const retention = tier.retention ?? site.backupServers[tier.backupServer]?.datastores[tier.datastore]?.retention;
      if (retention === undefined) return [];
      return [judged(member("tiers", name), shortReach(retention, tier.schedule, site.timeZone))];
    }),
};

function shortReach(retention: Retention, schedule: CalendarEvent, timeZone: string): string | undefined {
  // So many different weeks, or days, lie more than a week apart whatever the schedule is. A day with a point of one rule is passed
  // over by the next one, and a day has no more hours than the schedule names, and one when the clocks are put back.
  const { hourly = 0, daily = 0, weekly = 0, monthly = 0, yearly = 0 } = retention;
  const days = Math.ceil(hourly / ((calendarPlan(schedule).hours?.length ?? 24) + 1)) + daily;
  if (days >= 9 || weekly >= 3 || monthly >= 3 || yearly >= 3) return undefined;
  const reach = reachOf(retention, schedule, timeZone);
  if (reach >= WEEK) return undefined;
  return reach < 1_000
    ? "there are times with a single recovery point"
    : `there are times when its oldest recovery point is ${formatDuration(reach)} old`;
}
