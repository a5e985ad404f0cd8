import { judged, type Rule } from "../../engine/rule";
import { type BackupPlace, backupPlaces, byBeginning, isActive, namespaceOf, REACH, reachOf } from "../../reading/backup-place";
import { atLaterGates, type DeviceObject, notYet, openKeys } from "../../reading/device-object";

export const prunedOnce: Rule = {
  sentence: "No prune job reaches a namespace beside its own, and none has two",
  ...atLaterGates((objects) => {
    const places = backupPlaces(objects);
    const jobs = objects.filter((object) => object.path === "/config/prune" && isActive(object));
    const twins = twinsOf(jobs);
    const foreign = foreignPlaces(jobs, places);
    return jobs.flatMap((job) => {
      const open = openKeys(job, REACH);
      if (open.length > 0) return notYet(job, open);
      return [judged(job.label, faultOf(foreign.get(job) ?? [], twins.get(job) ?? ""))];
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

/** For each job the names of those that begin where it does, all cut from one text: written out, those of many would fill the memory. */
function twinsOf(jobs: readonly DeviceObject[]): ReadonlyMap<DeviceObject, string> {
  const twins = new Map<DeviceObject, string>();
  for (const together of byBeginning(jobs).values()) {
    const all = together.map(nameOf).join(SEPARATOR);
    let begin = 0;
    for (const job of together) {
      const end = begin + nameOf(job).length;
      const next = end + SEPARATOR.length;
      twins.set(job, begin === 0 ? all.slice(next) : all.slice(0, begin - SEPARATOR.length) + all.slice(end));
      begin = next;
    }
  }
  return twins;
}

const SEPARATOR = ", ";
const nameOf = ({ body }: DeviceObject): string => String(body.id);

function faultOf(foreign: readonly string[], twins: string): string | undefined {
  if (foreign.length > 0) return `it also prunes ${foreign.join(", ")} by its own retention`;
  return twins === "" ? undefined : `${twins} prunes the same namespace, and a point stays only while both keep it`;
}
