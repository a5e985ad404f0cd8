import type { AclEntry } from "./acl-tree";
import type { ChunkStore } from "./chunk-store";
import type { Value, Values } from "./schema";
import type { Sections } from "./sections";
import type { Task } from "./task";

/** Everything that a backup server keeps on disk. */
export interface PbsState {
  /** Users and tokens. */
  users: Sections;
  /** SHA-256 of each token's secret, by token id. */
  tokenSecrets: Readonly<Record<string, string>>;
  /** SHA-256 of each password, by user id. */
  passwords: Readonly<Record<string, string>>;
  acl: readonly AclEntry[];
  datastores: Sections;
  /** What lies on the disks, by path: stays when a datastore's configuration is removed. */
  chunkStores: Readonly<Record<string, ChunkStore>>;
  pruneJobs: Sections;
  verifyJobs: Sections;
  syncJobs: Sections;
  remotes: Sections;
  trafficControls: Sections;
  encryptionKeys: Sections;
  /** End points and matchers; what is secret in them lies in `notificationSecrets`. */
  notifications: Sections;
  notificationSecrets: Readonly<Record<string, Values>>;
  /** Last run of each scheduled job, by `type:id`. */
  jobRuns: Readonly<Record<string, JobRun>>;
  /** Last garbage collection of each datastore. */
  collections: Readonly<Record<string, Readonly<Record<string, Value>>>>;
  /** Newest first. */
  tasks: readonly Task[];
  nextTask: number;
  timezone: string;
  dns: Values;
  /** Signs tickets and CSRF tokens. */
  ticketKey: string;
}

export interface JobRun {
  /** Seconds since the epoch from which the next run is computed. */
  readonly since: number;
  readonly upid?: string;
  readonly endtime?: number;
  readonly state?: string;
}

/** A server as it is after its installation, with an administrator's token. */
export function freshState(adminToken: string, adminSecretHash: string, ticketKey: string): PbsState {
  return {
    users: {
      "root@pam": { type: "user", values: { userid: "root@pam", comment: "Superuser" } },
      [adminToken]: { type: "token", values: { tokenid: adminToken } },
    },
    tokenSecrets: { [adminToken]: adminSecretHash },
    passwords: {},
    acl: [{ path: "/", authId: adminToken, role: "Admin", propagate: true }],
    datastores: {},
    chunkStores: {},
    pruneJobs: {},
    verifyJobs: {},
    syncJobs: {},
    remotes: {},
    trafficControls: {},
    encryptionKeys: {},
    notifications: {},
    notificationSecrets: {},
    jobRuns: {},
    collections: {},
    tasks: [],
    nextTask: 0,
    timezone: "UTC",
    dns: {},
    ticketKey,
  };
}
