import type { Rule } from "../../engine/rule";
import { backupPlaces, judgePlaces } from "../../reading/backup-place";
import { atLaterGates } from "../../reading/device-object";

/** The model has one job for every datastore, so only an escape hatch can break it. */
export const verifiedEverywhere: Rule = {
  sentence: "A verification job reads every namespace of every datastore",
  ...atLaterGates((objects) =>
    judgePlaces(
      backupPlaces(objects),
      objects.filter(({ path }) => path === "/config/verify"),
      () => true,
      (place) => `no verification job reads ${place}`,
    ),
  ),
};
