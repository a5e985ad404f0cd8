import { type Call, del, type Endpoint, get } from "./endpoint";
import { anyOf } from "./permission";
import { parseRetention } from "./retention";
import { backupStore, backupVolumeId } from "./storage-content";
import { existingStorage } from "./storages";
import { NODE, STORAGE_ID, text, VMID } from "./table";
import { runWorker } from "./workers";

/** What a retention would keep of a storage's backups, and its application. */
export function storagePruneEndpoints(): Endpoint[] {
  const path = "/nodes/{node}/storage/{storage}/prunebackups";
  const parameters = {
    node: NODE,
    storage: STORAGE_ID,
    "prune-backups?": text({ format: "prune-backups" }),
    "type?": text({ enum: ["qemu", "lxc"] }),
    "vmid?": VMID,
  };
  const read = anyOf("/storage/{storage}", "Datastore.Audit", "Datastore.AllocateSpace");
  return [get(path, read, parameters, (call) => pruned(call, true)), del(path, "all", parameters, prune)];
}

function prune(call: Call): string {
  const storage = call.text("storage");
  const vmid = call.maybe("vmid");
  if (vmid === undefined) call.caller.demand(`/storage/${storage}`, "Datastore.Allocate");
  else {
    call.caller.demand(`/storage/${storage}`, "Datastore.AllocateSpace");
    call.caller.demand(`/vms/${vmid}`, "VM.Backup");
  }
  const id = vmid === undefined ? storage : `${vmid}@${storage}`;
  return runWorker(call.pve, { node: call.text("node"), type: "prunebackups", id, user: call.caller.id }, async (log) => {
    for (const { volid, mark } of await pruned(call, false)) log(`${mark} ${volid}`);
  });
}

async function pruned(
  call: Call,
  isDryRun: boolean,
): Promise<{ volid: string; mark: string; ctime: number; type: string; vmid: string }[]> {
  const storage = call.text("storage");
  const retention =
    call.maybe("prune-backups") ?? String(existingStorage(call.pve.state, storage)["prune-backups"] ?? "keep-all=1");
  const { "keep-all": _, ...keep } = parseRetention(retention);
  const store = backupStore(call, storage);
  const wanted = { qemu: "vm", lxc: "ct" }[call.maybe("type") ?? ""];
  const groups = new Map<string, { type: string; id: string }>();
  for (const snapshot of await store.snapshots(call.maybe("vmid"))) {
    const { "backup-type": type, "backup-id": id } = snapshot;
    if (type !== "host" && (wanted === undefined || wanted === type)) groups.set(`${type}/${id}`, { type, id });
  }
  const lists = await Promise.all([...groups.values()].map(({ type, id }) => store.prune(type, id, keep, isDryRun)));
  return lists.flat().map((entry) => ({
    volid: backupVolumeId(storage, entry),
    mark: entry.protected === true ? "protected" : entry.keep ? "keep" : "remove",
    ctime: entry["backup-time"],
    type: entry["backup-type"] === "vm" ? "qemu" : "lxc",
    vmid: entry["backup-id"],
  }));
}
