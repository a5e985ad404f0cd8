import { largestGap, member, parseCalendarEvent, verifyJobs } from "../../../model";
import { judged, type Rule } from "../../engine/rule";
import { atLaterGates, createdAt, judgedBy } from "../../reading/device-object";
import { flagOf } from "../../reading/device-value";

/** Days after which a proof is old: the month that Proxmox Backup Server proposes, and two weeks until the next run of the job. */
const LONGEST = 45;
const DAY = 86_400_000;

export const verifiedAgain: Rule = {
  sentence: `Every backup is read and verified again within ${LONGEST} days`,
  model: ({ site }) =>
    verifyJobs(site).map(({ backupServer, datastore, schedule, againAfterDays }) =>
      judged(
        `${member(`${member("backupServers", backupServer)}.datastores`, datastore)}.verification`,
        tooLate(schedule, againAfterDays),
        `run it more often, or lower \`againAfterDays\`: together at most ${LONGEST} days`,
      ),
    ),
  ...atLaterGates((objects, { site }) => {
    const own = new Map(verifyJobs(site).map((job) => [`${job.backupServer} ${job.id}`, job]));
    return createdAt(objects, "/config/verify").flatMap((job) =>
      judgedBy(job, ["schedule", "outdated-after", "ignore-verified"], (body) => {
        const { schedule, "outdated-after": days } = body;
        const ignores = flagOf(body["ignore-verified"], true);
        const modelled = own.get(`${job.device} ${String(body.id)}`);
        // Where the site file itself says so, it was judged there.
        if (modelled?.schedule === schedule && modelled?.againAfterDays === days && ignores) return undefined;
        if (ignores && typeof days !== "number") return "what was verified once is never verified again";
        return tooLate(String(schedule), ignores ? Number(days) : 0);
      }),
    );
  }),
};

function tooLate(schedule: string, againAfterDays: number): string | undefined {
  const event = parseCalendarEvent(schedule);
  if ("problem" in event) return "it has no schedule, so it never runs";
  // In UTC: an hour more in October makes no proof older by a day.
  const days = againAfterDays + Math.ceil(largestGap(event.value, "UTC") / DAY);
  if (days <= LONGEST) return undefined;
  const waits = againAfterDays === 0 ? "" : ` (${againAfterDays} until it is due, ${days - againAfterDays} until the job runs)`;
  return `a backup is verified again after up to ${days} days${waits}`;
}
