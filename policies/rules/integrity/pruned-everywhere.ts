import type { Rule } from "../../engine/rule";
import { type BackupPlace, backupPlaces, judgePlaces, keyOf, lineage } from "../../reading/backup-place";
import { atLaterGates, createdAt, type DeviceObject } from "../../reading/device-object";
import { targetsOf } from "../../reading/site-facts";

/** The model has one job for every namespace that is written to, so only an escape hatch can break it. */
export const prunedEverywhere: Rule = {
  sentence: "A prune job holds every namespace of every datastore to its retention",
  ...atLaterGates((objects, { site }) => {
    const places = backupPlaces(objects);
    const written = new Set(
      targetsOf(site).map(({ backupServer, datastore, namespace }) => keyOf(backupServer, datastore, namespace)),
    );
    // `client` of `client/critical` is there for the other; where no tier writes to it, there is nothing to prune.
    const holding = new Set(
      places.flatMap(({ device, datastore, namespace }) =>
        lineage(namespace)
          .slice(1, -1)
          .map((above) => keyOf(device, datastore, above)),
      ),
    );
    const isEmpty = ({ device, datastore, namespace }: BackupPlace) => {
      const key = keyOf(device, datastore, namespace);
      return holding.has(key) && !written.has(key);
    };
    return judgePlaces(
      places.filter((place) => !isEmpty(place)),
      createdAt(objects, "/config/prune"),
      keepsSome,
      (place) => `no prune job works on ${place}, so it only grows`,
    );
  }),
};

/** Without any `keep-` a prune job keeps everything. */
const keepsSome = ({ body }: DeviceObject): boolean =>
  Object.entries(body).some(([key, value]) => key.startsWith("keep-") && value !== undefined && value !== 0);
