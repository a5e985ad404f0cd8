import type { Call } from "./endpoint";
import { emptyGuest } from "./guest-birth";
import { generatedVmConfig, storedConfig, withNewAddresses } from "./guest-config";
import { checkProtection, workOf } from "./guests";
import type { Properties, Values } from "./property";
import { VM } from "./qemu-table";
import { refuse, refuseParameters } from "./refusal";
import type { Guest } from "./state";
import { backupStore, findBackup, parseBackupVolume } from "./storage-content";
import { table } from "./table";
import { runWorker } from "./workers";

const DRIVE = /^((ide|sata|scsi|virtio)\d+|efidisk0|tpmstate0)$/;
const SETTINGS: Properties = table(VM);

/**
 * Restores a virtual machine from a backup server. The lab's backups hold no data: the restored guest is like the one that was
 * backed up, where that still exists, else a small one.
 * @returns the worker's id
 */
export function restoreVm(call: Call, settings: Values): string {
  const drive = Object.keys(settings)
    .sort()
    .find((name) => DRIVE.test(name));
  if (drive !== undefined) refuseParameters({ [drive]: "option conflicts with option 'archive'" });
  return restore(call, "qemu", settings, call.text("archive"));
}

/** Restores a container. @returns the worker's id */
export function restoreContainer(call: Call, settings: Values): string {
  return restore(call, "lxc", settings, call.text("ostemplate"));
}

function restore(call: Call, kind: Guest["kind"], settings: Values, archive: string): string {
  const { pve } = call;
  const vmid = call.text("vmid");
  const noun = kind === "qemu" ? "VM" : "CT";
  const { storage, snapshot } = parseBackupVolume(archive);
  const store = backupStore(call, storage);
  const before = pve.state.guests[vmid];
  if (before !== undefined) checkOverwrite(call, before, noun);
  const origin = pve.state.guests[snapshot["backup-id"]];
  // The place is taken before the data is there, and stays taken where the restore fails.
  pve.update((draft) => {
    if (before === undefined) draft.guests[vmid] = emptyGuest(call, kind);
  });
  return runWorker(pve, workOf(call, kind === "qemu" ? "qmrestore" : "vzrestore"), async (log) => {
    await findBackup(archive, store, snapshot);
    log(`restore ${kind === "qemu" ? "proxmox backup image" : "archive"}: ${archive}`);
    const config = restoredConfig(call, origin?.kind === kind ? origin : undefined, settings, kind);
    pve.update((draft) => {
      const guest = draft.guests[vmid];
      if (guest === undefined) return;
      guest.config = config;
      guest.status = call.flag("start") || call.flag("live-restore") ? "running" : "stopped";
      guest.startedAt = pve.now();
    });
  });
}

function checkOverwrite(call: Call, guest: Guest, noun: string): void {
  const vmid = call.text("vmid");
  const text = `unable to restore ${noun} ${vmid}`;
  if (!call.flag("force")) refuse(`${text} - ${noun} ${vmid} already exists on node '${guest.node}'`);
  checkProtection(guest, text);
  if (guest.status === "running") refuse(noun === "VM" ? `${text} - vm is running` : "can't overwrite running container");
}

function restoredConfig(call: Call, origin: Guest | undefined, settings: Values, kind: Guest["kind"]): Guest["config"] {
  const vmid = call.text("vmid");
  const storage = call.maybe("storage") ?? "vmdata";
  const small =
    kind === "qemu" ? { memory: "512", scsi0: "vmdata:1/disk,size=1G" } : { memory: 512, rootfs: "vmdata:1/disk,size=1G" };
  const source = origin?.config ?? small;
  const moved = Object.entries(source).map(([name, value], index) => {
    const isDisk = DRIVE.test(name) || /^(rootfs|mp\d+)$/.test(name);
    return [name, isDisk ? String(value).replace(/^[^,]+/, `${storage}:${vmid}/vm-${vmid}-disk-${index}.raw`) : value] as const;
  });
  const config = { ...Object.fromEntries(moved), ...storedConfig(call.pve.state, SETTINGS, vmid, settings) };
  const complete = kind === "qemu" ? generatedVmConfig(config, call.pve.seconds()) : config;
  return call.flag("unique") ? withNewAddresses(complete, vmid) : complete;
}
