import { BackupStore } from "./backup-store";
import { storedKey } from "./encryption-key";
import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { splitList } from "./formats";
import { digestOf, type Hypervisor } from "./hypervisor";
import { perm } from "./permission";
import type { Values } from "./property";
import { refuse, underLockAsync } from "./refusal";
import type { PveState, StorageConfig, StorageSecrets } from "./state";
import { CREATE_STORAGE, STORAGE_OPTIONS, STORAGE_TYPES, UPDATE_STORAGE } from "./storage-table";
import { STORAGE_ID, table, text } from "./table";

const ALLOCATE = perm("/storage", "Datastore.Allocate");
const SETTINGS = table(CREATE_STORAGE);
const MODIFIED = "detected modified configuration - file changed by other user? Try again.";

/** The storages of the cluster. */
export function storageEndpoints(): Endpoint[] {
  return [
    get("/storage", "all", { "type?": text({ enum: STORAGE_TYPES }) }, listStorages),
    post("/storage", ALLOCATE, CREATE_STORAGE, createStorage),
    get("/storage/{storage}", perm("/storage/{storage}", "Datastore.Allocate"), { storage: STORAGE_ID }, (call) => {
      const id = call.text("storage");
      return shown(call.pve, id, existingStorage(call.pve.state, id));
    }),
    put("/storage/{storage}", ALLOCATE, UPDATE_STORAGE, updateStorage),
    del("/storage/{storage}", ALLOCATE, { storage: STORAGE_ID }, deleteStorage),
  ];
}

/** @throws Refusal where there is none */
export function existingStorage(state: Readonly<PveState>, id: string): StorageConfig {
  return state.storages[id] ?? refuse(`storage '${id}' does not exist`);
}

/** Why a storage cannot be used on a node; undefined where it can. */
export function unavailable(id: string, storage: StorageConfig, node: string): string | undefined {
  if (storage.disable === 1) return `storage '${id}' is disabled`;
  const nodes = storage.nodes;
  const isElsewhere = nodes !== undefined && !splitList(String(nodes)).includes(node);
  return isElsewhere ? `storage '${id}' is not available on node '${node}'` : undefined;
}

function shown(pve: Hypervisor, id: string, storage: StorageConfig): Record<string, unknown> {
  return { ...storage, storage: id, digest: digestOf(pve.state.storages) };
}

function listStorages(call: Call): unknown {
  const type = call.maybe("type");
  return Object.entries(call.pve.state.storages)
    .filter(([id]) => call.caller.hasAny(`/storage/${id}`, "Datastore.Audit", "Datastore.AllocateSpace"))
    .filter(([, storage]) => type === undefined || storage.type === type)
    .map(([id, storage]) => shown(call.pve, id, storage));
}

/** Settings that the product keeps in files of their own. */
const SENSITIVE: readonly string[] = ["password", "encryption-key", "master-pubkey"];

async function createStorage(call: Call): Promise<unknown> {
  const { type: _type, storage: _storage, ...values } = call.values;
  const id = call.text("storage");
  const type = call.text("type");
  const options = STORAGE_OPTIONS[type] ?? refuse(`storages of type '${type}' are no part of the lab`);
  const config: StorageConfig = { type, ...plugin(type), ...plain(values, options) };
  for (const [name, { optional }] of Object.entries(options)) {
    if (!optional && config[name] === undefined) refuse(`missing value for required option '${name}'`);
  }
  return underLockAsync("create storage failed", async () => {
    const { secrets, returned } = withSecrets(call, config, {});
    if (call.has("master-pubkey") && !call.has("encryption-key")) {
      refuse("'master-pubkey' can only be used together with 'encryption-key'");
    }
    const mustBeNew = (draft: Readonly<PveState>) => {
      if (draft.storages[id] !== undefined) refuse(`storage ID '${id}' already defined`);
    };
    mustBeNew(call.pve.state);
    if (type === "pbs" && unavailable(id, config, call.pve.nodeName) === undefined) {
      await new BackupStore(call.pve, id, config, secrets).activate();
    }
    call.pve.update((draft) => {
      mustBeNew(draft);
      draft.storages[id] = config;
      draft.storageSecrets[id] = secrets;
    });
    return { type, storage: id, ...(type === "pbs" ? { config: returned } : {}) };
  });
}

