import type { Call } from "./endpoint";
import { type GuestKind, joinPool, workOf } from "./guests";
import { emptyFirewall, type Guest } from "./state";
import { startWorker } from "./workers";

/**
 * Brings a guest into being when the worker ends; the status service sees it a little later.
 * @returns the worker's id
 */
export function createGuest(call: Call, kind: GuestKind, config: Guest["config"]): string {
  const { pve } = call;
  const vmid = call.text("vmid");
  const at = pve.now() + pve.timing.taskMs;
  const guest: Guest = {
    node: call.text("node"),
    kind,
    config,
    status: call.flag("start") ? "running" : "stopped",
    startedAt: at,
    knownFrom: at + pve.timing.taskMs / 10,
    firewall: emptyFirewall(),
  };
  pve.updateAccess((draft) => joinPool(draft, vmid, call.maybe("pool")));
  const work = workOf(call, kind === "qemu" ? "qmcreate" : "vzcreate");
  return startWorker(pve, work, [], { kind: "guest-created", vmid, guest });
}

/** The place of a guest whose data is still to come. */
export function emptyGuest(call: Call, kind: GuestKind): Guest {
  const now = call.pve.now();
  return {
    node: call.text("node"),
    kind,
    config: {},
    status: "stopped",
    startedAt: now,
    knownFrom: now,
    firewall: emptyFirewall(),
  };
}
