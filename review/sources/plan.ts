import { parseGuestId, type Site } from "../../model";
import type { Configuration, GuestFacts } from "../configuration";
import { COLLECTIONS, configurationOfApi, TIME } from "./api";
import { type ApiObject, type MissingCollection, optional } from "./api-object";
import { type PlannedDrift, plannedDrift, type Replacement, replacementOf } from "./plan-changes";
import { type PlanDocument, type ReadablePlan, type ResourceChange, readablePlans, record } from "./plan-document";
import { plannedObject, type Side } from "./planned-object";

/** What a plan says: how it is, how it would be, and what else a reviewer must know. */
export interface PlanSides {
  /** As the devices are now: what was changed by hand is in it. */
  readonly before: Configuration;
  readonly after: Configuration;
  /** Objects that are destroyed and made anew, by address. */
  readonly replaced: readonly Replacement[];
  /** What somebody else changed on the devices since the last apply, by address. */
  readonly drift: readonly PlannedDrift[];
}

/**
 * Both sides of the plans of a site, read together: a storage is in one plan and its datastore in another. Only objects that
 * Bastide makes are in a plan; those of others are seen on the devices alone. What a layer without a plan holds is unknown.
 * @param site for the side after; what no device knows comes from it
 * @param siteBefore for the side before, where it is another one
 * @throws UserError with every plan that cannot be read: of an unknown format, incomplete, cut off
 */
export function planSides(documents: readonly PlanDocument[], site: Site, siteBefore: Site = site): PlanSides {
  const plans = readablePlans(documents);
  const before = new Collected();
  const after = new Collected();
  const replaced: Replacement[] = [];
  for (const plan of plans) {
    for (const entry of plan.changes) {
      if (entry.mode === "data" || entry.deposed !== undefined) continue;
      before.add(plan.layer, entry, sideBefore(entry));
      after.add(plan.layer, entry, sideAfter(entry));
      const replacement = replacementOf(plan.layer, entry);
      if (replacement !== undefined) replaced.push(replacement);
    }
  }
  const missing = missingLayers(plans, site);
  return {
    before: before.configuration(missing, siteBefore),
    after: after.configuration(missing, site),
    replaced,
    drift: plans.flatMap(plannedDrift),
  };
}

function sideBefore({ change }: ResourceChange): Side | undefined {
  return change.before ? { values: change.before, sensitive: change.before_sensitive } : undefined;
}

/** What the engine only forgets stays on its device. */
function sideAfter(entry: ResourceChange): Side | undefined {
  const { change } = entry;
  if (change.actions.includes("forget")) return sideBefore(entry);
  return change.after ? { values: change.after, unknown: change.after_unknown, sensitive: change.after_sensitive } : undefined;
}

/** One side of all plans. */
class Collected {
  readonly #objects: ApiObject[] = [];
  readonly #unreadable: MissingCollection[] = [];
  readonly #machines: GuestFacts[] = [];
  /** By the form in which an id writes them. */
  readonly #servers = new Map<string, string>();

  add(layer: string, entry: ResourceChange, side: Side | undefined): void {
    if (side === undefined) return;
    if (entry.type === "restful_resource") this.#addObject(this.#deviceOf(layer, entry.name), side);
    else if (entry.type === "proxmox_virtual_environment_vm") this.#addMachine(side);
    else if (entry.type === "proxmox_virtual_environment_time") {
      this.#objects.push({ device: "hypervisor", collection: TIME, object: { timezone: side.values.time_zone } });
    }
  }

  configuration(missing: readonly MissingCollection[], site: Site): Configuration {
    const machines = new Map(this.#machines.map((guest) => [guest.id, guest]));
    const others = Object.entries(site.guests).filter(([, { id }]) => !machines.has(id));
    const guests = [...machines.values(), ...others.map(([name, { id }]): GuestFacts => ({ id, name, owned: false }))];
    return configurationOfApi({ objects: this.#objects, missing: [...missing, ...this.#unreadable], guests }, site);
  }

  /** A body that is known as a whole only later could be anything in its list. */
  #addObject(device: string, side: Side): void {
    const object = plannedObject(device, side);
    if (object === undefined) return;
    const { collection } = object;
    const reason = object.unknown?.get("");
    if (reason === undefined) this.#objects.push(object);
    else this.#unreadable.push({ device, collection, reason });
  }

  #addMachine({ values, unknown }: Side): void {
    const parsed = parseGuestId(Number(values.vm_id));
    if ("problem" in parsed) return;
    this.#machines.push({
      id: parsed.value,
      ...(typeof values.name === "string" ? { name: values.name } : {}),
      ...optional("excludedDisks", excludedDisks(values.disk, record(unknown).disk)),
      owned: true,
    });
  }

  /** Where a stack has several devices, the device's name stands behind the kind in the id (`constructs/construct-id.ts`). */
  #deviceOf(layer: string, name: string): string {
    if (layer !== "backup-server") return layer;
    const [, written = ""] = name.split("__", 2);
    const known = this.#servers.get(written) ?? decodeURIComponent(written.replace(/_([0-9a-f]{2})/g, "%$1"));
    this.#servers.set(written, known);
    return known;
  }
}

/** @returns undefined where it is known only after the apply which disks are left out */
function excludedDisks(disks: unknown, unknown: unknown): readonly string[] | undefined {
  const marks: readonly unknown[] = Array.isArray(unknown) ? unknown : [unknown];
  if (marks.some((mark) => mark === true || record(mark).backup === true)) return undefined;
  return (Array.isArray(disks) ? disks : [])
    .map(record)
    .filter(({ backup }) => backup === false)
    .map((disk) => String(disk.interface))
    .sort();
}

/** A site without a firewall has no such layer. */
function missingLayers(plans: readonly ReadablePlan[], site: Site): MissingCollection[] {
  const layers = ["backup-server", "hypervisor", ...(site.firewall === undefined ? [] : ["firewall"])];
  return layers
    .filter((layer) => !plans.some((plan) => plan.layer === layer))
    .flatMap((layer) =>
      (COLLECTIONS[layer] ?? []).map((collection) => ({
        device: layer,
        collection,
        reason: `there is no plan of the layer ${layer}`,
      })),
    );
}
