import { isToken, userOf } from "./auth-id";
import { isActive } from "./authentication";
import { type Answer, type Call, DONE } from "./call";
import type { Group } from "./chunk-store";
import { accessGroup, changeGroups, GROUP, groupKey, isLimited, owns, PLACE, sameGroup, storeContent } from "./content";
import type { Endpoint } from "./endpoint";
import { Refusal, refuse } from "./refusal";
import { boolean, optional, required, text } from "./schema";
import { authId } from "./types";

export const groupEndpoints: readonly Endpoint[] = [
  { method: "GET", path: "/admin/datastore/:store/groups", permission: "anybody", parameters: PLACE, run: list },
  {
    method: "DELETE",
    path: "/admin/datastore/:store/groups",
    permission: "anybody",
    parameters: { ...GROUP, "error-on-protected": optional(boolean) },
    run: remove,
  },
  { method: "GET", path: "/admin/datastore/:store/group-notes", permission: "anybody", parameters: GROUP, run: readNotes },
  {
    method: "PUT",
    path: "/admin/datastore/:store/group-notes",
    permission: "anybody",
    parameters: { ...GROUP, notes: required(text()) },
    run: writeNotes,
  },
  {
    method: "POST",
    path: "/admin/datastore/:store/change-owner",
    permission: "anybody",
    parameters: { ...GROUP, "new-owner": required(authId) },
    run: changeOwner,
  },
];

function list(call: Call): Answer {
  const limited = isLimited(call, ["Datastore.Audit"], "Datastore.Backup");
  const { groups } = storeContent(call.state, String(call.parameters.store), "read");
  const here = groups.filter((group) => group.ns === String(call.parameters.ns ?? ""));
  return { data: here.filter((group) => !limited || owns(call.caller.authId, group.owner)).map(listItem) };
}

function listItem(group: Group) {
  const last = group.snapshots.at(-1);
  const comment = group.notes?.split("\n")[0];
  return {
    "backup-count": group.snapshots.length,
    "backup-id": group.id,
    "backup-type": group.type,
    ...(comment === undefined || comment === "" ? {} : { comment }),
    files: last?.files.map((file) => file.filename) ?? [],
    "last-backup": last?.time ?? 0,
    owner: group.owner,
  };
}

function remove(call: Call): Answer {
  const { server, parameters } = call;
  const group = accessGroup(call, "write", ["Datastore.Modify"], "Datastore.Prune");
  const kept = group.snapshots.filter((snapshot) => snapshot.protected);
  server.change((draft) =>
    changeGroups(draft, String(parameters.store), (other) => {
      if (!sameGroup(other, group)) return other;
      return kept.length === 0 ? undefined : { ...other, snapshots: kept };
    }),
  );
  if (kept.length > 0 && parameters["error-on-protected"] !== false) {
    refuse("group only partially deleted due to protected snapshots");
  }
  const data = {
    "protected-snapshots": kept.length,
    "removed-groups": kept.length === 0 ? 1 : 0,
    "removed-snapshots": group.snapshots.length - kept.length,
  };
  return { data };
}

function readNotes(call: Call): Answer {
  return { data: accessGroup(call, "read", ["Datastore.Audit"], "Datastore.Backup").notes ?? "" };
}

function writeNotes(call: Call): Answer {
  const { server, parameters } = call;
  accessGroup(call, "write", ["Datastore.Modify"], "Datastore.Backup");
  changeOf(call, (group) => ({ ...group, notes: String(parameters.notes) }), server);
  return DONE;
}

/** With Datastore.Modify to anybody; else between a user and its tokens, and only by that user. */
function changeOwner(call: Call): Answer {
  const { state, caller, server, parameters } = call;
  const limited = isLimited(call, ["Datastore.Modify"], "Datastore.Backup");
  const { groups } = storeContent(state, String(parameters.store), "write");
  const key = groupKey(parameters);
  const group = groups.find((one) => sameGroup(one, key)) ?? refuse("No such file or directory (os error 2)");
  const newOwner = String(parameters["new-owner"]);
  if (limited && !mayHandOver(caller.authId, group.owner, newOwner)) {
    const what = `change owner of backup group '${group.type}/${group.id}' to ${newOwner}`;
    throw new Refusal(401, `${caller.authId} does not have permission to ${what}`);
  }
  if (!isActive(state, newOwner, Math.floor(server.now() / 1000))) {
    refuse(`${isToken(newOwner) ? "API token" : "user"} '${newOwner}' is inactive or non-existent`);
  }
  changeOf(call, (one) => ({ ...one, owner: newOwner }), server);
  return DONE;
}

function mayHandOver(caller: string, owner: string, newOwner: string): boolean {
  if (isToken(owner) && isToken(newOwner)) return userOf(owner) === userOf(newOwner) && userOf(owner) === caller;
  if (isToken(owner)) return userOf(owner) === caller && newOwner === caller;
  return isToken(newOwner) && owner === caller && userOf(newOwner) === caller;
}

function changeOf({ parameters }: Call, change: (group: Group) => Group, server: Call["server"]): void {
  const key = groupKey(parameters);
  server.change((draft) =>
    changeGroups(draft, String(parameters.store), (group) => (sameGroup(group, key) ? change(group) : group)),
  );
}
