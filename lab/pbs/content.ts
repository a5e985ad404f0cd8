/** The backups of a datastore as calls reach them: rights first, then the maintenance mode, then what lies on disk. */
import type { Call } from "./call";
import { type BackupType, type ChunkStore, type Group, namespacePath, type Snapshot } from "./chunk-store";
import { normal } from "./datastore-workers";
import type { Privilege } from "./privileges";
import { readProperties } from "./property-string";
import { refuse } from "./refusal";
import { integer, oneOf, optional, type ParameterTable, pattern, required, text, type Values } from "./schema";
import { lookUp } from "./sections";
import type { PbsState } from "./state";
import { namespace, objectId } from "./types";

export const BACKUP_TYPE = oneOf("vm", "ct", "host");
export const BACKUP_ID = pattern(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/);
export const BACKUP_TIME = integer(1);

/** A namespace of a datastore. */
export const PLACE: ParameterTable = { store: required(objectId), ns: optional(namespace) };
export const GROUP: ParameterTable = { ...PLACE, "backup-type": required(BACKUP_TYPE), "backup-id": required(BACKUP_ID) };
export const SNAPSHOT: ParameterTable = { ...GROUP, "backup-time": required(BACKUP_TIME) };

const NO_FILE = "No such file or directory (os error 2)";

export interface GroupKey {
  readonly ns: string;
  readonly type: BackupType;
  readonly id: string;
}

export function groupKey(parameters: Values): GroupKey {
  return { ns: String(parameters.ns ?? ""), type: parameters["backup-type"] as BackupType, id: String(parameters["backup-id"]) };
}

export function sameGroup(group: GroupKey, key: GroupKey): boolean {
  return group.ns === key.ns && group.type === key.type && group.id === key.id;
}

/** What lies in a datastore. @throws Refusal where it does not exist or its maintenance mode forbids the operation */
export function storeContent(state: Readonly<PbsState>, name: string, operation: "read" | "write"): ChunkStore {
  const config = lookUp(state.datastores, "datastore", name);
  const mode = config["maintenance-mode"];
  const fault = typeof mode === "string" ? maintenanceFault(mode, operation) : undefined;
  if (fault !== undefined) refuse(`datastore '${name}' is unavailable: ${fault}`);
  return (
    state.chunkStores[normal(String(config.path))] ??
    refuse(`unable to open chunk store at "${config.path}/.chunks" - ${NO_FILE}`)
  );
}

/** Replaces what lies in a datastore. */
export function changeContent(draft: PbsState, name: string, change: (content: ChunkStore) => ChunkStore): void {
  const path = normal(String(lookUp(draft.datastores, "datastore", name).path));
  draft.chunkStores = { ...draft.chunkStores, [path]: change(storeContent(draft, name, "read")) };
}

/** Replaces the groups for which `change` answers something else; undefined removes the group. */
export function changeGroups(draft: PbsState, name: string, change: (group: Group) => Group | undefined): void {
  changeContent(draft, name, (content) => ({
    ...content,
    groups: content.groups.map(change).filter((group) => group !== undefined),
  }));
}

/** Whether the caller sees every group of the namespace, or only its own. @throws Refusal 403 */
export function isLimited(call: Call, full: readonly Privilege[], own: Privilege): boolean {
  const { store, ns } = call.parameters;
  const path = namespacePath(String(store), String(ns ?? ""));
  if (call.caller.hasAny(path, ...full)) return false;
  call.caller.checkNamespace(path, ...full, own);
  return true;
}

/** The group that a call is about; a caller with limited rights must own it. @throws Refusal */
export function accessGroup(call: Call, operation: "read" | "write", full: readonly Privilege[], own: Privilege): Group {
  const limited = isLimited(call, full, own);
  const content = storeContent(call.state, String(call.parameters.store), operation);
  const key = groupKey(call.parameters);
  const group = content.groups.find((one) => sameGroup(one, key)) ?? refuse(NO_FILE);
  if (limited) checkOwner(group.owner, call.caller.authId);
  return group;
}

/** The snapshot that a call is about. @throws Refusal */
export function accessSnapshot(call: Call, operation: "read" | "write", full: readonly Privilege[], own: Privilege): Snapshot {
  const group = accessGroup(call, operation, full, own);
  return group.snapshots.find((one) => one.time === call.parameters["backup-time"]) ?? refuse(NO_FILE);
}

/** A token's owner owns what the token wrote. @throws Refusal */
export function checkOwner(owner: string, authId: string): void {
  if (!owns(authId, owner)) refuse(`backup owner check failed (${authId} != ${owner})`);
}

export function owns(authId: string, owner: string): boolean {
  return owner === authId || owner.startsWith(`${authId}!`);
}

/** Replaces one snapshot of a group; undefined removes it. */
export function changeSnapshot(
  draft: PbsState,
  store: string,
  key: GroupKey,
  time: number,
  change: (snapshot: Snapshot) => Snapshot | undefined,
): void {
  changeGroups(draft, store, (group) => {
    if (!sameGroup(group, key)) return group;
    const snapshots = group.snapshots
      .map((snapshot) => (snapshot.time === time ? change(snapshot) : snapshot))
      .filter((snapshot) => snapshot !== undefined);
    return snapshots.length === 0 ? undefined : { ...group, snapshots };
  });
}

/** `2026-11-21T11:58:14Z` */
export function timeText(time: number): string {
  return new Date(time * 1000).toISOString().replace(".000Z", "Z");
}

function maintenanceFault(mode: string, operation: "read" | "write"): string | undefined {
  const { type, message } = readProperties({ type: required(text()), message: optional(text()) }, mode, "type");
  switch (type) {
    case "delete":
      return "datastore is being deleted";
    case "unmount":
      return "datastore is being unmounted";
    case "offline":
      return `offline maintenance mode: ${message ?? ""}`;
    case "s3-refresh":
      return `S3 refresh maintenance mode: ${message ?? ""}`;
    case "read-only":
      return operation === "write" ? `read-only maintenance mode: ${message ?? ""}` : undefined;
    default:
      return undefined;
  }
}
