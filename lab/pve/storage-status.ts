import { BackupStore, backupServer, listDatastores, namedFaults } from "./backup-store";
import { type Call, type Endpoint, get } from "./endpoint";
import { splitList } from "./formats";
import type { Hypervisor } from "./hypervisor";
import { anyOf, perm } from "./permission";
import { Refusal, refuseParameters } from "./refusal";
import type { StorageConfig } from "./state";
import { unavailable } from "./storages";
import { FINGERPRINT, flag, integer, NODE, STORAGE_ID, text } from "./table";

const GIB = 1024 ** 3;
const READ = anyOf("/storage/{storage}", "Datastore.Audit", "Datastore.AllocateSpace");

/** Storages as a node sees them, and what a node sees of a backup server. */
export function storageStatusEndpoints(): Endpoint[] {
  const one = { node: NODE, storage: STORAGE_ID };
  const list = {
    node: NODE,
    "storage?": STORAGE_ID,
    "content?": text({ format: "pve-storage-content-list" }),
    "enabled?": flag(),
    "target?": NODE,
    "format?": flag(),
  };
  const scan = {
    node: NODE,
    server: text({ format: "pve-storage-server" }),
    username: text(),
    password: text(),
    "fingerprint?": FINGERPRINT,
    "port?": integer({ minimum: 1, maximum: 65535 }),
  };
  const indexes = ["content", "file-restore", "prunebackups", "status"];
  return [
    get("/nodes/{node}/storage", "all", list, listStatus),
    get("/nodes/{node}/storage/{storage}", READ, one, () => indexes.map((subdir) => ({ subdir }))),
    get("/nodes/{node}/storage/{storage}/status", READ, one, readStatus),
    get("/nodes/{node}/scan", "all", { node: NODE }, () => [{ method: "pbs" }]),
    get("/nodes/{node}/scan/pbs", perm("/storage", "Datastore.Allocate"), scan, scanBackupServer),
  ];
}

/** One storage on one node: a backup server is really asked, with the secret that is stored. */
async function status(pve: Hypervisor, id: string, storage: StorageConfig, node: string): Promise<Record<string, unknown>> {
  const isEnabled = unavailable(id, storage, node) === undefined;
  const known = { type: storage.type, content: storage.content, shared: storage.shared ?? 0, enabled: isEnabled ? 1 : 0 };
  const space = isEnabled ? await spaceOf(pve, id, storage) : undefined;
  return { ...known, ...(space ?? { total: 0, used: 0, avail: 0 }), active: space === undefined ? 0 : 1 };
}

async function spaceOf(pve: Hypervisor, id: string, storage: StorageConfig) {
  if (storage.type !== "pbs") return { total: 100 * GIB, used: 10 * GIB, avail: 90 * GIB };
  const store = new BackupStore(pve, id, storage, pve.state.storageSecrets[id]);
  try {
    await store.activate();
    return await store.space();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

async function listStatus(call: Call): Promise<unknown> {
  const { pve, caller } = call;
  const node = call.text("node");
  const wanted = call.maybe("storage");
  const content = call.items("content");
  const isListed = ([id, storage]: [string, StorageConfig]) =>
    content.length === 0 || (unavailable(id, storage, node) === undefined && hasContent(storage, content));
  const all = Object.entries(pve.state.storages).filter(isListed);
  if (wanted !== undefined && !all.some(([id]) => id === wanted)) refuseParameters({ storage: "No such storage." });
  const seen = all
    .filter(([id]) => wanted === undefined || id === wanted)
    .filter(([id]) => caller.hasAny(`/storage/${id}`, "Datastore.Audit", "Datastore.AllocateSpace"))
    .filter(([, storage]) => call.flag("enabled") !== true || storage.disable !== 1)
    .map(async ([id, storage]) => {
      const { total, used, ...rest } = await status(pve, id, storage, node);
      const fraction = Number(total) > 0 ? { used_fraction: Number(used) / Number(total) } : {};
      return { storage: id, ...rest, total, used, ...fraction };
    });
  return Promise.all(seen);
}

function hasContent(storage: StorageConfig, wanted: readonly string[]): boolean {
  return splitList(String(storage.content)).some((kind) => wanted.includes(kind));
}

async function readStatus(call: Call): Promise<unknown> {
  const id = call.text("storage");
  const storage = call.pve.state.storages[id];
  if (storage === undefined) refuseParameters({ storage: "No such storage." });
  return status(call.pve, id, storage, call.text("node"));
}

async function scanBackupServer(call: Call): Promise<unknown> {
  const { server, username, port, fingerprint } = Object.fromEntries(
    ["server", "username", "port", "fingerprint"].map((name) => [name, call.maybe(name)]),
  );
  const settings = {
    server: server ?? "",
    username: username ?? "",
    ...(port ? { port } : {}),
    ...(fingerprint ? { fingerprint } : {}),
  };
  return namedFaults("error fetching datastores - ", () =>
    listDatastores(backupServer(call.pve, settings, call.text("password"))),
  );
}