async function updateStorage(call: Call): Promise<unknown> {
  const { storage: _storage, digest: _digest, delete: _delete, ...values } = call.values;
  const id = call.text("storage");
  return underLockAsync("update storage failed", async () => {
    if (call.has("digest") && call.text("digest") !== digestOf(call.pve.state.storages)) refuse(MODIFIED);
    const before = existingStorage(call.pve.state, id);
    const options = STORAGE_OPTIONS[before.type] ?? {};
    for (const name of Object.keys(values)) {
      if (options[name]?.fixed) refuse(`can't change value of fixed parameter '${name}'`);
    }
    const changes = plain(values, options);
    const gone = call.items("delete");
    for (const name of gone) {
      const option = options[name] ?? refuse(`no such option '${name}'`);
      if (!option.optional) refuse(`unable to delete required option '${name}'`);
      if (option.fixed) refuse(`unable to delete fixed option '${name}'`);
      if (changes[name] !== undefined) refuse(`cannot set and delete property '${name}' at the same time!`);
    }
    const kept = Object.fromEntries(Object.entries(before).filter(([name]) => !gone.includes(name)));
    const config: StorageConfig = { ...kept, ...changes, type: before.type };
    const { secrets, returned } = withSecrets(call, config, withoutSecrets(call.pve.state.storageSecrets[id] ?? {}, gone));
    call.pve.update((draft) => {
      draft.storages[id] = config;
      draft.storageSecrets[id] = secrets;
    });
    return { type: before.type, storage: id, ...(before.type === "pbs" ? { config: returned } : {}) };
  });
}

function withoutSecrets(secrets: StorageSecrets, gone: readonly string[]): StorageSecrets {
  const kept: StorageSecrets = { ...secrets };
  if (gone.includes("password")) delete kept.password;
  if (gone.includes("encryption-key")) delete kept.encryptionKey;
  if (gone.includes("master-pubkey")) delete kept.masterPublicKey;
  return kept;
}

/**
 * Takes over the secrets of a call; `config` then shows what the API shows of them.
 * @returns what is kept, and what the answer repeats: the key, even one that the caller gave
 */
function withSecrets(call: Call, config: StorageConfig, before: StorageSecrets) {
  const secrets: StorageSecrets = { ...before };
  const returned: Record<string, string> = {};
  const password = call.maybe("password");
  if (password !== undefined) secrets.password = password;
  const given = call.maybe("encryption-key");
  if (given !== undefined) {
    const key = storedKey(given, new Date(call.pve.now()));
    secrets.encryptionKey = key.file;
    config["encryption-key"] = key.shown;
    returned["encryption-key"] = key.file;
  }
  const publicKey = call.maybe("master-pubkey");
  if (publicKey !== undefined) {
    secrets.masterPublicKey = publicKey;
    config["master-pubkey"] = "1";
  }
  return { secrets, returned };
}

/** The settings of a call as the API shows them: numbers and switches as numbers, lists without what does not fit the type. */
function plain(values: Values, options: Readonly<Record<string, unknown>>): Record<string, string | number> {
  const config: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) {
    if (SENSITIVE.includes(name) || typeof value !== "string") continue;
    if (options[name] === undefined) refuse(`unexpected property '${name}'`);
    if (name === "content") config[name] = contentText(value, options);
    else if (value !== "") config[name] = SETTINGS[name]?.type === "string" ? value : Number(value);
  }
  return config;
}

function contentText(value: string, options: Readonly<Record<string, unknown>>): string {
  const isBackupOnly = options.datastore !== undefined;
  const fits = splitList(value).filter((kind) => !isBackupOnly || kind === "backup" || kind === "none");
  if (fits.includes("none") && fits.length > 1) refuse("unable to combine 'none' with other content types");
  return fits.length === 0 ? "none" : [...new Set(fits)].join(",");
}

/** What the type brings without being asked. */
function plugin(type: string): Record<string, string | number> {
  return type === "pbs" ? { content: "backup", shared: 1 } : { content: "images,rootdir" };
}

function deleteStorage(call: Call): void {
  const id = call.text("storage");
  call.pve.updateAccess((draft) => {
    if (draft.storages[id] === undefined) refuse(`delete storage failed: storage '${id}' does not exist`);
    delete draft.storages[id];
    delete draft.storageSecrets[id];
    draft.access.acl = draft.access.acl.filter(({ path }) => path !== `/storage/${id}`);
    for (const pool of Object.values(draft.pools)) pool.storage = pool.storage.filter((member) => member !== id);
  });
}
