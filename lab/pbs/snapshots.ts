import { type Answer, type Call, DONE } from "./call";
import type { Group, Snapshot } from "./chunk-store";
import {
  accessSnapshot,
  BACKUP_ID,
  BACKUP_TYPE,
  changeSnapshot,
  groupKey,
  isLimited,
  owns,
  PLACE,
  SNAPSHOT,
  storeContent,
} from "./content";
import type { Endpoint } from "./endpoint";
import { refuse } from "./refusal";
import { boolean, optional, required, text } from "./schema";

export const snapshotEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/admin/datastore/:store/snapshots",
    permission: "anybody",
    parameters: { ...PLACE, "backup-type": optional(BACKUP_TYPE), "backup-id": optional(BACKUP_ID) },
    run: list,
  },
  { method: "DELETE", path: "/admin/datastore/:store/snapshots", permission: "anybody", parameters: SNAPSHOT, run: remove },
  { method: "GET", path: "/admin/datastore/:store/files", permission: "anybody", parameters: SNAPSHOT, run: files },
  { method: "GET", path: "/admin/datastore/:store/notes", permission: "anybody", parameters: SNAPSHOT, run: readNotes },
  {
    method: "PUT",
    path: "/admin/datastore/:store/notes",
    permission: "anybody",
    parameters: { ...SNAPSHOT, notes: required(text()) },
    run: writeNotes,
  },
  { method: "GET", path: "/admin/datastore/:store/protected", permission: "anybody", parameters: SNAPSHOT, run: readProtection },
  {
    method: "PUT",
    path: "/admin/datastore/:store/protected",
    permission: "anybody",
    parameters: { ...SNAPSHOT, protected: required(boolean) },
    run: writeProtection,
  },
];

function list(call: Call): Answer {
  const { state, caller, parameters } = call;
  const limited = isLimited(call, ["Datastore.Audit"], "Datastore.Backup");
  const { "backup-type": type, "backup-id": id, ns } = parameters;
  const data = storeContent(state, String(parameters.store), "read")
    .groups.filter((group) => group.ns === String(ns ?? ""))
    .filter((group) => (type === undefined || group.type === type) && (id === undefined || group.id === id))
    .filter((group) => !limited || owns(caller.authId, group.owner))
    .flatMap((group) => group.snapshots.map((snapshot) => listItem(group, snapshot)));
  return { data };
}

function listItem(group: Group, snapshot: Snapshot) {
  const { comment, verification, fingerprint } = snapshot;
  const firstLine = comment?.split("\n")[0];
  return {
    "backup-type": group.type,
    "backup-id": group.id,
    "backup-time": snapshot.time,
    ...(firstLine === undefined || firstLine === "" ? {} : { comment: firstLine }),
    ...(verification === undefined ? {} : { verification }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    files: snapshot.files,
    size: snapshot.files.reduce((sum, file) => sum + file.size, 0),
    owner: group.owner,
    protected: snapshot.protected === true,
  };
}

function files(call: Call): Answer {
  return { data: accessSnapshot(call, "read", ["Datastore.Audit", "Datastore.Read"], "Datastore.Backup").files };
}

function remove(call: Call): Answer {
  const snapshot = accessSnapshot(call, "write", ["Datastore.Modify"], "Datastore.Prune");
  if (snapshot.protected) refuse("failed to delete snapshot - cannot remove protected snapshot");
  change(call, () => undefined);
  return DONE;
}

function readNotes(call: Call): Answer {
  return { data: accessSnapshot(call, "read", ["Datastore.Audit"], "Datastore.Backup").comment ?? "" };
}

function writeNotes(call: Call): Answer {
  accessSnapshot(call, "write", ["Datastore.Modify"], "Datastore.Backup");
  change(call, (snapshot) => ({ ...snapshot, comment: String(call.parameters.notes) }));
  return DONE;
}

function readProtection(call: Call): Answer {
  return { data: accessSnapshot(call, "read", ["Datastore.Audit"], "Datastore.Backup").protected === true };
}

/** Whoever may write to the group may also take the protection away. */
function writeProtection(call: Call): Answer {
  accessSnapshot(call, "write", ["Datastore.Modify"], "Datastore.Backup");
  change(call, (snapshot) => ({ ...snapshot, protected: call.parameters.protected === true }));
  return DONE;
}

function change({ server, parameters }: Call, edit: (snapshot: Snapshot) => Snapshot | undefined): void {
  const time = Number(parameters["backup-time"]);
  server.change((draft) => changeSnapshot(draft, String(parameters.store), groupKey(parameters), time, edit));
}
