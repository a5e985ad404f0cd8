import type { Site } from "../../../model";
import { type PlannedChange, plannedChanges } from "../../engine/planned-stack";
import { judged, type Rule, type Verdict } from "../../engine/rule";
import { bodyOf, isDestroyed, kindOfChange, labelOf } from "./object-kind";
import { destroyedPlaces, isLostWith, type Place, placeOf } from "./place";

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
    const jobs = of("backup_job").map((job) => ({ label: labelOf(job), ends: job.action === "delete", ...selectionOf(job) }));
    // Once for each storage, since many guests share one.
    const lostWith = of("storage").map((storage) => ({
      name: bodyOf(storage.before).storage,
      lost: lostIn(storage, gone, site),
    }));
    return of("guest")
      .filter(isDestroyed)
      .flatMap((guest): Verdict[] => {
        const own = jobs.filter(({ selects }) => selects(guest));
        const targets = new Set(own.map(({ storage }) => storage));
        const lost = new Set([
          ...own.filter(({ ends }) => ends).map(({ label }) => label),
          ...lostWith.filter(({ name }) => targets.has(name)).flatMap((storage) => storage.lost),
        ]);
        const what = `the plan would ${guest.action} it and take away ${[...lost].join(", ")}`;
        return own.length === 0 ? [] : [judged(labelOf(guest), lost.size > 0 ? what : undefined)];
      });
  },
};

/** What goes of a storage and of the backups behind it. */
function lostIn(storage: PlannedChange, gone: readonly Place[], site: Site): readonly string[] {
  const place = placeOf(storage, site);
  const backups = gone
    .filter((one) => place !== undefined && isLostWith(place, one))
    .map(({ datastore, namespace }) => `the backups in ${[datastore, namespace].filter(Boolean).join("/")}`);
  return [...new Set([...(isDestroyed(storage) ? [labelOf(storage)] : []), ...backups])];
}

/** Where a job writes to, and which guests it takes. */
function selectionOf(job: PlannedChange) {
  const { storage, vmid, all, exclude, pool } = bodyOf(job.before);
  const everyone = all === 1 || all === true;
  const listed = everyone ? exclude : vmid;
  const ids = new Set(typeof listed === "string" ? listed.split(",") : []);
  const selects = ({ before: guest }: PlannedChange): boolean =>
    ids.has(String(guest?.vm_id)) !== everyone || (!everyone && typeof pool === "string" && pool === guest?.pool_id);
  return { storage, selects };
}
