/**
 * Privileges of the fixed roles of Proxmox Backup Server 4.
 * Source: its user management documentation, as on a 4.2.3 server (`GET /access/roles`).
 */
export const BACKUP_SERVER_ROLES: Readonly<Record<string, readonly string[]>> = {
  DatastoreAdmin: [
    "Datastore.Audit",
    "Datastore.Backup",
    "Datastore.Modify",
    "Datastore.Prune",
    "Datastore.Read",
    "Datastore.Verify",
  ],
  DatastoreReader: ["Datastore.Audit", "Datastore.Read", "Datastore.Verify"],
  DatastoreBackup: ["Datastore.Backup"],
  DatastorePowerUser: ["Datastore.Backup", "Datastore.Prune"],
  DatastoreAudit: ["Datastore.Audit"],
};
