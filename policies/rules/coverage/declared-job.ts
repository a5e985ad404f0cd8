import { backupJobName, type CalendarEvent, type GuestId, member, parseCalendarEvent } from "../../../model";
import { onceFor } from "../../engine/once-for";
import type { SynthesizedContext } from "../../engine/rule";
import { synthesizedAt } from "../../reading/device-object";
import { flagOf, OPEN, textOf, textsOf } from "../../reading/device-value";

/** A backup job of Proxmox VE as it was synthesized. */
export interface DeclaredJob {
  /** The tier in the site file, or the resource where no tier has such a job. */
  readonly object: string;
  readonly id: string;
  readonly tier?: string;
  /** Undefined: known to the engine only, as everything below. */
  readonly enabled: boolean | undefined;
  readonly schedule: CalendarEvent | undefined;
  readonly storage: string | undefined;
  /** Whether it backs a guest up. Undefined: that cannot be seen here, as with the members of a pool. */
  readonly selects: (guest: GuestId) => boolean | undefined;
  /** Guests that it names. */
  readonly named: readonly GuestId[];
  readonly body: Readonly<Record<string, unknown>>;
}

/** The backup jobs, or undefined if what was synthesized holds no hypervisor to look at. */
export const declaredJobs = onceFor(({ site, stacks }: SynthesizedContext): readonly DeclaredJob[] | undefined => {
  if (!stacks.some(({ layer }) => layer === "hypervisor")) return undefined;
  const tiers = new Map(Object.keys(site.tiers).map((tier) => [backupJobName(site.name, tier), tier] as const));
  return synthesizedAt(stacks, "/cluster/backup").map(({ label, body }) => {
    const id = textOf(body.id) ?? label;
    const tier = tiers.get(id);
    const schedule = parseCalendarEvent(textOf(body.schedule) ?? "");
    return {
      object: tier === undefined ? label : member("tiers", tier),
      id,
      ...(tier === undefined ? {} : { tier }),
      enabled: flagOf(body.enabled, true),
      schedule: "value" in schedule ? schedule.value : undefined,
      storage: textOf(body.storage),
      selects: selection(body),
      named: guestsOf(body.vmid) ?? [],
      body,
    };
  });
});

function selection(body: DeclaredJob["body"]): DeclaredJob["selects"] {
  const all = flagOf(body.all, false);
  if (all === undefined || (body.pool !== undefined && body.pool !== null)) return () => undefined;
  const named = guestsOf(all ? body.exclude : body.vmid);
  if (named === undefined) return () => undefined;
  const guests = new Set(named);
  return (guest) => guests.has(guest) !== all;
}

/** Undefined: known to the engine only. */
function guestsOf(value: unknown): GuestId[] | undefined {
  if (value === OPEN) return undefined;
  return (textsOf(value) ?? []).map((text) => Number(text) as GuestId);
}
