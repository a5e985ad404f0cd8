import { flagOf } from "../engine/declared-object";
import { judged, type Verdict } from "../engine/rule";
import { type DeviceObject, notYet, openKeys } from "./device-object";

/** A namespace of a datastore, its root included: what jobs of a backup server work on. */
export interface BackupPlace {
  readonly object: DeviceObject;
  readonly device: string;
  readonly datastore: string;
  /** "" is the root. */
  readonly namespace: string;
}

/** Levels below the root namespace: the most that a backup server has. */
const LEVELS = 7;

/** Every datastore's root and every namespace that the objects declare. */
export function backupPlaces(objects: readonly DeviceObject[]): BackupPlace[] {
  return objects.flatMap((object): BackupPlace[] => {
    const { path, device, body } = object;
    if (path === "/config/datastore") return [{ object, device, datastore: String(body.name), namespace: "" }];
    const datastore = /^\/admin\/datastore\/([^/]+)\/namespace$/.exec(path)?.[1];
    if (datastore === undefined) return [];
    const namespace = body.parent === undefined ? String(body.name) : `${String(body.parent)}/${String(body.name)}`;
    return [{ object, device, datastore, namespace }];
  });
}

/** Whether a job reaches a place, by its `store`, `ns` and `max-depth`; without `max-depth` it reaches everything below. */
export function jobReaches({ device, body }: DeviceObject, place: BackupPlace): boolean {
  if (device !== place.device || body.store !== place.datastore) return false;
  const start = body.ns === undefined ? "" : String(body.ns);
  const { namespace } = place;
  if (namespace !== start && start !== "" && !namespace.startsWith(`${start}/`)) return false;
  return levels(namespace) - levels(start) <= (typeof body["max-depth"] === "number" ? body["max-depth"] : LEVELS);
}

/** The keys of a job that decide on what it reaches, and whether it runs. */
export const REACH = ["store", "ns", "max-depth", "schedule", "disable"];

/** Whether a job is there and not switched off. */
export const isActive = ({ body }: DeviceObject): boolean =>
  flagOf(body.disable, false) !== true && body.schedule !== undefined && body.schedule !== "";

/**
 * A verdict for every place: whether an active job that does its work reaches it.
 * @param works whether a job that reaches a place does something there
 */
export function judgePlaces(
  places: readonly BackupPlace[],
  jobs: readonly DeviceObject[],
  works: (job: DeviceObject) => boolean,
  what: (place: string) => string,
): Verdict[] {
  const isUnclear = jobs.some((job) => openKeys(job, REACH).length > 0);
  return places.flatMap((place) => {
    const open = openKeys(place.object, ["name", "parent"]);
    if (open.length > 0) return notYet(place.object, open);
    const isServed = jobs.some((job) => isActive(job) && jobReaches(job, place) && works(job));
    if (!isServed && isUnclear) return notYet(place.object, ["what its jobs reach"]);
    return [judged(place.object.label, isServed ? undefined : what(placeName(place)))];
  });
}

/** A place in words: `the root of data`, `namespace critical of data`. */
const placeName = ({ datastore, namespace }: BackupPlace): string =>
  namespace === "" ? `the root of ${datastore}` : `namespace ${namespace} of ${datastore}`;

const levels = (namespace: string): number => (namespace === "" ? 0 : namespace.split("/").length);
