import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { createGuest } from "./guest-birth";
import { generatedVmConfig, imageStorage, storedConfig } from "./guest-config";
import { disksOf } from "./guest-disks";
import { resizeDisk } from "./guest-resize";
import { checkGuestDigest, checkMayCreate, checkProtection, existingGuest, rootOnly, shownConfig, workOf } from "./guests";
import { anyOf, perm } from "./permission";
import type { Values } from "./property";
import { VM } from "./qemu-table";
import { refuse, refuseParameters } from "./refusal";
import { restoreVm } from "./restore";
import { DELETE, flag, integer, NODE, STORAGE_ID, table, text, VMID } from "./table";
import { startWorker } from "./workers";

const GUEST = { node: NODE, vmid: VMID };
const ONE = "/nodes/{node}/qemu/{vmid}";
const SETTINGS = table(VM);
const DISK = text({ enum: driveNames("ide", "scsi", "virtio", "sata", "efidisk", "tpmstate") });
const MOVABLE = text({ enum: driveNames("ide", "scsi", "virtio", "sata", "efidisk", "tpmstate", "unused") });
const DIGEST = text({ maxLength: 40 });
const CREATE_ONLY = {
  "archive?": text({ maxLength: 255 }),
  "bwlimit?": integer({ minimum: 0 }),
  "ha-managed?": flag(),
  "import-working-storage?": STORAGE_ID,
  "live-restore?": flag(),
  "pool?": text({ format: "pve-poolid" }),
  "start?": flag(),
  "storage?": STORAGE_ID,
  "unique?": flag({ requires: "archive" }),
};
const CHANGE_ONLY = {
  "force?": flag({ requires: "delete" }),
  "delete?": DELETE,
  "digest?": DIGEST,
  "revert?": DELETE,
  "skiplock?": flag(),
};
const CONFIGURE = anyOf(
  "/vms/{vmid}",
  "VM.Config.Disk",
  "VM.Config.CDROM",
  "VM.Config.CPU",
  "VM.Config.Memory",
  "VM.Config.Network",
  "VM.Config.HWType",
  "VM.Config.Options",
  "VM.Config.Cloudinit",
);

/** Virtual machines: creation, settings, disks, end. */
export function qemuEndpoints(): Endpoint[] {
  const audit = perm("/vms/{vmid}", "VM.Audit");
  const disk = perm("/vms/{vmid}", "VM.Config.Disk");
  const agent = anyOf("/vms/{vmid}", "VM.GuestAgent.Audit", "VM.GuestAgent.Unrestricted");
  return [
    post("/nodes/{node}/qemu", "all", { ...GUEST, ...VM, ...CREATE_ONLY, "force?": flag({ requires: "archive" }) }, createVm),
    get(
      `${ONE}/config`,
      audit,
      { ...GUEST, "current?": flag(), "snapshot?": text({ format: "pve-configid", maxLength: 40 }) },
      (call) => shownConfig(existingGuest(call.pve.state, call, "qemu").config),
    ),
    put(`${ONE}/config`, CONFIGURE, { ...GUEST, ...VM, ...CHANGE_ONLY }, changeVm),
    post(
      `${ONE}/config`,
      CONFIGURE,
      {
        ...GUEST,
        ...VM,
        ...CHANGE_ONLY,
        "background_delay?": integer({ minimum: 1, maximum: 30 }),
        "import-working-storage?": STORAGE_ID,
      },
      (call) => {
        changeVm(call);
        return startWorker(call.pve, workOf(call, "qmconfig"), []);
      },
    ),
    get(`${ONE}/pending`, audit, GUEST, (call) => {
      const { config } = existingGuest(call.pve.state, call, "qemu");
      return Object.entries(config).map(([key, value]) => ({ key, value }));
    }),
    get(`${ONE}/cloudinit`, audit, GUEST, () => []),
    put(`${ONE}/cloudinit`, perm("/vms/{vmid}", "VM.Config.Cloudinit"), GUEST, (call) => {
      existingGuest(call.pve.state, call, "qemu");
    }),
    put(
      `${ONE}/resize`,
      disk,
      { ...GUEST, disk: DISK, size: text({ pattern: "\\+?\\d+(\\.\\d+)?[KMGT]?" }), "digest?": DIGEST, "skiplock?": flag() },
      (call) => resizeDisk(call, "qemu"),
    ),
    post(
      `${ONE}/move_disk`,
      disk,
      {
        ...GUEST,
        disk: MOVABLE,
        "storage?": STORAGE_ID,
        "format?": text({ enum: ["raw", "qcow2", "vmdk"] }),
        "delete?": flag(),
        "digest?": DIGEST,
        "bwlimit?": integer({ minimum: 0 }),
        "target-vmid?": VMID,
        "target-disk?": MOVABLE,
        "target-digest?": DIGEST,
      },
      moveDisk,
    ),
    post(`${ONE}/agent/ping`, agent, GUEST, askAgent),
    get(`${ONE}/agent/network-get-interfaces`, agent, GUEST, askAgent),
    del(
      ONE,
      perm("/vms/{vmid}", "VM.Allocate"),
      { ...GUEST, "destroy-unreferenced-disks?": flag(), "purge?": flag(), "skiplock?": flag() },
      destroyVm,
    ),
  ];
}

