import type { Call } from "./endpoint";
import { digestOf } from "./hypervisor";
import { refuse, refuseParameters, refusePermission } from "./refusal";
import type { Guest, PveState } from "./state";
import type { Work } from "./workers";

export type GuestKind = Guest["kind"];

/** Where the product keeps the settings of a guest; its error texts name the file. */
function configFile(node: string, kind: GuestKind, vmid: string): string {
  return `nodes/${node}/${kind === "qemu" ? "qemu-server" : "lxc"}/${vmid}.conf`;
}

/** @throws Refusal 500 with the missing file, as the product words it */
export function existingGuest(state: Readonly<PveState>, call: Call, kind: GuestKind): Guest {
  const vmid = call.text("vmid");
  const node = call.text("node");
  const guest = state.guests[vmid];
  if (guest?.kind !== kind || guest.node !== node) refuse(`Configuration file '${configFile(node, kind, vmid)}' does not exist`);
  return guest;
}

/** A worker of the called node for the called guest. */
export function workOf(call: Call, type: string): Work {
  return { node: call.text("node"), type, id: call.text("vmid"), user: call.caller.id };
}

/** The settings with the digest that a change can be tied to; a password is not shown. */
export function shownConfig(config: Guest["config"]): Record<string, string | number> {
  const hidden = config.cipassword === undefined ? {} : { cipassword: "**********" };
  return { ...config, ...hidden, digest: digestOf(config) };
}

/** @throws Refusal where the guest was changed since */
export function checkGuestDigest(call: Call, guest: Guest): void {
  if (call.has("digest") && call.text("digest") !== digestOf(guest.config)) {
    refuse("checksum missmatch (file change by other user?)");
  }
}

/** @throws Refusal where the guest must not be removed */
export function checkProtection(guest: Guest, text: string): void {
  if (guest.config.protection === 1) refuse(`${text} - protection mode enabled`);
}

/** Who may bring a new guest into being. @throws Refusal 403 */
export function checkMayCreate(call: Call): void {
  const pool = call.maybe("pool");
  if (pool !== undefined && call.pve.state.pools[pool] === undefined) refusePermission(`pool '${pool}' does not exist`);
  const storage = call.maybe("storage");
  if (storage !== undefined) call.caller.demand(`/storage/${storage}`, "Datastore.AllocateSpace");
  const may =
    call.caller.has(`/vms/${call.text("vmid")}`, "VM.Allocate") ||
    (pool !== undefined && call.caller.has(`/pool/${pool}`, "VM.Allocate"));
  const overwrites = call.flag("force") === true && call.caller.has(`/vms/${call.text("vmid")}`, "VM.Backup");
  if (!may && !overwrites) refusePermission();
}

/** What only the administrator's login may ask for. @throws Refusal 400 */
export function rootOnly(call: Call, ...names: string[]): void {
  for (const name of names) {
    if (call.has(name) && call.text(name) !== "0" && call.caller.id !== "root@pam") {
      refuseParameters({ [name]: "Only root may use this option." });
    }
  }
}

/** Puts a new guest into its pool. */
export function joinPool(draft: PveState, vmid: string, pool: string | undefined): void {
  if (pool !== undefined) draft.pools[pool]?.vms.push(Number(vmid));
}
