import { member } from "../../../model";
import { onceFor } from "../../engine/once-for";
import type { SynthesizedContext } from "../../engine/rule";
import { recordOf, resourcesOf } from "../../engine/synthesized-stack";

/** A virtual machine or container that the engine makes, as it was synthesized. */
export interface DeclaredGuest {
  /** The guest in the site file, or the resource where the site has no guest of its id. */
  readonly object: string;
  readonly kind: "vm" | "container";
  /** Undefined: known to the engine only. */
  readonly id: number | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const KINDS: Readonly<Record<string, DeclaredGuest["kind"]>> = {
  proxmox_virtual_environment_vm: "vm",
  proxmox_virtual_environment_container: "container",
};

export const declaredGuests = onceFor(({ site, stacks }: SynthesizedContext): readonly DeclaredGuest[] => {
  const names = new Map(Object.entries(site.guests).map(([name, { id }]) => [Number(id), name] as const));
  const guests: DeclaredGuest[] = [];
  for (const { layer, type, name, attributes } of resourcesOf(stacks)) {
    const kind = KINDS[type];
    if (kind === undefined) continue;
    const id = typeof attributes.vm_id === "number" ? attributes.vm_id : undefined;
    const known = id === undefined ? undefined : names.get(id);
    guests.push({ object: known === undefined ? `${layer} ${name}` : member("guests", known), kind, id, attributes });
  }
  return guests;
});

/** Blocks of one kind: the engine takes a single one also without its list. */
export function blocks(value: unknown): Readonly<Record<string, unknown>>[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(recordOf);
}
