import { groupedBy } from "../engine/grouped-by";
import { onceFor } from "../engine/once-for";
import { remembered } from "../engine/remembered";
import { judged, type Verdict } from "../engine/rule";
import { type DeviceObject, notYet, openKeys } from "./device-object";
import { flagOf } from "./device-value";

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
export const backupPlaces = onceFor((objects: readonly DeviceObject[]): readonly BackupPlace[] =>
  objects.filter(({ path }) => path === "/config/datastore" || NAMESPACES.test(path)).map(placeOf),
);

const NAMESPACES = /^\/admin\/datastore\/([^/]+)\/namespace$/;

function placeOf(object: DeviceObject): BackupPlace {
  const { path, device, body } = object;
  const datastore = NAMESPACES.exec(path)?.[1];
  if (datastore === undefined) return { object, device, datastore: String(body.name), namespace: "" };
  const namespace = body.parent === undefined ? String(body.name) : `${String(body.parent)}/${String(body.name)}`;
  return { object, device, datastore, namespace };
}

/**
 * Which jobs reach a place, by their `store`, `ns` and `max-depth`; without `max-depth` they reach everything below. Looked up by
 * where a job begins, so that a server with many takes no longer than its reading.
 */
export function reachOf(jobs: readonly DeviceObject[]): (place: BackupPlace) => readonly DeviceObject[] {
  const beginning = byBeginning(jobs);
  const reaching = new Map<string, readonly DeviceObject[]>();
  return ({ device, datastore, namespace }) =>
    remembered(reaching, keyOf(device, datastore, namespace), () =>
      lineage(namespace).flatMap((start) =>
        (beginning.get(keyOf(device, datastore, start)) ?? []).filter(
          ({ body }) => levels(namespace) - levels(start) <= (typeof body["max-depth"] === "number" ? body["max-depth"] : LEVELS),
        ),
      ),
    );
}

/** Jobs by device, datastore and the namespace in which they begin. */
export const byBeginning = (jobs: readonly DeviceObject[]): ReadonlyMap<string, readonly DeviceObject[]> =>
  groupedBy(jobs, beginningOf);

const beginningOf = (job: DeviceObject): string => keyOf(job.device, job.body.store, namespaceOf(job));

/** The namespace in which a job begins. */
export const namespaceOf = ({ body }: DeviceObject): string => (body.ns === undefined ? "" : String(body.ns));

/** A namespace and those above it, up to the root: `a/b`, `a`, "". */
export function lineage(namespace: string): string[] {
  const parts = namespace === "" ? [] : namespace.split("/");
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join("/")), ""];
}

export const keyOf = (device: string, datastore: unknown, namespace: string): string =>
  `${device} ${String(datastore)} ${namespace}`;

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
  const reaching = reachOf(jobs.filter((job) => isActive(job) && works(job)));
  const isUnclear = jobs.some((job) => openKeys(job, REACH).length > 0);
  return places.flatMap((place) => {
    const open = openKeys(place.object, ["name", "parent"]);
    if (open.length > 0) return notYet(place.object, open);
    const isServed = reaching(place).length > 0;
    if (!isServed && isUnclear) return notYet(place.object, ["what its jobs reach"]);
    return [judged(place.object.label, isServed ? undefined : what(placeName(place)))];
  });
}

/** A place in words: `the root of data`, `namespace critical of data`. */
const placeName = ({ datastore, namespace }: BackupPlace): string =>
  namespace === "" ? `the root of ${datastore}` : `namespace ${namespace} of ${datastore}`;

const levels = (namespace: string): number => (namespace === "" ? 0 : namespace.split("/").length);
