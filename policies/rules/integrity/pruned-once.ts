import { judged, type Rule } from "../../engine/rule";
import { type BackupPlace, backupPlaces, byBeginning, isActive, namespaceOf, REACH, reachOf } from "../../reading/backup-place";
import { atLaterGates, createdAt, type DeviceObject, notYet, openKeys } from "../../reading/device-object";

export const prunedOnce: Rule = {
  sentence: "No prune job reaches a namespace beside its own, and none has two",
  ...atLaterGates((objects) => {
    const places = backupPlaces(objects);
    const jobs = createdAt(objects, "/config/prune").filter(isActive);
    const groups = groupsOf(jobs);
    const foreign = foreignPlaces(jobs, places);
    return jobs.flatMap((job) => {
      const open = openKeys(job, REACH);
      if (open.length > 0) return notYet(job, open);
      return [judged(job.label, faultOf(job, foreign.get(job) ?? [], groups.get(job) ?? []))];
    });
  }),
};

/** For each job the namespaces that it reaches beside its own. */
function foreignPlaces(
  jobs: readonly DeviceObject[],
  places: readonly BackupPlace[],
): ReadonlyMap<DeviceObject, readonly string[]> {
  const foreign = new Map<DeviceObject, string[]>();
  const reaching = reachOf(jobs);
  for (const place of places) {
    for (const job of reaching(place)) {
      if (namespaceOf(job) !== place.namespace) foreign.set(job, [...(foreign.get(job) ?? []), place.namespace]);
    }
  }
  return foreign;
}

/** For each job all that begin where it does. */
function groupsOf(jobs: readonly DeviceObject[]): ReadonlyMap<DeviceObject, readonly DeviceObject[]> {
  const groups = new Map<DeviceObject, readonly DeviceObject[]>();
  for (const together of byBeginning(jobs).values()) for (const job of together) groups.set(job, together);
  return groups;
}

function faultOf(job: DeviceObject, foreign: readonly string[], together: readonly DeviceObject[]): string | undefined {
  if (foreign.length > 0) return `it also prunes ${some(foreign.slice(0, SHOWN), foreign.length)} by its own retention`;
  if (together.length < 2) return undefined;
  const others = together.slice(0, SHOWN + 1).filter((other) => other !== job);
  const named = some(others.slice(0, SHOWN).map(nameOf), together.length - 1);
  const [prune, all] = together.length === 2 ? ["prunes", "both"] : ["prune", "all"];
  return `${named} ${prune} the same namespace, and a point stays only while ${all} keep it`;
}

/** Names that a finding shows: on a server where every job has a hundred twins, each of them names few. */
const SHOWN = 4;

const some = (shown: readonly string[], count: number): string =>
  `${shown.join(", ")}${count > shown.length ? ` and ${count - shown.length} more` : ""}`;

const nameOf = ({ body }: DeviceObject): string => String(body.id);
