import { type PlannedChange, plannedChanges } from "../../engine/planned-stack";
import { judged, type Rule, type Verdict } from "../../engine/rule";
import { bodyOf, isDestroyed, kindOfChange, labelOf } from "./object-kind";
import { destroyedPlaces, isLostWith, placeOf } from "./place";

/**
 * That a job loses the id of a guest that goes is as it should be: the backups stay. What must not go in the same plan is the
 * job as a whole, the place of the backups, and the storage with the key to them.
 */
export const guestKeepsItsBackups: Rule = {
  sentence: "No plan takes a guest away together with its backups",
  plan: ({ site, stacks }) => {
    const changes = plannedChanges(stacks);
    const gone = destroyedPlaces(changes);
    const of = (kind: string) => changes.filter((change) => change.before !== undefined && kindOfChange(change) === kind);
    const [jobs, storages] = [of("backup_job"), of("storage")];
    return of("guest")
      .filter(isDestroyed)
      .flatMap((guest): Verdict[] => {
        const own = jobs.filter((job) => selects(job, guest));
        const targets = own.map((job) => bodyOf(job.before).storage);
        const used = storages.filter(({ before }) => targets.includes(bodyOf(before).storage));
        const places = used.flatMap((storage) => placeOf(storage, site) ?? []);
        const lost = [
          ...own.filter(({ action }) => action === "delete").map(labelOf),
          ...used.filter(isDestroyed).map(labelOf),
          ...gone
            .filter((one) => places.some((place) => isLostWith(place, one)))
            .map(({ datastore, namespace }) => `the backups in ${[datastore, namespace].filter(Boolean).join("/")}`),
        ];
        const what = `the plan would ${guest.action} it and take away ${lost.join(", ")}`;
        return own.length === 0 ? [] : [judged(labelOf(guest), lost.length > 0 ? what : undefined)];
      });
  },
};

function selects(job: PlannedChange, { before: guest }: PlannedChange): boolean {
  const { vmid, all, exclude, pool } = bodyOf(job.before);
  const id = String(guest?.vm_id);
  const lists = (ids: unknown) => typeof ids === "string" && ids.split(",").includes(id);
  if (all === 1 || all === true) return !lists(exclude);
  return lists(vmid) || (pool !== undefined && pool === guest?.pool_id);
}
