import { type PlannedChange, plannedChanges } from "../../engine/planned-stack";
import { judged, type Rule, type Verdict } from "../../engine/rule";
import { bodyOf, kindOfChange, labelOf } from "./object-kind";
import { destroyedPlaces, overlap } from "./place";
import { sourceOf } from "./sync-source";

export const sourceKeepsItsCopy: Rule = {
  sentence: "No plan takes backups away together with the sync job that copies them",
  plan: ({ site, stacks }) => {
    const changes = plannedChanges(stacks);
    const gone = destroyedPlaces(changes);
    return changes
      .filter((change) => change.before !== undefined && kindOfChange(change) === "sync_job")
      .flatMap((job): Verdict[] => {
        const source = sourceOf(job, "before", changes, site);
        if (source === undefined || !gone.some((place) => overlap(place, source))) return [];
        return [judged(labelOf(job), fate(job))];
      });
  },
};

/** What becomes of the copy when its source goes. A job that stays and does not follow removals leaves it as it is. */
function fate(job: PlannedChange): string | undefined {
  if (job.action === "delete") return "the plan would delete it and the backups that it copies";
  if (bodyOf(job.after)["remove-vanished"] === true)
    return "the plan would take away the backups that it copies, and its next run removes them from the copy (remove-vanished)";
  return undefined;
}
