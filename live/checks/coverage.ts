import { type BackupJob, backupJobs, durationMs, formatDuration, largestGap, parseCalendarEvent, type Site } from "../../model";
import { APPLY, bad, type Check, good, judge, judgeAll, type Question, type Verification, warn } from "../check";
import type { HypervisorState, LiveJob } from "../state";

/** Every guest is in an enabled job whose runs are close enough together for its RPO (ECO-10, ECO-14, ECO-17). */
export function coverage({ site, live }: Verification): Check[] {
  return [...promised({ site, live }), ...forgotten(site, live.hypervisor)];
}

function promised({ site, live }: Pick<Verification, "site" | "live">): Check[] {
  const covering = backupJobs(site);
  return Object.entries(site.guests).flatMap(([name, guest]) => {
    const exists: Question = { id: "guest.exists", subject: `guest ${name}`, expected: `id ${guest.id}` };
    const found = judge(exists, live.hypervisor.guests, (guests) =>
      guests.some(({ id }) => id === guest.id)
        ? good(exists, `id ${guest.id}`)
        : bad(
            exists,
            "no such guest on the hypervisor",
            `correct guests.${name}.id in the site file, or remove the guest from it`,
          ),
    );
    if (guest.exempt !== undefined) {
      return [
        found,
        good({ id: "guest.covered", subject: `guest ${name}`, expected: "exempt" }, `exempt: ${guest.exempt.reason}`),
      ];
    }
    const job = covering.find(({ guests }) => guests.includes(guest.id));
    if (job === undefined) return [found];
    const asked: Question = {
      id: "guest.covered",
      subject: `guest ${name}`,
      expected: `job ${job.id}, a run at least every ${job.tier.rpo}`,
    };
    return [
      found,
      ...judgeAll(asked, live.hypervisor.jobs, (jobs) => covered(asked, site, job, guest.id, jobs, live.hypervisor)),
    ];
  });
}

function covered(
  asked: Question,
  site: Site,
  { id: jobId, tier, target }: BackupJob,
  guest: number,
  jobs: readonly LiveJob[],
  hypervisor: HypervisorState,
): Check[] {
  const job = jobs.find(({ id }) => id === jobId);
  if (job === undefined) return [bad(asked, `no job ${jobId}`, APPLY)];
  if (!job.enabled) return [bad(asked, `job ${jobId} is disabled`, APPLY)];
  if (job.storage !== target.storage) return [bad(asked, `job ${jobId} writes to ${job.storage || "no storage"}`, APPLY)];
  const included = hypervisor.included[jobId];
  const member = judge(asked, included, (guests) => {
    const taken = guests.find(({ id }) => id === guest);
    if (taken === undefined) return bad(asked, `job ${jobId} does not take guest ${guest}`, APPLY);
    if (taken.excluded.length > 0) {
      const volumes = taken.excluded.map(({ volume, reason }) => (reason === "" ? volume : `${volume} (${reason})`)).join(", ");
      return warn(asked, `without ${volumes}`, "set backup=1 on these volumes, or make sure that nothing on them is needed");
    }
    return objective(asked, site, job, tier.rpo);
  });
  return [member];
}

function objective(asked: Question, site: Site, job: LiveJob, rpo: Parameters<typeof durationMs>[0]): Check {
  const event = parseCalendarEvent(job.schedule);
  if ("problem" in event) return bad(asked, `schedule "${job.schedule}" is not understood`, APPLY);
  const gap = largestGap(event.value, site.timeZone);
  const next =
    job.nextRun === undefined ? "next run not known" : `next run ${new Date(job.nextRun * 1000).toISOString().slice(0, 16)}Z`;
  const actual = `${job.schedule}, largest gap ${formatDuration(gap)}, ${next}`;
  return gap <= durationMs(rpo) ? good(asked, actual) : bad(asked, `${actual}: longer than the RPO`, APPLY);
}

/** Guests that the site file does not know and no enabled job takes: nobody has decided that they need no backup. */
function forgotten(site: Site, { guests, jobs, included }: HypervisorState): Check[] {
  if (!guests.ok || !jobs.ok) return [];
  const known = new Set<number>(Object.values(site.guests).map(({ id }) => id));
  const taken = new Set(
    jobs.value
      .filter(({ enabled }) => enabled)
      .flatMap(({ id }) => {
        const guestsOf = included[id];
        return guestsOf?.ok ? guestsOf.value.map((guest) => guest.id) : [];
      }),
  );
  return guests.value
    .filter(({ id }) => !known.has(id) && !taken.has(id))
    .map(({ id, name, node }) =>
      warn(
        {
          id: "guest.unknown",
          subject: `guest ${id}${name === "" ? "" : ` (${name})`} on ${node}`,
          expected: "known to the site file",
        },
        "no job backs it up",
        "write it under `guests`, with its tier or with the reason why it needs none",
      ),
    );
}
