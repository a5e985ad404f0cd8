/** Roles as sets of privileges. The product's roles are fixed; this order of the privileges is the one it names them in. */
export const PRIVILEGES = [
  "Sys.Audit",
  "Sys.Modify",
  "Sys.PowerManagement",
  "Datastore.Audit",
  "Datastore.Allocate",
  "Datastore.Modify",
  "Datastore.Read",
  "Datastore.Verify",
  "Datastore.Backup",
  "Datastore.Prune",
  "Permissions.Modify",
  "Remote.Audit",
  "Remote.Modify",
  "Remote.Read",
  "Remote.DatastoreBackup",
  "Remote.DatastoreModify",
  "Remote.DatastorePrune",
  "Sys.Console",
  "Tape.Audit",
  "Tape.Modify",
  "Tape.Write",
  "Tape.Read",
  "Realm.Allocate",
] as const;

export type Privilege = (typeof PRIVILEGES)[number];

const REMOTE_PUSH: readonly Privilege[] = ["Remote.Audit", "Remote.DatastoreBackup"];

export const ROLES = {
  Admin: PRIVILEGES,
  Audit: ["Sys.Audit", "Datastore.Audit"],
  NoAccess: [],
  DatastoreAdmin: [
    "Datastore.Audit",
    "Datastore.Modify",
    "Datastore.Read",
    "Datastore.Verify",
    "Datastore.Backup",
    "Datastore.Prune",
  ],
  DatastoreReader: ["Datastore.Audit", "Datastore.Verify", "Datastore.Read"],
  DatastoreBackup: ["Datastore.Backup"],
  DatastorePowerUser: ["Datastore.Prune", "Datastore.Backup"],
  DatastoreAudit: ["Datastore.Audit"],
  RemoteAudit: ["Remote.Audit"],
  RemoteAdmin: ["Remote.Audit", "Remote.Modify", "Remote.Read"],
  RemoteSyncOperator: ["Remote.Audit", "Remote.Read"],
  RemoteSyncPushOperator: REMOTE_PUSH,
  RemoteDatastorePowerUser: [...REMOTE_PUSH, "Remote.DatastorePrune"],
  RemoteDatastoreAdmin: [...REMOTE_PUSH, "Remote.DatastoreModify", "Remote.DatastorePrune"],
  TapeAudit: ["Tape.Audit"],
  TapeAdmin: ["Tape.Audit", "Tape.Modify", "Tape.Read", "Tape.Write"],
  TapeOperator: ["Tape.Audit", "Tape.Read", "Tape.Write"],
  TapeReader: ["Tape.Audit", "Tape.Read"],
} as const satisfies Record<string, readonly Privilege[]>;

export type Role = keyof typeof ROLES;
export const ROLE_NAMES = Object.keys(ROLES) as readonly Role[];

export function privilegesOf(role: Role): readonly Privilege[] {
  return ROLES[role];
}
