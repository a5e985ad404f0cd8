import { member } from "../../../model";
import { judged, type Rule, unknown } from "../../engine/rule";

export const operatorsApart: Rule = {
  sentence: "No operator can delete backups, their storages or jobs, or change permissions",
  model: ({ site }) =>
    Object.entries(site.access.operators).map(([user, { role, path }]) => {
      const where = member("access.operators", user);
      if (HARMLESS.has(role)) return judged(where, undefined);
      const reach = REACH[role];
      if (reach === undefined)
        return unknown(where, `${role} is no role that Proxmox VE brings, so nobody knows here what it may do`);
      const does = reach.find(({ below }) => below === "" || path === "/" || path === below || path.startsWith(`${below}/`));
      return judged(where, does === undefined ? undefined : `${role} on ${path} may ${does.may}`);
    }),
};

/**
 * What the roles of Proxmox VE 9 can do to the protection, and below which path. Deleting a backup or a storage takes
 * Datastore.Allocate, a password of another user User.Modify, an entry Permissions.Modify. "" is any path.
 */
const STORAGES = { below: "/storage", may: "delete backups and storages (Datastore.Allocate)" };
const USERS = { below: "/access", may: "set passwords of other users (User.Modify)" };
const REACH: Readonly<Record<string, readonly { readonly below: string; readonly may: string }[]>> = {
  Administrator: [{ below: "", may: "do everything there, and give others the same right" }],
  PVEAdmin: [STORAGES, USERS],
  PVEDatastoreAdmin: [STORAGES],
  PVEUserAdmin: [USERS],
  PVEMappingAdmin: [{ below: "/mapping", may: "remove who is told of failures (Mapping.Modify)" }],
};

/** Roles of Proxmox VE 9 without any of these privileges. */
const HARMLESS: ReadonlySet<string> = new Set([
  "NoAccess",
  "PVEAuditor",
  "PVEDatastoreUser",
  "PVEMappingUser",
  "PVEPoolAdmin",
  "PVEPoolUser",
  "PVESDNAdmin",
  "PVESDNUser",
  "PVESysAdmin",
  "PVETemplateUser",
  "PVEVMAdmin",
  "PVEVMUser",
]);
