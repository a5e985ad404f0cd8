import { createHash } from "node:crypto";
import { type AclEntry, normalPath, splitPath } from "./acl-tree";
import { isToken, userOf } from "./auth-id";
import { type Answer, type Call, DONE } from "./call";
import type { Endpoint } from "./endpoint";
import { ROLE_NAMES, type Role } from "./privileges";
import { refuse } from "./refusal";
import { boolean, optional, required } from "./schema";
import { checkDigest } from "./sections";
import { aclPath, authId, configDigest, groupId, role } from "./types";

const NAMESPACE_DEPTH = 7;

export const aclEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/access/acl",
    permission: "anybody",
    parameters: { path: optional(aclPath), exact: optional(boolean) },
    run: list,
  },
  {
    method: "PUT",
    path: "/access/acl",
    permission: "anybody",
    parameters: {
      path: required(aclPath),
      role: required(role),
      propagate: optional(boolean),
      "auth-id": optional(authId),
      group: optional(groupId),
      delete: optional(boolean),
      digest: optional(configDigest),
    },
    run: update,
  },
];

/** Everybody with Sys.Audit sees the whole list; others see the entries of their own tokens. */
function list({ state, caller, parameters }: Call): Answer {
  const { path, exact } = parameters;
  const all = caller.hasAny(["access", "acl"], "Sys.Audit");
  const below = path === undefined ? undefined : normalPath(String(path));
  const data = state.acl
    .filter((entry) => all || (!caller.isToken && isToken(entry.authId) && userOf(entry.authId) === caller.user))
    .filter((entry) => below === undefined || entry.path === below || (exact !== true && isBelow(entry.path, below)))
    .filter((entry) => below !== undefined || exact !== true || entry.path === "/")
    .sort(byPath)
    .map((entry) => ({
      path: entry.path,
      propagate: entry.propagate,
      roleid: entry.role,
      ugid: entry.authId,
      ugid_type: "user",
    }));
  return { data, digest: aclDigest(state.acl) };
}

function update(call: Call): Answer {
  const { state, caller, server, parameters } = call;
  const { "auth-id": id, group, delete: deleted, digest, propagate } = parameters;
  if (!caller.hasAny(["access", "acl"], "Permissions.Modify")) refuseUnprivileged(call);
  checkDigest(digest, aclDigest(state.acl));
  if (group !== undefined) refuse("parameter 'group' - groups are currently not supported.");
  if (typeof id !== "string") refuse("missing 'userid' or 'group' parameter.");
  const role = String(parameters.role) as Role;
  const path = normalPath(String(parameters.path));
  const others = state.acl.filter((entry) => !(entry.authId === id && entry.path === path && entry.role === role));
  if (deleted === true) {
    server.change((draft) => {
      draft.acl = others;
    });
    return DONE;
  }
  if (!Object.hasOwn(state.users, id)) refuse(isToken(id) ? "no such API token." : "no such user.");
  if (!isAclPath(splitPath(path))) refuse(`invalid acl path '${String(parameters.path)}'.`);
  // NoAccess stands alone on its path, and any other role replaces it.
  const kept = others.filter(
    (entry) => !(entry.authId === id && entry.path === path && (role === "NoAccess" || entry.role === "NoAccess")),
  );
  server.change((draft) => {
    draft.acl = [...kept, { path, authId: id, role, propagate: propagate !== false }];
  });
  return DONE;
}

/** Without Permissions.Modify, a user may set the ACL of its own tokens and nothing else. */
function refuseUnprivileged({ caller, parameters }: Call): void {
  const { group, "auth-id": id } = parameters;
  if (group !== undefined) refuse("Unprivileged users are not allowed to create group ACL item.");
  if (typeof id !== "string") refuse("Unprivileged user needs to provide auth_id to update ACL item.");
  if (caller.isToken) refuse("Unprivileged API tokens can't set ACL items.");
  if (!isToken(id)) refuse("Unprivileged users can only set ACL items for API tokens.");
  if (userOf(id) !== caller.user) refuse("Unprivileged users can only set ACL items for their own API tokens.");
}

/** Digest of the ACL file as the product writes it. */
function aclDigest(acl: readonly AclEntry[]): string {
  const lines = [...new Set(acl.map((entry) => entry.path))].sort().flatMap((path) =>
    [false, true].flatMap((propagate) => {
      const here = acl.filter((entry) => entry.path === path && entry.propagate === propagate);
      const idsOf = (role: Role) =>
        [...new Set(here.filter((entry) => entry.role === role).map((entry) => entry.authId))].sort().join(",");
      const byIds = new Map<string, Role[]>();
      for (const role of [...ROLE_NAMES].sort()) {
        const ids = idsOf(role);
        if (ids !== "") byIds.set(ids, [...(byIds.get(ids) ?? []), role]);
      }
      return [...byIds]
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([ids, roles]) => `acl:${propagate ? 1 : 0}:${path}:${ids}:${roles.join(",")}\n`);
    }),
  );
  return createHash("sha256").update(lines.join("")).digest("hex");
}

function isBelow(path: string, ancestor: string): boolean {
  return ancestor === "/" || path.startsWith(`${ancestor}/`);
}

function byPath(left: AclEntry, right: AclEntry): number {
  return left.path < right.path ? -1 : left.path > right.path ? 1 : 0;
}

/** The paths that the product knows. */
function isAclPath([first, second, third, ...rest]: readonly string[]): boolean {
  const length = [first, second, third].filter((part) => part !== undefined).length + rest.length;
  if (length === 0) return true;
  switch (first) {
    case "access":
      if (second === "openid") return length <= 3;
      return length === 1 || (length === 2 && ["acl", "users", "domains"].includes(second ?? ""));
    case "datastore":
      return length <= 2 + NAMESPACE_DEPTH;
    case "remote":
      return length <= 3 + NAMESPACE_DEPTH;
    case "system":
      return isSystemPath(length, second, third);
    case "tape":
      return length === 1 || (["device", "pool", "job"].includes(second ?? "") && length <= 3);
    default:
      return false;
  }
}

function isSystemPath(length: number, second: string | undefined, third: string | undefined): boolean {
  if (length === 1) return true;
  switch (second) {
    case "certificates":
    case "disks":
    case "log":
    case "notifications":
    case "status":
    case "tasks":
    case "time":
      return length === 2;
    case "services":
    case "s3-endpoint":
    case "encryption-keys":
      return length <= 3;
    case "network":
      return length === 2 || (third === "dns" && length === 3) || (third === "interfaces" && length <= 4);
    default:
      return false;
  }
}
