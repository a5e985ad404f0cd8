import { BackupStore, type Snapshot } from "./backup-store";
import { type Call, del, type Endpoint, get, put } from "./endpoint";
import { disksOf, sizeBytes } from "./guest-disks";
import { anyOf } from "./permission";
import { refuse, refuseParameters } from "./refusal";
import type { StorageConfig } from "./state";
import { existingStorage, unavailable } from "./storages";
import { flag, integer, NODE, STORAGE_ID, text, VMID } from "./table";
import { runWorker } from "./workers";

const READ = anyOf("/storage/{storage}", "Datastore.Audit", "Datastore.AllocateSpace");
const VOLUME = text();

/** What lies on a storage: disks of guests, and the backups of a backup server. */
export function storageContentEndpoints(): Endpoint[] {
  const storage = { node: NODE, storage: STORAGE_ID };
  const list = "/nodes/{node}/storage/{storage}/content";
  const volume = { node: NODE, "storage?": STORAGE_ID, volume: VOLUME };
  return [
    get(list, READ, { ...storage, "content?": text({ format: "pve-storage-content" }), "vmid?": VMID }, listContent),
    get(`${list}/{volume...}`, "all", volume, readVolume),
    put(`${list}/{volume...}`, "all", { ...volume, "notes?": text(), "protected?": flag() }, updateVolume),
    del(`${list}/{volume...}`, "all", { ...volume, "delay?": integer({ minimum: 1, maximum: 30 }) }, deleteVolume),
  ];
}

/** A backup that a volume id names. */
export interface BackupVolume {
  readonly volid: string;
  readonly store: BackupStore;
  readonly snapshot: Snapshot;
}

/** The credential and address of a storage of type `pbs`. @throws Refusal where the storage cannot be used */
export function backupStore(call: Call, id: string): BackupStore {
  const storage = existingStorage(call.pve.state, id);
  const why = unavailable(id, storage, call.text("node"));
  if (why !== undefined) refuse(why);
  return new BackupStore(call.pve, id, storage, call.pve.state.storageSecrets[id]);
}

/** `store:backup/vm/101/2026-11-21T11:58:14Z` */
export function backupVolumeId(storage: string, snapshot: Snapshot): string {
  const time = new Date(snapshot["backup-time"] * 1000).toISOString().replace(".000Z", "Z");
  return `${storage}:backup/${snapshot["backup-type"]}/${snapshot["backup-id"]}/${time}`;
}

/** @throws Refusal where the id is none of a backup */
export function parseBackupVolume(volid: string): { storage: string; snapshot: Snapshot } {
  const [, storage = "", type = "", id = "", time = ""] =
    /^([^:]+):backup\/([^/]+)\/([^/]+)\/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/.exec(volid) ?? [];
  if (type === "") refuse(`unable to parse PBS volume name '${volid.slice(volid.indexOf(":") + 1)}'`);
  return { storage, snapshot: { "backup-type": type, "backup-id": id, "backup-time": Date.parse(time) / 1000 } };
}

async function listContent(call: Call): Promise<unknown> {
  const id = call.text("storage");
  const storage = existingStorage(call.pve.state, id);
  const content = call.maybe("content");
  const vmid = call.maybe("vmid");
  if (storage.type !== "pbs") return listDisks(call, id, storage, content, vmid);
  const store = backupStore(call, id);
  await store.activate();
  if (content !== undefined && content !== "backup") return [];
  const snapshots = (await store.snapshots(vmid)).filter(
    (snapshot) => /^(vm|ct)$/.test(snapshot["backup-type"]) && /^\d+$/.test(snapshot["backup-id"]),
  );
  return snapshots.filter((snapshot) => mayUseBackup(call, id, snapshot["backup-id"])).map((snapshot) => listed(id, snapshot));
}

function mayUseBackup({ caller }: Call, storage: string, vmid: string): boolean {
  const all = caller.has(`/storage/${storage}`, "Datastore.Allocate");
  return all || (caller.has(`/storage/${storage}`, "Datastore.AllocateSpace") && caller.has(`/vms/${vmid}`, "VM.Backup"));
}

function demandBackupUse({ caller }: Call, storage: string, vmid: string): void {
  if (caller.has(`/storage/${storage}`, "Datastore.Allocate")) return;
  caller.demand(`/storage/${storage}`, "Datastore.AllocateSpace");
  caller.demand(`/vms/${vmid}`, "VM.Backup");
}

function listed(storage: string, snapshot: Snapshot): Record<string, unknown> {
  const { comment, verification, fingerprint } = snapshot;
  return {
    volid: backupVolumeId(storage, snapshot),
    format: `pbs-${snapshot["backup-type"]}`,
    size: snapshot.size ?? 1,
    content: "backup",
    vmid: Number(snapshot["backup-id"]),
    ctime: snapshot["backup-time"],
    subtype: snapshot["backup-type"] === "vm" ? "qemu" : "lxc",
    ...(verification === undefined ? {} : { verification }),
    ...(comment === undefined ? {} : { notes: comment }),
    ...(snapshot.protected === true ? { protected: 1 } : {}),
    ...(fingerprint === undefined ? (isEncrypted(snapshot) ? { encrypted: "1" } : {}) : { encrypted: fingerprint }),
  };
}

function isEncrypted({ files = [] }: Snapshot): boolean {
  const data = files.filter(({ filename }) => filename !== "client.log.blob" && filename !== "index.json.blob");
  return data.length > 0 && data.every((file) => file["crypt-mode"] === "encrypt");
}

