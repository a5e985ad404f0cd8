/** The privileges of Proxmox VE 9, by area and by how much trust they need. */
const AREAS: Readonly<Record<string, { root?: string[]; admin?: string[]; user?: string[]; audit?: string[] }>> = {
  VM: {
    admin: [
      "VM.Config.Disk",
      "VM.Config.CPU",
      "VM.Config.Memory",
      "VM.Config.Network",
      "VM.Config.HWType",
      "VM.Config.Options",
      "VM.Allocate",
      "VM.Clone",
      "VM.GuestAgent.Unrestricted",
      "VM.Migrate",
      "VM.Replicate",
      "VM.Snapshot",
      "VM.Snapshot.Rollback",
    ],
    user: [
      "VM.Config.CDROM",
      "VM.Config.Cloudinit",
      "VM.Console",
      "VM.Backup",
      "VM.GuestAgent.FileRead",
      "VM.GuestAgent.FileSystemMgmt",
      "VM.GuestAgent.FileWrite",
      "VM.PowerMgmt",
    ],
    audit: ["VM.Audit", "VM.GuestAgent.Audit"],
  },
  Sys: {
    root: ["Sys.PowerMgmt", "Sys.Modify", "Sys.Incoming", "Sys.AccessNetwork"],
    admin: ["Sys.Console", "Sys.Syslog"],
    audit: ["Sys.Audit"],
  },
  Datastore: {
    admin: ["Datastore.Allocate", "Datastore.AllocateTemplate"],
    user: ["Datastore.AllocateSpace"],
    audit: ["Datastore.Audit"],
  },
  SDN: { admin: ["SDN.Allocate", "SDN.Audit"], user: ["SDN.Use"], audit: ["SDN.Audit"] },
  User: { root: ["Realm.Allocate"], admin: ["User.Modify", "Group.Allocate", "Realm.AllocateUser"] },
  Pool: { admin: ["Pool.Allocate"], user: ["Pool.Audit"], audit: ["Pool.Audit"] },
  Mapping: { admin: ["Mapping.Modify"], user: ["Mapping.Use"], audit: ["Mapping.Audit"] },
};

/** Every privilege that exists. */
export const PRIVILEGES: ReadonlySet<string> = new Set([
  "Permissions.Modify",
  ...Object.values(AREAS).flatMap(({ root = [], admin = [], user = [], audit = [] }) => [...root, ...admin, ...user, ...audit]),
]);

/** The roles that the product brings; none can be changed or deleted. */
export const BUILTIN_ROLES: ReadonlyMap<string, ReadonlySet<string>> = builtinRoles();

function builtinRoles(): Map<string, Set<string>> {
  const roles = new Map<string, Set<string>>([
    ["NoAccess", new Set()],
    ["Administrator", new Set(PRIVILEGES)],
    ["PVEAdmin", new Set()],
    ["PVEAuditor", new Set()],
  ]);
  const add = (role: string, privileges: readonly string[]) => {
    roles.set(role, new Set([...(roles.get(role) ?? []), ...privileges]));
  };
  for (const [area, { admin = [], user = [], audit = [] }] of Object.entries(AREAS)) {
    add(`PVE${area}Admin`, [...admin, ...user, ...audit]);
    add("PVEAdmin", [...admin, ...user, ...audit]);
    if (user.length > 0) add(`PVE${area}User`, [...user, ...audit]);
    add("PVEAuditor", audit);
  }
  // Only Administrator and PVEMappingAdmin may change mappings.
  roles.get("PVEAdmin")?.delete("Mapping.Modify");
  roles.set("PVETemplateUser", new Set(["VM.Clone", "VM.Audit"]));
  return roles;
}
