import { judged, type Rule } from "../../engine/rule";
import {
  type BackupPlace,
  backupPlaces,
  beginningOf,
  byBeginning,
  isActive,
  namespaceOf,
  REACH,
  reachOf,
} from "../../reading/backup-place";
import { atLaterGates, type DeviceObject, notYet, openKeys } from "../../reading/device-object";

export const prunedOnce: Rule = {
  sentence: "No prune job reaches a namespace beside its own, and none has two",
  ...atLaterGates((objects) => {
    const places = backupPlaces(objects);
    const jobs = objects.filter((object) => object.path === "/config/prune" && isActive(object));
    const together = byBeginning(jobs);
    const foreign = foreignPlaces(jobs, places);
    return jobs.flatMap((job) => {
      const open = openKeys(job, REACH);
      if (open.length > 0) return notYet(job, open);
      const twins = (together.get(beginningOf(job)) ?? []).filter((other) => other !== job);
      return [judged(job.label, faultOf(foreign.get(job) ?? [], twins))];
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

function faultOf(foreign: readonly string[], twins: readonly DeviceObject[]): string | undefined {
  if (foreign.length > 0) return `it also prunes ${foreign.join(", ")} by its own retention`;
  const names = twins.map(({ body }) => String(body.id)).join(", ");
  return names === "" ? undefined : `${names} prunes the same namespace, and a point stays only while both keep it`;
}
