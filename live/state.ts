import type { FirewallState } from "../firewall/state";
import type { Fault } from "../model";
import { UserError } from "../model";

/** One thing read from a device, or why it could not be read. What is not known is never taken for good. */
export type Reading<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: Fault };

/** Runs a call and keeps its fault, so that one refused call does not hide what the others say. */
export async function reading<Value>(call: () => Promise<Value>): Promise<Reading<Value>> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    const fault = error instanceof UserError ? error.faults[0] : undefined;
    if (fault === undefined) throw error;
    return { ok: false, fault };
  }
}

/** What the devices of a site say about themselves, read in one pass. */
export interface LiveState {
  readonly hypervisor: HypervisorState;
  /** Key: name of the backup server in the site file. */
  readonly backupServers: Readonly<Record<string, BackupServerState>>;
  /** Absent: the site has no firewall. */
  readonly firewall?: Reading<FirewallState>;
  readonly firewallVersion?: Reading<string>;
}

export interface Clock {
  /** IANA name. */
  readonly timeZone: string;
  /** Seconds that the node's clock is ahead of ours. */
  readonly offsetS: number;
}

export interface HypervisorState {
  readonly version: Reading<string>;
  readonly nodes: Reading<readonly { readonly name: string; readonly online: boolean }[]>;
  readonly clocks: Readonly<Record<string, Reading<Clock>>>;
  readonly storages: Reading<readonly Storage[]>;
  /** Key: node, then storage id. */
  readonly storageActive: Readonly<Record<string, Readonly<Record<string, Reading<boolean>>>>>;
  readonly jobs: Reading<readonly LiveJob[]>;
  readonly guests: Reading<readonly LiveGuest[]>;
  /** Key: job id; which guests and volumes a run of the job would take. */
  readonly included: Readonly<Record<string, Reading<readonly IncludedGuest[]>>>;
  readonly matchers: Reading<readonly Matcher[]>;
  readonly endpoints: Reading<readonly NotificationEndpoint[]>;
}

export interface Storage {
  readonly id: string;
  readonly type: string;
  readonly server?: string;
  readonly datastore?: string;
  readonly namespace?: string;
  readonly username?: string;
  readonly tlsFingerprint?: string;
  /** Fingerprint of the encryption key; `"1"` where the key file carries none; absent: backups are not encrypted. */
  readonly keyFingerprint?: string;
  readonly disabled: boolean;
}

export interface LiveJob {
  readonly id: string;
  readonly enabled: boolean;
  readonly schedule: string;
  readonly storage: string;
  readonly mode: string;
  /** Unix seconds. */
  readonly nextRun?: number;
}

export interface LiveGuest {
  readonly id: number;
  readonly name: string;
  readonly node: string;
}

export interface IncludedGuest {
  readonly id: number;
  /** Volumes that the job leaves out, with the product's reason. */
  readonly excluded: readonly { readonly volume: string; readonly reason: string }[];
}

export interface Matcher {
  readonly name: string;
  readonly disabled: boolean;
  readonly targets: readonly string[];
}

export interface NotificationEndpoint {
  readonly name: string;
  readonly disabled: boolean;
}

export interface BackupServerState {
  readonly version: Reading<string>;
  readonly clock: Reading<Clock>;
  readonly presentedFingerprint: string | undefined;
  readonly datastores: Reading<readonly LiveDatastore[]>;
  /** Key: datastore. */
  readonly namespaces: Readonly<Record<string, Reading<readonly string[]>>>;
  readonly pruneJobs: Reading<readonly MaintenanceJob[]>;
  readonly verifyJobs: Reading<readonly MaintenanceJob[]>;
  /** Pull and push. */
  readonly syncJobs: Reading<readonly MaintenanceJob[]>;
  readonly garbageCollections: Reading<readonly GarbageCollection[]>;
  /** Effective privileges of the hypervisor's token, by path. */
  readonly tokenPrivileges: Reading<Readonly<Record<string, readonly string[]>>>;
  readonly matchers: Reading<readonly Matcher[]>;
  readonly endpoints: Reading<readonly NotificationEndpoint[]>;
}

export interface LiveDatastore {
  readonly name: string;
  readonly path: string;
  readonly verifyNew: boolean;
  readonly maintenance?: string;
}

/** A prune, verify or sync job with what the scheduler says of it. */
export interface MaintenanceJob {
  readonly id: string;
  readonly datastore: string;
  readonly namespace: string;
  readonly schedule?: string;
  readonly disabled: boolean;
  readonly keep: Readonly<Record<string, number>>;
  readonly maxDepth?: number;
  readonly ignoreVerified: boolean;
  readonly outdatedAfterDays?: number;
  readonly lastResult?: string;
  readonly nextRun?: number;
}

export interface GarbageCollection {
  readonly datastore: string;
  readonly schedule?: string;
  readonly lastResult?: string;
  readonly nextRun?: number;
}
