import { BUILTIN_ROLES } from "./privileges";
import type { AccessState, AclEntry, Pool } from "./state";

/** Privileges on one path; the value says whether they are handed down to the paths below. */
export type Rights = ReadonlyMap<string, 0 | 1>;

type Roles = ReadonlyMap<string, 0 | 1>;

/** What the permission check knows: all of it may lag behind what is written. */
export interface AccessView extends AccessState {
  readonly pools: Readonly<Record<string, Pool>>;
}

/** Paths that an access control entry may name. */
const PATH =
  /^(\/|\/access|\/access\/groups(\/[\w.-]+)?|\/access\/realm(\/[\w.-]+)?|\/nodes(\/[\w.-]+)?|\/pool(\/[\w.-]+){0,3}|\/sdn|\/sdn\/controllers(\/[\w-]+)?|\/sdn\/(dns|fabrics|ipams|prefix-lists|route-maps)(\/[A-Za-z0-9]+)?|\/sdn\/zones(\/[\w.-]+(\/[\w.-]+(\/[1-9][0-9]{0,3})?)?)?|\/storage(\/[\w.-]+)?|\/vms(\/[1-9][0-9]{2,})?|\/mapping(\/[\w.-]+){0,2})$/;

/** The path as the product writes it; undefined where it holds characters that no path may have. */
export function normalizedPath(path: string): string | undefined {
  if (path === "") return undefined;
  const plain = path.replace(/\/+/g, "/").replace(/\/$/, "");
  const rooted = plain === "" ? "/" : plain.startsWith("/") ? plain : `/${plain}`;
  return /^[A-Za-z0-9.\-_/]+$/.test(rooted) ? rooted : undefined;
}

export function isAclPath(path: string): boolean {
  return PATH.test(path);
}

/** The privileges of a role; undefined where there is none of that name. */
export function rolePrivileges(access: AccessState, role: string): ReadonlySet<string> | undefined {
  const own = access.roles[role];
  return BUILTIN_ROLES.get(role) ?? (own === undefined ? undefined : new Set(own));
}

/** `user@realm` of a token, and its name. */
export function tokenParts(id: string): { user: string; token: string } | undefined {
  const at = id.indexOf("!");
  return at < 0 ? undefined : { user: id.slice(0, at), token: id.slice(at + 1) };
}

/**
 * What a user or token may do on a path: the deepest entries on the way win, a user's own entry over those of the user's groups,
 * membership of pools added, and a token with separated privileges has no more than both it and its user have.
 */
export function rightsOn(access: AccessView, id: string, path: string): Rights {
  if (id === "root@pam") return rightsOf(access, new Map([["Administrator", 1]]));
  const token = tokenParts(id);
  if (token === undefined) return access.users[id] === undefined ? new Map() : ownRights(access, id, path);
  const info = access.users[token.user]?.tokens[token.token];
  if (info === undefined) return new Map();
  const ofUser = rightsOn(access, token.user, path);
  if (info.privsep === 0) return ofUser;
  const own = ownRights(access, id, path);
  const both = new Map<string, 0 | 1>();
  for (const [privilege, propagate] of own) {
    const users = ofUser.get(privilege);
    if (users !== undefined) both.set(privilege, users === 1 && propagate === 1 ? 1 : 0);
  }
  return token.user === "root@pam" ? own : both;
}

function ownRights(access: AccessView, id: string, path: string): Rights {
  return rightsOf(access, withPoolRoles(access, id, path, rolesOn(access, id, path)));
}

function rightsOf(access: AccessView, roles: Roles): Rights {
  const rights = new Map<string, 0 | 1>();
  for (const [role, propagate] of roles) {
    for (const privilege of rolePrivileges(access, role) ?? []) {
      if (rights.get(privilege) !== 1) rights.set(privilege, propagate);
    }
  }
  return rights;
}

function rolesOn(access: AccessView, id: string, path: string): Roles {
  let roles: Roles = new Map();
  const steps = path === "/" ? ["/"] : path.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/") || "/");
  for (const step of steps) {
    const here = access.acl.filter((entry) => entry.path === step && (entry.propagate === 1 || step === path));
    const own = asRoles(here.filter((entry) => entry.type !== "group" && entry.ugid === id));
    const groups = asRoles(
      here.filter((entry) => entry.type === "group" && access.groups[entry.ugid]?.members.includes(id) === true),
    );
    if (own.size > 0) roles = own;
    else if (groups.size > 0) roles = groups;
  }
  const none = roles.get("NoAccess");
  return none === undefined ? roles : new Map([["NoAccess", none]]);
}

function asRoles(entries: readonly AclEntry[]): Roles {
  return new Map(entries.map((entry) => [entry.roleid, entry.propagate]));
}

/** A role on a pool holds on its members too, but never below them. */
function withPoolRoles(access: AccessView, id: string, path: string, roles: Roles): Roles {
  if (roles.has("NoAccess")) return roles;
  const all = new Map(roles);
  for (const [name, pool] of Object.entries(access.pools)) {
    const isMember =
      pool.vms.some((vmid) => path === `/vms/${vmid}`) || pool.storage.some((storage) => path === `/storage/${storage}`);
    if (!isMember) continue;
    const ofPool = rolesOn(access, id, `/pool/${name}`);
    if (ofPool.has("NoAccess")) return new Map([["NoAccess", 0]]);
    for (const role of ofPool.keys()) if (!all.has(role)) all.set(role, 0);
  }
  return all;
}
