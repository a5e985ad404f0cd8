import { largestGap, member, parseCalendarEvent } from "../../../model";
import { judged, type Rule } from "../../engine/rule";
import { atLaterGates, createdAt, judgedBy } from "../../reading/device-object";

const DAY = 86_400_000;
/** The longest month. */
const LONGEST = 31;

export const garbageCollected: Rule = {
  sentence: "Garbage is collected on every datastore at least once a month",
  model: ({ site }) =>
    Object.entries(site.backupServers).flatMap(([server, { datastores }]) =>
      Object.entries(datastores).map(([name, { garbageCollection }]) =>
        judged(`${member(`${member("backupServers", server)}.datastores`, name)}.garbageCollection`, tooRare(garbageCollection)),
      ),
    ),
  ...atLaterGates((objects, { site }) =>
    createdAt(objects, "/config/datastore").flatMap((datastore) =>
      judgedBy(datastore, ["gc-schedule"], (body) => {
        const schedule = body["gc-schedule"];
        const own = site.backupServers[datastore.device]?.datastores[String(body.name)];
        return own?.garbageCollection === schedule ? undefined : tooRare(String(schedule ?? ""));
      }),
    ),
  ),
};

function tooRare(schedule: string): string | undefined {
  const event = parseCalendarEvent(schedule);
  if ("problem" in event) return "garbage collection has no schedule, so no space is ever freed";
  // In UTC: the hour more of October makes no month longer.
  const days = Math.ceil(largestGap(event.value, "UTC") / DAY);
  return days <= LONGEST ? undefined : `"${schedule}" leaves up to ${days} days between two collections`;
}
