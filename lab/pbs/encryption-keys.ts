import { randomBytes } from "node:crypto";
import { fingerprintOf } from "../pve/encryption-key";
import { type Answer, type Call, DONE } from "./call";
import type { Endpoint } from "./endpoint";
import { refuse } from "./refusal";
import { boolean, optional, required, text } from "./schema";
import { changed, checkDigest, digestOf, lookUp, valuesOf } from "./sections";
import type { PbsState } from "./state";
import { objectId, removal } from "./types";

const TYPE = "sync-key";
const KEY_BYTES = 32;

/** Keys that the server itself encrypts with when it pushes (since 4.2). The lab keeps what identifies a key, not the key. */
export const encryptionKeyEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/config/encryption-keys",
    permission: "anybody",
    parameters: { "include-archived": optional(boolean) },
    run: list,
  },
  {
    method: "POST",
    path: "/config/encryption-keys",
    permission: { on: "/system/encryption-keys", all: ["Sys.Modify"] },
    parameters: { id: required(objectId), key: optional(text()) },
    run: create,
  },
  {
    method: "POST",
    path: "/config/encryption-keys/:id",
    permission: { on: "/system/encryption-keys/{id}", all: ["Sys.Modify"] },
    parameters: removal("id", objectId),
    run: toggleArchived,
  },
  {
    method: "DELETE",
    path: "/config/encryption-keys/:id",
    permission: { on: "/system/encryption-keys/{id}", all: ["Sys.Modify"] },
    parameters: removal("id", objectId),
    run: remove,
  },
];

function digest(state: Readonly<PbsState>): string {
  return digestOf(state.encryptionKeys, "id");
}

function list({ state, caller, parameters }: Call): Answer {
  const data = valuesOf(state.encryptionKeys, TYPE)
    .filter((key) => parameters["include-archived"] === true || key["archived-at"] === undefined)
    .filter((key) => caller.hasAny(["system", "encryption-keys", String(key.id)], "Sys.Audit"));
  return { data, digest: digest(state) };
}

/** Answers the key itself, the only time. */
function create({ state, server, parameters }: Call): Answer {
  const id = String(parameters.id);
  const nowS = Math.floor(server.now() / 1000);
  const raw = parameters.key === undefined ? randomBytes(KEY_BYTES) : rawKey(String(parameters.key));
  if (Object.hasOwn(state.encryptionKeys, id)) refuse(`key with id '${id}' already exists.`);
  const fingerprint = fingerprintOf(raw);
  const path = `/etc/proxmox-backup/encryption-keys/${id}.enc`;
  const values = { id, path, kdf: "none", created: nowS, modified: nowS, fingerprint };
  server.change((draft) => {
    draft.encryptionKeys = { ...draft.encryptionKeys, [id]: { type: TYPE, values } };
  });
  const time = new Date(nowS * 1000).toISOString().replace(".000Z", "+00:00");
  return { data: { kdf: null, created: time, modified: time, data: raw.toString("base64"), fingerprint } };
}

function rawKey(file: string): Buffer {
  const key = parsedKey(file);
  if (key.kdf !== undefined && key.kdf !== null) refuse("protected keys not supported");
  const raw = Buffer.from(typeof key.data === "string" ? key.data : "", "base64");
  if (raw.length !== KEY_BYTES) refuse("failed to load provided key: invalid encryption key size");
  return raw;
}

function parsedKey(file: string): { readonly kdf?: unknown; readonly data?: unknown } {
  try {
    const value: unknown = JSON.parse(file);
    if (typeof value === "object" && value !== null) return value;
  } catch (error) {
    refuse(`failed to parse provided key: ${error instanceof Error ? error.message : String(error)}`);
  }
  return refuse("failed to parse provided key: invalid type, expected struct KeyConfig");
}

function toggleArchived({ state, server, parameters }: Call): Answer {
  const id = String(parameters.id);
  checkDigest(parameters.digest, digest(state));
  const key = lookUp(state.encryptionKeys, TYPE, id);
  const isArchived = key["archived-at"] !== undefined;
  if (!isArchived) checkUnused(state, id, false);
  const archivedAt = isArchived ? undefined : Math.floor(server.now() / 1000);
  server.change((draft) => {
    const values = changed(key, undefined, { "archived-at": archivedAt });
    draft.encryptionKeys = { ...draft.encryptionKeys, [id]: { type: TYPE, values } };
  });
  return DONE;
}

/** Removing one that does not exist is no fault. */
function remove({ state, server, parameters }: Call): Answer {
  const id = String(parameters.id);
  checkDigest(parameters.digest, digest(state));
  checkUnused(state, id, true);
  const key = state.encryptionKeys[id]?.values;
  if (key !== undefined && key["archived-at"] === undefined) {
    refuse("key still active, deleting is only possible for archived keys");
  }
  server.change((draft) => {
    const { [id]: _removed, ...rest } = draft.encryptionKeys;
    draft.encryptionKeys = rest;
  });
  return DONE;
}

function checkUnused(state: Readonly<PbsState>, id: string, associatedToo: boolean): void {
  const users = valuesOf(state.syncJobs, "sync").filter(
    (job) =>
      job["active-encryption-key"] === id || (associatedToo && ((job["associated-key"] ?? []) as readonly string[]).includes(id)),
  );
  const ids = users.map((job) => String(job.id)).join(", ");
  if (users.length > 0) refuse(`encryption key in use by sync job${users.length > 1 ? "s" : ""}: '${ids}'`);
}