function driveNames(...kinds: string[]): string[] {
  return kinds.flatMap((kind) => Object.keys(SETTINGS).filter((name) => name.replace(/\d+$/, "") === kind));
}

/** Settings of the guest alone, without what steers the call. */
function settingsOf(call: Call): Values {
  return Object.fromEntries(Object.entries(call.values).filter(([name]) => SETTINGS[name] !== undefined && name !== "force"));
}

function createVm(call: Call): string {
  const vmid = call.text("vmid");
  checkMayCreate(call);
  if (call.has("archive")) return restoreVm(call, settingsOf(call));
  if (call.pve.state.guests[vmid] !== undefined) {
    refuse(`unable to create VM ${vmid} - VM ${vmid} already exists on node '${call.pve.state.guests[vmid].node}'`);
  }
  const settings = settingsOf(call);
  const config = generatedVmConfig(storedConfig(call.pve.state, SETTINGS, vmid, settings), call.pve.seconds());
  return createGuest(call, "qemu", config);
}

function changeVm(call: Call): void {
  rootOnly(call, "skiplock");
  const vmid = call.text("vmid");
  call.pve.update((draft) => {
    const guest = existingGuest(draft, call, "qemu");
    checkGuestDigest(call, guest);
    const settings = settingsOf(call);
    const gone = call.items("delete");
    if (Object.keys(settings).length + gone.length + call.items("revert").length === 0) refuse("no options specified");
    for (const name of gone) {
      if (SETTINGS[name] === undefined) refuseParameters({ delete: `unknown option '${name}'` });
      if (settings[name] !== undefined)
        refuseParameters({ delete: `you can't use '-${name}' and -delete ${name}' at the same time` });
      const isDisk = disksOf(guest).some(({ key }) => key === name);
      if (isDisk) checkProtection(guest, `can't remove drive '${name}'`);
      delete guest.config[name];
    }
    Object.assign(guest.config, storedConfig(draft, SETTINGS, vmid, settings, guest.config));
  });
}

function moveDisk(call: Call): string {
  const guest = existingGuest(call.pve.state, call, "qemu");
  const name = call.text("disk");
  const storage = call.maybe("storage");
  if (call.has("target-vmid") || storage === undefined) refuse("moving a disk to another guest is no part of the lab");
  imageStorage(call.pve.state, storage);
  if (guest.config[name] === undefined) refuse(`disk '${name}' does not exist`);
  call.pve.update((draft) => {
    const { config } = existingGuest(draft, call, "qemu");
    config[name] = String(config[name]).replace(/^[^:]+:/, `${storage}:`);
  });
  return startWorker(call.pve, workOf(call, "qmmove"), []);
}

/** No guest of the lab runs an agent. */
function askAgent(call: Call): never {
  const guest = existingGuest(call.pve.state, call, "qemu");
  const isOn = /(^|,)(enabled=)?1(,|$)/.test(String(guest.config.agent ?? ""));
  if (!isOn) refuse("No QEMU guest agent configured");
  if (guest.status !== "running") refuse(`VM ${call.text("vmid")} is not running`);
  return refuse("QEMU guest agent is not running");
}

function destroyVm(call: Call): string {
  rootOnly(call, "skiplock");
  const vmid = call.text("vmid");
  const guest = existingGuest(call.pve.state, call, "qemu");
  checkProtection(guest, `can't remove VM ${vmid}`);
  if (guest.status === "running") refuse(`VM ${vmid} is running - destroy failed`);
  return startWorker(call.pve, workOf(call, "qmdestroy"), [], {
    kind: "guest-destroyed",
    vmid,
    purge: call.flag("purge") === true,
  });
}
