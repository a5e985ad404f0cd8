import { type AccessView, normalizedPath, type Rights, rightsOn } from "./acl";
import { splitList, USER_ID } from "./formats";
import { Refusal, refusePermission } from "./refusal";
import type { Wire } from "./transport";

/** What a call demands of its caller before its parameters are read. */
export type Permission = "world" | "all" | "root" | Check;

export type Check =
  | { readonly kind: "perm"; readonly path: string; readonly privileges: readonly string[]; readonly any: boolean }
  | { readonly kind: "and" | "or"; readonly checks: readonly Check[] }
  | { readonly kind: "groups"; readonly privileges: readonly string[]; readonly parameter?: "create" | "update" }
  | { readonly kind: "self" | "realm" }
  | { readonly kind: "modify"; readonly path: string };

export const perm = (path: string, ...privileges: string[]): Check => ({ kind: "perm", path, privileges, any: false });
export const anyOf = (path: string, ...privileges: string[]): Check => ({ kind: "perm", path, privileges, any: true });
export const and = (...checks: Check[]): Check => ({ kind: "and", checks });
export const or = (...checks: Check[]): Check => ({ kind: "or", checks });

/** The privilege checks of one caller. */
export class Caller {
  constructor(
    /** `user@realm` or `user@realm!token`. */
    readonly id: string,
    private readonly access: AccessView,
  ) {}

  rights(path: string, of = this.id): Rights {
    return rightsOn(this.access, of, path);
  }

  has(path: string, ...privileges: string[]): boolean {
    const rights = this.rights(path);
    return privileges.every((privilege) => rights.has(privilege));
  }

  hasAny(path: string, ...privileges: string[]): boolean {
    const rights = this.rights(path);
    return privileges.some((privilege) => rights.has(privilege));
  }

  /** @throws Refusal 403 that names the first missing privilege */
  demand(path: string, ...privileges: string[]): void {
    const rights = this.rights(path);
    const missing = privileges.find((privilege) => !rights.has(privilege));
    if (missing !== undefined) refusePermission(`${path}, ${missing}`);
  }

  /** @throws Refusal 403 */
  demandAny(path: string, ...privileges: string[]): void {
    if (!this.hasAny(path, ...privileges)) refusePermission(`${path}, ${privileges.join("|")}`);
  }

  /** Whether the caller may hand out rights on a path. */
  mayModify(path: string): boolean {
    return this.hasAny(path, ...modifyPrivileges(path));
  }

  /** @throws Refusal 403 */
  demandModify(path: string): void {
    this.demandAny(path, ...modifyPrivileges(path));
  }

  /** @throws Refusal where the caller may not make the call */
  check(permission: Permission, parameters: Readonly<Record<string, Wire>>): void {
    if (permission === "world" || this.id === "root@pam") return;
    if (permission === "root") refusePermission("user != root@pam");
    if (permission !== "all") this.#check(permission, parameters);
  }

  #check(check: Check, parameters: Readonly<Record<string, Wire>>): void {
    switch (check.kind) {
      case "perm": {
        const path = normalizedPath(filled(check.path, parameters)) ?? "";
        if (check.any) this.demandAny(path, ...check.privileges);
        else this.demand(path, ...check.privileges);
        return;
      }
      case "and":
        for (const part of check.checks) this.#check(part, parameters);
        return;
      case "or":
        if (!check.checks.some((part) => this.#passes(part, parameters))) refusePermission();
        return;
      case "groups":
        this.#checkGroups(check.privileges, check.parameter, parameters);
        return;
      case "self":
        if (this.access.users[this.id] === undefined || this.id !== String(parameters.userid)) refusePermission();
        return;
      case "realm":
        this.demand(`/access/realm/${USER_ID.exec(String(parameters.userid))?.[2] ?? ""}`, "Realm.AllocateUser");
        return;
      case "modify": {
        const path = normalizedPath(filled(check.path, parameters));
        if (path !== undefined) this.demandModify(path);
      }
    }
  }

  #passes(check: Check, parameters: Readonly<Record<string, Wire>>): boolean {
    try {
      this.#check(check, parameters);
      return true;
    } catch (error) {
      if (error instanceof Refusal && (error.status === 403 || error.status === 500)) return false;
      throw error;
    }
  }

  /** A right on all groups, or on each group that is given, and on one group of the user. */
  #checkGroups(
    privileges: readonly string[],
    parameter: "create" | "update" | undefined,
    parameters: Readonly<Record<string, Wire>>,
  ) {
    const user = String(parameters.userid);
    if (parameter !== "create" && this.access.users[user] === undefined) throw new Refusal(`no such user ('${user}')`);
    if (this.hasAny("/access/groups", ...privileges)) return;
    const allowed = Object.keys(this.access.groups).filter((group) => this.hasAny(`/access/groups/${group}`, ...privileges));
    if (parameter !== undefined) {
      const given = splitList(typeof parameters.groups === "string" ? parameters.groups : undefined);
      if (given.length === 0) refusePermission(`/access/groups, ${privileges.join("|")}`);
      const missing = given.find((group) => !allowed.includes(group));
      if (missing !== undefined) refusePermission(`/access/groups/${missing}, ${privileges.join("|")}`);
    }
    if (parameter !== "create" && !allowed.some((group) => this.access.groups[group]?.members.includes(user) === true))
      refusePermission();
  }
}

function modifyPrivileges(path: string): string[] {
  const more = /^\/(storage|vms|pool)\/.+$/.exec(path)?.[1];
  const allocate = { storage: "Datastore.Allocate", vms: "VM.Allocate", pool: "Pool.Allocate" }[more ?? ""];
  return allocate === undefined ? ["Permissions.Modify"] : ["Permissions.Modify", allocate];
}

function filled(template: string, parameters: Readonly<Record<string, Wire>>): string {
  return template.replace(/\{([^}]+)\}/g, (_, name: string) => String(parameters[name] ?? ""));
}
