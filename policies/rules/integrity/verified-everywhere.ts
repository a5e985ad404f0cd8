import type { Rule } from "../../engine/rule";
import { backupPlaces, judgePlaces } from "../../reading/backup-place";
import { atLaterGates, createdAt } from "../../reading/device-object";

/** The model has one job for every datastore, so only an escape hatch can break it. */
export const verifiedEverywhere: Rule = {
  sentence: "A verification job reads every namespace of every datastore",
  ...atLaterGates((objects) =>
    judgePlaces(
      backupPlaces(objects),
      createdAt(objects, "/config/verify"),
      () => true,
      (place) => `no verification job reads ${place}`,
    ),
  ),
};
