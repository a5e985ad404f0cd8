import { type BackupTarget, backupTargets } from "../../../model";
import type { Rule } from "../../engine/rule";
import { type BackupPlace, backupPlaces, judgePlaces } from "../../reading/backup-place";
import { atLaterGates, type DeviceObject } from "../../reading/device-object";

/** The model has one job for every namespace that is written to, so only an escape hatch can break it. */
export const prunedEverywhere: Rule = {
  sentence: "A prune job holds every namespace of every datastore to its retention",
  ...atLaterGates((objects, { site }) => {
    const places = backupPlaces(objects);
    const targets = backupTargets(site);
    return judgePlaces(
      places.filter((place) => !isOnlyParent(place, places, targets)),
      objects.filter(({ path }) => path === "/config/prune"),
      keepsSome,
      (place) => `no prune job works on ${place}, so it only grows`,
    );
  }),
};

/** `client` of `client/critical`: it is there for the other, and no tier writes to it. */
function isOnlyParent(
  { device, datastore, namespace }: BackupPlace,
  places: readonly BackupPlace[],
  targets: readonly BackupTarget[],
): boolean {
  const isWritten = targets.some(
    (target) => target.backupServer === device && target.datastore === datastore && target.namespace === namespace,
  );
  const holdsOthers = places.some(
    (other) => other.device === device && other.datastore === datastore && other.namespace.startsWith(`${namespace}/`),
  );
  return holdsOthers && !isWritten;
}

/** Without any `keep-` a prune job keeps everything. */
const keepsSome = ({ body }: DeviceObject): boolean =>
  Object.entries(body).some(([key, value]) => key.startsWith("keep-") && value !== undefined && value !== 0);
