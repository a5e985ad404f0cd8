import type { Site } from "../../../model";
import type { PlannedChange } from "../../engine/planned-stack";
import { bodyOf, isDestroyed, kindOfChange, serverOf } from "./object-kind";

/** Where backups lie. */
export interface Place {
  /** Name of the backup server. Undefined: it cannot be told, and may be any. */
  readonly server: string | undefined;
  readonly datastore: string;
  /** Full path. Empty: the root and all below. */
  readonly namespace: string;
}

/** The datastores and namespaces that a plan takes away. */
export function destroyedPlaces(changes: readonly PlannedChange[]): Place[] {
  return changes.filter(isDestroyed).flatMap((change): Place[] => {
    const kind = kindOfChange(change);
    const body = bodyOf(change.before);
    if (kind === "datastore") return [{ server: serverOf(change), datastore: String(body.name), namespace: "" }];
    if (kind !== "namespace") return [];
    const datastore = String(change.before?.path).split("/")[3] ?? "";
    const namespace = [body.parent, body.name].flatMap((part) => (part === undefined || part === null ? [] : [String(part)]));
    return [{ server: serverOf(change), datastore, namespace: namespace.join("/") }];
  });
}

/** Whether what lies directly in the one place is gone with the other. */
export const isLostWith = (place: Place, gone: Place): boolean => sameStore(place, gone) && within(place, gone);

/** Whether the one place lies in the other, or the other way round. */
export const overlap = (one: Place, other: Place): boolean => sameStore(one, other) && (within(one, other) || within(other, one));

const sameStore = (one: Place, other: Place): boolean =>
  one.datastore === other.datastore && (one.server === undefined || other.server === undefined || one.server === other.server);

const within = ({ namespace }: Place, { namespace: root }: Place): boolean =>
  root === "" || namespace === root || namespace.startsWith(`${root}/`);

/** The place that a storage of the hypervisors, or a prune job, stands for. Undefined: its body does not say. */
export function placeOf(change: PlannedChange, site: Site): Place | undefined {
  const body = bodyOf(change.before ?? change.after);
  const storage = kindOfChange(change) === "storage";
  const datastore = storage ? body.datastore : body.store;
  const namespace = storage ? body.namespace : body.ns;
  if (typeof datastore !== "string") return undefined;
  const server = storage ? serverAt(body.server, site) : serverOf(change);
  return { server, datastore, namespace: typeof namespace === "string" ? namespace : "" };
}

/** Name of the backup server of the site that has an address. An address that is not known is nobody's. */
export const serverAt = (address: unknown, site: Site): string | undefined =>
  Object.entries(site.backupServers).find(
    ([, server]) => address !== undefined && (address === server.address || address === server.address6),
  )?.[0];