function listDisks(
  call: Call,
  id: string,
  storage: StorageConfig,
  content: string | undefined,
  vmid: string | undefined,
): unknown {
  const why = unavailable(id, storage, call.text("node"));
  if (why !== undefined) refuse(why);
  const mayAll = call.caller.has(`/storage/${id}`, "Datastore.Allocate");
  return Object.entries(call.pve.state.guests)
    .filter(([guest]) => vmid === undefined || guest === vmid)
    .filter(
      ([guest]) =>
        mayAll || (call.caller.has(`/storage/${id}`, "Datastore.Audit") && call.caller.has(`/vms/${guest}`, "VM.Config.Disk")),
    )
    .flatMap(([guest, config]) =>
      disksOf(config)
        .filter(({ volume }) => volume.startsWith(`${id}:`))
        .map(({ volume, options }) => ({
          volid: volume,
          vmid: Number(guest),
          format: /\.(raw|qcow2|vmdk)$/.exec(volume)?.[1] ?? "raw",
          content: config.kind === "lxc" ? "rootdir" : "images",
          size: sizeBytes(options.size),
          used: 0,
          ctime: Math.floor(config.startedAt / 1000),
          parent: null,
        })),
    )
    .filter((disk) => content === undefined || disk.content === content);
}

/** A volume may be named with or without its storage. */
function volumeId(call: Call): string {
  const volume = call.text("volume");
  const storage = call.maybe("storage");
  if (!volume.includes(":")) {
    if (storage === undefined) refuseParameters({ volume: "no storage specified - incomplete volume ID" });
    return `${storage}:${volume}`;
  }
  const owner = volume.slice(0, volume.indexOf(":"));
  if (storage !== undefined && owner !== storage) refuseParameters({ volume: `storage ID mismatch (${owner} != ${storage})\n` });
  return volume;
}

/** The backup that a call names, as the backup server knows it. @throws Refusal */
async function namedBackup(call: Call): Promise<BackupVolume> {
  const volid = volumeId(call);
  const { storage, snapshot } = parseBackupVolume(volid);
  const store = backupStore(call, storage);
  demandBackupUse(call, storage, snapshot["backup-id"]);
  return findBackup(volid, store, snapshot);
}

/** @throws Refusal where the backup server has no such backup */
export async function findBackup(volid: string, store: BackupStore, wanted: Snapshot): Promise<BackupVolume> {
  const found = (await store.snapshots(wanted["backup-id"])).find(
    (one) => one["backup-type"] === wanted["backup-type"] && one["backup-time"] === wanted["backup-time"],
  );
  if (found === undefined) refuse("proxmox-backup-client failed: Error: snapshot does not exist");
  return { volid, store, snapshot: found };
}

async function readVolume(call: Call): Promise<unknown> {
  const volid = volumeId(call);
  const storage = existingStorage(call.pve.state, volid.slice(0, volid.indexOf(":")));
  if (storage.type !== "pbs") return readDisk(call, volid, storage);
  const { snapshot } = await namedBackup(call);
  const name = volid.slice(volid.indexOf(":backup/") + 8);
  const port = storage.port === undefined || storage.port === 8007 ? "" : `:${storage.port}`;
  const namespace = storage.namespace === undefined ? "" : `?ns=${String(storage.namespace).replaceAll("/", "%2f")}`;
  return {
    path: `pbs://${storage.username ?? "root@pam"}@${storage.server}${port}:${storage.datastore}/${name}${namespace}`,
    size: snapshot.size ?? 1,
    used: snapshot.size ?? 1,
    format: `pbs-${snapshot["backup-type"]}`,
    ...(snapshot.comment === undefined ? {} : { notes: snapshot.comment }),
    protected: snapshot.protected === true,
  };
}

function readDisk(call: Call, volid: string, storage: StorageConfig): unknown {
  const owner = Object.entries(call.pve.state.guests).find(([, guest]) => disksOf(guest).some(({ volume }) => volume === volid));
  const disk = owner === undefined ? undefined : disksOf(owner[1]).find(({ volume }) => volume === volid);
  if (owner === undefined || disk === undefined) refuse(`no such volume '${volid}'`);
  const name = volid.slice(volid.indexOf(":") + 1);
  const size = sizeBytes(disk.options.size);
  return { path: `${storage.path}/images/${name}`, size, used: 0, format: /\.(raw|qcow2|vmdk)$/.exec(volid)?.[1] ?? "raw" };
}

async function updateVolume(call: Call): Promise<void> {
  const { storage, snapshot } = parseBackupVolume(volumeId(call));
  const store = backupStore(call, storage);
  demandBackupUse(call, storage, snapshot["backup-id"]);
  const notes = call.maybe("notes");
  if (notes !== undefined) await store.setNotes(snapshot, notes);
  const isProtected = call.flag("protected");
  if (isProtected !== undefined) await store.setProtected(snapshot, isProtected);
}

/** The worker fails where the backup server refuses, as it does for a protected backup. */
function deleteVolume(call: Call): string {
  const volid = volumeId(call);
  const { storage, snapshot } = parseBackupVolume(volid);
  const store = backupStore(call, storage);
  call.caller.demand(`/storage/${storage}`, "Datastore.AllocateSpace");
  call.caller.demand(`/vms/${snapshot["backup-id"]}`, "VM.Backup");
  const work = { node: call.text("node"), type: "imgdel", id: `${snapshot["backup-id"]}@${storage}`, user: call.caller.id };
  return runWorker(call.pve, work, async (log) => {
    await store.remove(snapshot);
    log(`Removed volume '${volid}'`);
  });
}
