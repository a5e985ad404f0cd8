import { groupedBy } from "../../engine/grouped-by";
import { onceFor } from "../../engine/once-for";
import type { PlannedChange } from "../../engine/planned-stack";
import { remembered } from "../../engine/remembered";
import { recordOf, resourcesOf, type SynthesizedResource, type SynthesizedStack } from "../../engine/synthesized-stack";

/** An object of a device, as a synthesized stack or a plan knows it. */
export interface NamedObject {
  readonly layer: string;
  /** `restful_resource`. */
  readonly type: string;
  /** `prune_job__pbs__data__critical`: kind and names, as the constructs write them. */
  readonly name: string;
}

/** What an object is for the device, by the list that it stands in: also of those that an escape hatch named as it liked. */
const LISTS: readonly (readonly [path: RegExp, kind: string])[] = [
  [/^\/config\/datastore$/, "datastore"],
  [/^\/admin\/datastore\/[^/]+\/namespace$/, "namespace"],
  [/^\/config\/prune$/, "prune_job"],
  [/^\/config\/sync$/, "sync_job"],
  [/^\/config\/remote$/, "remote"],
  [/^\/storage$/, "storage"],
  [/^\/cluster\/backup$/, "backup_job"],
  [/^\/access\/users$/, "user"],
  [/^\/access\/users\/[^/]+\/token\/[^/]+$/, "token"],
];

const TYPES: Readonly<Record<string, string>> = {
  proxmox_virtual_environment_vm: "guest",
  proxmox_virtual_environment_container: "guest",
  proxmox_virtual_environment_storage_pbs: "storage",
};

const kinds = new Map<string, string>();

/** `datastore`, `prune_job` …; `other` for what no rule of this folder looks at. */
function kindOf({ type }: Pick<NamedObject, "type">, attributes: Readonly<Record<string, unknown>>): string {
  const path = typeof attributes.path === "string" ? attributes.path : "";
  return TYPES[type] ?? remembered(kinds, path, kindOfPath);
}

const byKind = onceFor((stacks: readonly SynthesizedStack[]) =>
  groupedBy(resourcesOf(stacks), (resource) => kindOf(resource, resource.attributes)),
);

/** Those of what was synthesized that are of one kind. */
export const resourcesOfKind = (stacks: readonly SynthesizedStack[], kind: string): readonly SynthesizedResource[] =>
  byKind(stacks).get(kind) ?? [];

const kindOfPath = (path: string): string => LISTS.find(([pattern]) => pattern.test(path))?.[1] ?? "other";

/** The same of a planned change, by what is there before it, else by what comes. */
export const kindOfChange = (change: PlannedChange): string => kindOf(change, change.before ?? change.after ?? {});

/** The plan takes the object that is there now away from its device, whatever it puts in its place. */
export const isDestroyed = ({ action }: PlannedChange): boolean => action === "delete" || action === "replace";

/** What the device is told of an object, before or after the change. */
export const bodyOf = (attributes: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, unknown>> =>
  recordOf(recordOf(attributes).body);

/** As findings name it: `backup-server prune_job__pbs__data__critical`. */
export const labelOf = ({ layer, name }: NamedObject): string => `${layer} ${name}`;

/** Name of the backup server that holds it, which stands first in the name of each of its objects; undefined where an escape hatch named it. */
export function serverOf(change: PlannedChange): string | undefined {
  const [kind, server] = change.name.split("__");
  return kind === kindOfChange(change) ? server : undefined;
}
