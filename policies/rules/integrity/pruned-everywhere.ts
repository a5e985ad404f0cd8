import type { Rule } from "../../engine/rule";
import { judgePlaces } from "../../reading/backup-place";
import { atLaterGates, type DeviceObject } from "../../reading/device-object";

/** The model has one job for every namespace, so only an escape hatch can break it. */
export const prunedEverywhere: Rule = {
  sentence: "A prune job holds every namespace of every datastore to its retention",
  ...atLaterGates((objects) =>
    judgePlaces(
      objects,
      objects.filter(({ path }) => path === "/config/prune"),
      keepsSome,
      (place) => `no prune job works on ${place}, so it only grows`,
    ),
  ),
};

/** Without any `keep-` a prune job keeps everything. */
const keepsSome = ({ body }: DeviceObject): boolean =>
  Object.entries(body).some(([key, value]) => key.startsWith("keep-") && value !== undefined && value !== 0);
