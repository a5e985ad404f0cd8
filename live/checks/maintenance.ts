import { backupTargets, type Retention, type Site, syncJobs, verifyJobName } from "../../model";
import { APPLY, bad, type Check, good, judge, judgeAll, type Question, type Verification, warn } from "../check";
import type { BackupServerState, MaintenanceJob } from "../state";

/** Prune, verification, garbage collection and copies are scheduled as the model says, and their last run went well (ECO-04, ECO-16). */
export function maintenance({ site, live }: Verification): Check[] {
  return Object.keys(site.backupServers).flatMap((name) => {
    const server = live.backupServers[name];
    return server === undefined
      ? []
      : [
          ...prune(site, name, server),
          ...verification(site, name, server),
          ...collection(site, name, server),
          ...copies(site, name, server),
        ];
  });
}

function prune(site: Site, name: string, server: BackupServerState): Check[] {
  const targets = backupTargets(site).filter(({ backupServer }) => backupServer === name);
  return targets.flatMap((target) => {
    const asked: Question = {
      id: "prune.retention",
      subject: `${name}/${target.datastore}${target.namespace === "" ? "" : `:${target.namespace}`}`,
      expected: `${keepText(target.retention)} at ${target.pruneSchedule}`,
    };
    return judgeAll(asked, server.pruneJobs, (jobs) => {
      const job = jobs.find(({ id }) => id === target.pruneJob);
      const others = jobs.filter(
        (other) =>
          other.id !== target.pruneJob &&
          !other.disabled &&
          other.datastore === target.datastore &&
          reaches(other, target.namespace),
      );
      const foreign = others
        .filter((other) => !targets.some(({ pruneJob }) => pruneJob === other.id))
        .map((other) =>
          bad(
            { ...asked, id: "prune.foreign", expected: "no other prune job" },
            `job ${other.id} prunes here too (${keepText(other.keep)})`,
            `disable or remove job ${other.id} on ${name}: it may delete what this one keeps`,
          ),
        );
      if (job === undefined) return [bad(asked, `no prune job ${target.pruneJob}`, APPLY), ...foreign];
      return [
        scheduled(
          asked,
          job,
          keepText(job.keep),
          sameKeep(job.keep, target.retention) && job.schedule === target.pruneSchedule && !job.disabled,
        ),
        ...foreign,
      ];
    });
  });
}

function verification(site: Site, name: string, server: BackupServerState): Check[] {
  return Object.entries(site.backupServers[name]?.datastores ?? {}).flatMap(
    ([datastore, { verification: wanted, verifyNew }]) => {
      const asked: Question = {
        id: "verify.schedule",
        subject: `${name}/${datastore}`,
        expected: `${wanted.schedule}, again after ${wanted.againAfterDays} days`,
      };
      const fresh: Question = {
        id: "verify.new",
        subject: `${name}/${datastore}`,
        expected: verifyNew ? "verify new backups" : "not at once",
      };
      return [
        judge(asked, server.verifyJobs, (jobs) => {
          const job = jobs.find(({ id }) => id === verifyJobName(datastore));
          if (job === undefined) return bad(asked, "no verify job", APPLY);
          const same =
            job.schedule === wanted.schedule &&
            (!job.ignoreVerified || job.outdatedAfterDays === wanted.againAfterDays) &&
            job.namespace === "" &&
            reachesAll(job);
          return scheduled(asked, job, `again after ${job.outdatedAfterDays ?? "never"} days`, same);
        }),
        judge(fresh, server.datastores, (datastores) => {
          const found = datastores.find((one) => one.name === datastore);
          if (found === undefined) return bad(fresh, "no such datastore", APPLY);
          if (found.maintenance !== undefined)
            return bad(
              fresh,
              `in maintenance mode (${found.maintenance}): it takes no backups`,
              `end the maintenance mode of ${datastore} on ${name}`,
            );
          return found.verifyNew === verifyNew
            ? good(fresh, fresh.expected)
            : bad(fresh, found.verifyNew ? "verify new backups" : "not at once", APPLY);
        }),
      ];
    },
  );
}

function collection(site: Site, name: string, server: BackupServerState): Check[] {
  return Object.entries(site.backupServers[name]?.datastores ?? {}).map(([datastore, { garbageCollection }]) => {
    const asked: Question = { id: "gc.schedule", subject: `${name}/${datastore}`, expected: garbageCollection };
    return judge(asked, server.garbageCollections, (all) => {
      const found = all.find((one) => one.datastore === datastore);
      if (found === undefined) return bad(asked, "no such datastore", APPLY);
      return scheduled(asked, found, "", found.schedule === garbageCollection);
    });
  });
}

/** The copy in another place: a sync job that fails every night is no copy. */
function copies(site: Site, name: string, server: BackupServerState): Check[] {
  return syncJobs(site)
    .filter(({ backupServer }) => backupServer === name)
    .map(({ id, datastore, sync }) => {
      const asked: Question = {
        id: "sync.schedule",
        subject: `${name}/${datastore} and ${sync.remote}`,
        expected: sync.schedule,
      };
      return judge(asked, server.syncJobs, (jobs) => {
        const job = jobs.find((one) => one.id === id);
        if (job === undefined) return bad(asked, `no sync job ${id}`, APPLY);
        return scheduled(asked, job, sync.direction, job.schedule === sync.schedule);
      });
    });
}

/** A job that runs as declared is good; one whose last run failed is not, whatever its schedule says. */
function scheduled(
  asked: Question,
  job: Pick<MaintenanceJob, "schedule" | "lastResult"> & { disabled?: boolean },
  detail: string,
  same: boolean,
): Check {
  const actual = [job.disabled ? "disabled" : (job.schedule ?? "not scheduled"), detail].filter((part) => part !== "").join(", ");
  if (!same) return bad(asked, actual, APPLY);
  if (job.lastResult === undefined) return good(asked, `${actual}, has not run yet`);
  if (job.lastResult === "OK") return good(asked, `${actual}, last run OK`);
  return job.lastResult.startsWith("WARNINGS")
    ? warn(asked, `${actual}, last run ${job.lastResult}`, "read the task log on the backup server")
    : bad(
        asked,
        `${actual}, last run failed: ${job.lastResult}`,
        "read the task log on the backup server, repair the cause, run the job again",
      );
}

const reaches = (job: MaintenanceJob, namespace: string): boolean => {
  if (job.namespace === namespace) return true;
  const below =
    job.namespace === "" ? namespace : namespace.startsWith(`${job.namespace}/`) ? namespace.slice(job.namespace.length + 1) : "";
  return below !== "" && below.split("/").length <= (job.maxDepth ?? Number.POSITIVE_INFINITY);
};

/** Levels of namespaces below the root that a backup server allows. */
const DEEPEST = 7;

const reachesAll = ({ namespace, maxDepth }: MaintenanceJob): boolean => namespace === "" && (maxDepth ?? DEEPEST) >= DEEPEST;

const keepText = (keep: Retention | Readonly<Record<string, number>>): string => {
  const parts = Object.entries(keep).map(([unit, number]) => `${unit} ${number}`);
  return parts.length === 0 ? "keep everything" : `keep ${parts.sort().join(", ")}`;
};

const sameKeep = (actual: Readonly<Record<string, number>>, wanted: Retention): boolean => keepText(actual) === keepText(wanted);
