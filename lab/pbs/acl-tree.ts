import { isToken, ROOT, userOf } from "./auth-id";
import { PRIVILEGES, type Privilege, privilegesOf, type Role } from "./privileges";

export interface AclEntry {
  readonly path: string;
  readonly authId: string;
  readonly role: Role;
  readonly propagate: boolean;
}

/** Privilege to whether it reaches below the path. */
export type Privileges = ReadonlyMap<Privilege, boolean>;

/**
 * The privileges of an auth id on a path. The deepest path with any role for that id replaces what was inherited; roles on one
 * path add up; NoAccess wins on its path; what does not propagate counts on its exact path only. A token has at most what its
 * user has on the same path. `root@pam` has everything, its tokens have what their ACL says.
 */
export function privilegesOn(acl: readonly AclEntry[], authId: string, path: readonly string[]): Privileges {
  if (authId === ROOT) return new Map(PRIVILEGES.map((privilege) => [privilege, true]));
  const own = new Map<Privilege, boolean>();
  for (const { role, propagate } of rolesOn(acl, authId, path)) {
    for (const privilege of privilegesOf(role)) own.set(privilege, propagate || own.get(privilege) === true);
  }
  if (!isToken(authId)) return own;
  const users = privilegesOn(acl, userOf(authId), path);
  return new Map([...own].filter(([name]) => users.has(name)).map(([name, below]) => [name, below && users.get(name) === true]));
}

/** Path of an ACL in its components; the root has none. */
export function splitPath(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "");
}

/** The same path whatever slashes it was written with. */
export function normalPath(path: string): string {
  return `/${splitPath(path).join("/")}`;
}

interface GrantedRole {
  readonly role: Role;
  readonly propagate: boolean;
}

function rolesOn(acl: readonly AclEntry[], authId: string, path: readonly string[]): readonly GrantedRole[] {
  let roles: readonly GrantedRole[] = [];
  for (let depth = 0; depth <= path.length; depth++) {
    const here = `/${path.slice(0, depth).join("/")}`;
    const entries = acl.filter((entry) => entry.authId === authId && entry.path === here);
    const counting = entries.filter((entry) => entry.propagate || depth === path.length);
    if (counting.some((entry) => entry.role === "NoAccess")) roles = [{ role: "NoAccess", propagate: false }];
    else if (counting.length > 0) roles = counting;
  }
  return roles;
}
