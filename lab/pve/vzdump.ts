import { checkRestricted, checkSelection, selectedGuests, targetStorage } from "./backup-selection";
import type { Snapshot } from "./backup-store";
import { type Call, type Endpoint, get, post } from "./endpoint";
import { disksOf, sizeBytes } from "./guest-disks";
import { BACKUP } from "./job-table";
import { Refusal, refuse, refuseParameters } from "./refusal";
import type { Guest } from "./state";
import { backupStore } from "./storage-content";
import { existingStorage } from "./storages";
import { flag, NODE, STORAGE_ID, text } from "./table";
import { runWorker } from "./workers";

/** Backups at once. */
export function vzdumpEndpoints(): Endpoint[] {
  return [
    post(
      "/nodes/{node}/vzdump",
      "all",
      { ...BACKUP, "job-id?": text({ pattern: "\\S+", maxLength: 50 }), "stdout?": flag() },
      backUp,
    ),
    get("/nodes/{node}/vzdump/defaults", "all", { node: NODE, "storage?": STORAGE_ID }, defaults),
  ];
}

function defaults(call: Call): unknown {
  const id = call.maybe("storage") ?? "local";
  call.caller.demandAny(`/storage/${id}`, "Datastore.Audit", "Datastore.AllocateSpace");
  const retention = existingStorage(call.pve.state, id)["prune-backups"];
  return { storage: id, ...(retention === undefined ? {} : { "prune-backups": retention }) };
}

function backUp(call: Call): string {
  const { pve, caller } = call;
  if (call.flag("stdout")) refuseParameters({ stdout: "option is only allowed on the command line interface." });
  checkRestricted(caller, { ...call.values });
  const storage = targetStorage({ ...call.values });
  if (call.has("prune-backups") && caller.id !== "root@pam" && storage !== undefined)
    caller.demand(`/storage/${storage}`, "Datastore.Allocate");
  checkSelection(call.values, true);
  const chosen = selectedGuests(pve.state, { ...call.values, node: undefined });
  const here = chosen.filter((vmid) => (pve.state.guests[vmid]?.node ?? call.text("node")) === call.text("node"));
  if (call.flag("stop")) caller.demand(`/nodes/${call.text("node")}`, "Sys.Modify");
  if (here.length === 0 && (call.flag("stop") || !call.flag("all"))) return "OK";
  if (storage !== undefined) caller.demand(`/storage/${storage}`, "Datastore.AllocateSpace");
  const work = { node: call.text("node"), type: "vzdump", id: here.length === 1 ? (here[0] ?? "") : "", user: caller.id };
  return runWorker(pve, work, (log) => run(call, storage, here, log));
}

/** One guest after the other; a failed one does not stop the others, but the worker ends with an error. */
async function run(
  call: Call,
  storage: string | undefined,
  guests: readonly string[],
  log: (line: string) => void,
): Promise<void> {
  if (storage === undefined) refuse("backups to a directory are no part of the lab");
  const { type, content } = existingStorage(call.pve.state, storage);
  if (!String(content).split(",").includes("backup")) {
    refuse(`could not get storage information for '${storage}': storage '${storage}' does not support backups`);
  }
  log(
    `INFO: starting new backup job: vzdump ${guests.join(" ")} --storage ${storage} --mode ${call.maybe("mode") ?? "snapshot"}`,
  );
  let failed = 0;
  for (const vmid of guests) {
    try {
      if (type === "pbs") await backUpGuest(call, storage, vmid, log);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      failed += 1;
      log(`ERROR: Backup of VM ${vmid} failed - ${error.text}`);
    }
  }
  log(`INFO: Backup job finished${failed === 0 ? " successfully" : " with errors"}`);
  if (failed > 0) refuse("job errors");
}

async function backUpGuest(call: Call, storage: string, vmid: string, log: (line: string) => void): Promise<void> {
  const { pve } = call;
  const guest = pve.state.guests[vmid] ?? refuse(`unable to find VM '${vmid}'`);
  if (!call.caller.has(`/vms/${vmid}`, "VM.Backup")) refuse(`no permission to back up VM ${vmid}`);
  log(`INFO: Starting Backup of VM ${vmid} (${guest.kind})`);
  const store = backupStore(call, storage);
  await store.activate();
  await store.register(newSnapshot(call, storage, vmid, guest));
  log(`INFO: Finished Backup of VM ${vmid} (00:00:01)`);
}

/** What the backup server is told of a backup: as many files as the real client would upload. */
function newSnapshot(call: Call, storage: string, vmid: string, guest: Guest): Snapshot {
  const key = call.pve.state.storages[storage]?.["encryption-key"];
  const mode = key === undefined ? "none" : "encrypt";
  const images = disksOf(guest).map(({ key: name, options }) => ({
    filename: `drive-${name}.img.fidx`,
    size: sizeBytes(options.size),
  }));
  const parts =
    guest.kind === "qemu"
      ? [{ filename: "qemu-server.conf.blob", size: 400 }, ...images]
      : [
          { filename: "pct.conf.blob", size: 300 },
          { filename: "root.pxar.didx", size: images.reduce((sum, { size }) => sum + size, 0) },
          { filename: "catalog.pcat1.didx", size: 1000 },
        ];
  const files = [
    ...parts.map((file) => ({ ...file, "crypt-mode": mode })),
    { filename: "index.json.blob", size: 600, "crypt-mode": key === undefined ? "none" : "sign-only" },
  ];
  return {
    "backup-type": guest.kind === "qemu" ? "vm" : "ct",
    "backup-id": vmid,
    "backup-time": call.pve.seconds(),
    size: files.reduce((sum, file) => sum + file.size, 0),
    files,
    ...(key === undefined || key === "1" ? {} : { fingerprint: String(key) }),
    ...(call.has("notes-template") ? { comment: notes(call, vmid, guest) } : {}),
    ...(call.flag("protected") ? { protected: true } : {}),
  };
}

function notes(call: Call, vmid: string, guest: Guest): string {
  const values: Record<string, string> = {
    vmid,
    node: guest.node,
    cluster: "standalone node - no cluster configured",
    guestname: String(guest.config[guest.kind === "qemu" ? "name" : "hostname"] ?? vmid),
  };
  const filled = call.text("notes-template").replace(/\{\{(\w+)\}\}/g, (all, name: string) => values[name] ?? all);
  return filled.replace(/\\n/g, "\n").replace(/\\\\/g, "\\");
}
