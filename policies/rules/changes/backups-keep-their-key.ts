import { type PlannedChange, plannedChanges } from "../../engine/planned-stack";
import { judged, type Rule, type Verdict } from "../../engine/rule";
import { isDestroyed, kindOfChange, labelOf } from "./object-kind";
import { destroyedPlaces, isLostWith, placeOf } from "./place";

export const backupsKeepTheirKey: Rule = {
  sentence: "No plan takes encrypted backups away together with the hypervisors' copy of their key",
  plan: ({ site, stacks }) => {
    const changes = plannedChanges(stacks);
    const gone = destroyedPlaces(changes);
    return changes
      .filter((change) => kindOfChange(change) === "storage" && isDestroyed(change) && isEncrypted(change))
      .flatMap((storage): Verdict[] => {
        const place = placeOf(storage, site);
        if (place === undefined) return [];
        const both = gone.some((one) => isLostWith(place, one));
        return [
          judged(labelOf(storage), both ? `the plan would ${storage.action} it and the backups that its key opens` : undefined),
        ];
      });
  },
};

/** The key itself is in no plan; that the hypervisor must hold one is in the way the storage is read. */
const isEncrypted = ({ before }: PlannedChange): boolean => String(before?.read_selector).includes("encryption-key");
