import type { FirewallState } from "../firewall/state";
import type { CalendarEvent, GuestId, Retention } from "../model";
import type { Known } from "./known";

/**
 * What decides on the protection of a site, in the words of its devices: which jobs there are, where they write, what is kept.
 * A model, each side of a plan and the live devices give the same structure, so that one calculation and one comparison serve
 * all three. Names of devices are those of the site file. It holds no secret.
 */
export interface Configuration {
  /** IANA zone in which the schedules run. */
  readonly timeZone: string;
  /** Guests that the source knows, by ascending id. */
  readonly guests: Known<readonly GuestFacts[]>;
  readonly backupJobs: Known<readonly BackupJobFacts[]>;
  readonly storages: Known<readonly StorageFacts[]>;
  readonly datastores: Known<readonly DatastoreFacts[]>;
  readonly pruneJobs: Known<readonly PruneJobFacts[]>;
  readonly verifyJobs: Known<readonly VerifyJobFacts[]>;
  readonly syncJobs: Known<readonly SyncJobFacts[]>;
  /** Rights of users and tokens on the hypervisors and the backup servers. */
  readonly grants: Known<readonly Grant[]>;
  /** Who is told of failures, by each device. */
  readonly alerts: Known<readonly AlertFacts[]>;
  /** Rules and aliases of the firewall. Absent: the site has none. */
  readonly firewall?: Known<FirewallState>;
  /** What only the site file says. Absent where the source is not a site file. */
  readonly promises?: Promises;
}

export interface GuestFacts {
  readonly id: GuestId;
  readonly name?: string;
  /** Disks that backups leave out (`backup=0`). Absent: the source does not say. */
  readonly excludedDisks?: readonly string[];
  /** The engine made it, and may destroy it. */
  readonly owned: boolean;
}

export interface BackupJobFacts {
  readonly id: string;
  readonly enabled: boolean;
  readonly schedule: Known<CalendarEvent>;
  readonly storage: Known<string>;
  /** Ids that it selects. `all`: every guest but `exclude`. A pool: whoever is in it. */
  readonly selection: Known<
    | { readonly kind: "list"; readonly guests: readonly GuestId[] }
    | { readonly kind: "all"; readonly exclude: readonly GuestId[] }
    | { readonly kind: "pool"; readonly pool: string }
  >;
  /** Restricted to one node. */
  readonly node?: string;
  readonly mode: Known<"snapshot" | "suspend" | "stop">;
  readonly repeatMissed: boolean;
  /** The client prunes after each run: `remove` or `prune-backups` of the job. */
  readonly prunesItself: boolean;
  readonly excludedPaths: readonly string[];
}

export interface StorageFacts {
  readonly id: string;
  readonly backupServer: Known<string>;
  readonly datastore: Known<string>;
  readonly namespace: Known<string>;
  readonly enabled: boolean;
  /** `true`: encrypted on the client side. */
  readonly encrypted: Known<boolean>;
  /** Fingerprint of the server's certificate is pinned. */
  readonly pinned: Known<boolean>;
  /** The hypervisor prunes on this storage: anything else than keep-all. */
  readonly prunes: Known<boolean>;
  /** Auth id that it writes with. A group of backups belongs to who wrote it first, and takes nothing from anybody else. */
  readonly writer: Known<string>;
}

export interface DatastoreFacts {
  readonly backupServer: string;
  readonly name: string;
  readonly path: Known<string>;
  readonly garbageCollection: Known<CalendarEvent | "never">;
  readonly verifyNew: Known<boolean>;
  /** `offline`, `read-only` …; absent: in service. */
  readonly maintenance?: string;
  /** Its jobs report through the matchers; `false`: the old way, by mail to an address of the server alone. */
  readonly notifies: Known<boolean>;
}

/** A job of a backup server that works on a namespace and what lies below it. */
interface NamespaceJobFacts {
  readonly id: string;
  readonly backupServer: string;
  readonly datastore: string;
  readonly namespace: string;
  /** Namespaces below that it reaches; 0: this one alone. Absent: all. */
  readonly maxDepth?: number;
  readonly enabled: boolean;
  readonly schedule: Known<CalendarEvent>;
}

export interface PruneJobFacts extends NamespaceJobFacts {
  readonly retention: Known<Retention>;
}

export interface VerifyJobFacts extends NamespaceJobFacts {
  /** Days after which a verified snapshot is verified again; 0: at every run (`ignore-verified` off). Absent: never again. */
  readonly againAfterDays?: number;
}

export interface SyncJobFacts {
  readonly id: string;
  readonly backupServer: string;
  readonly datastore: string;
  readonly remote: string;
  /** Address or name of the remote. */
  readonly remoteHost: Known<string>;
  readonly remoteDatastore: string;
  readonly direction: "pull" | "push";
  readonly enabled: boolean;
  readonly schedule: Known<CalendarEvent>;
  readonly removeVanished: Known<boolean>;
  /** Restrictions by which it copies less than everything: `group-filter`, `transfer-last`, `verified-only`, `max-depth` … */
  readonly restrictions: readonly string[];
}

export interface Grant {
  /** `hypervisor` or the name of a backup server. */
  readonly device: string;
  /** `user@realm` or `user@realm!token`. */
  readonly subject: string;
  readonly path: string;
  readonly role: Known<string>;
  readonly propagate: boolean;
}

export interface AlertFacts {
  readonly device: string;
  readonly matcher: string;
  readonly enabled: boolean;
  /** Mail addresses behind the matcher's targets, sorted. */
  readonly recipients: Known<readonly string[]>;
}

/** What the site file promises beyond what any device is told. */
export interface Promises {
  /** Key: guest id. */
  readonly guests: Readonly<Record<number, GuestPromise>>;
  /** Everybody for whom it is asked whether he reaches the backup servers, and those themselves. */
  readonly machines: readonly MachineFacts[];
  /** Port of the backup servers. */
  readonly port: number;
  readonly restoreTests?: { readonly partial: CalendarEvent; readonly full: CalendarEvent };
  /** Copies that something else makes. */
  readonly declaredCopies: readonly DeclaredCopyFacts[];
  /** Backup servers that stand elsewhere. */
  readonly offSite: readonly string[];
  /** Backup servers that are guests of a hypervisor, with its name. */
  readonly runsOn: Readonly<Record<string, string>>;
  /** Delay in milliseconds until somebody else is told. Empty: nobody is. */
  readonly escalation: readonly { readonly afterMs: number; readonly owner: string }[];
  /** Encrypted backups: the key is escrowed in the site's secret store. */
  readonly keyEscrowed: boolean;
}

export interface MachineFacts {
  /** Name in the site file. */
  readonly name: string;
  readonly role: "hypervisor" | "admin" | "guest" | "host" | "backup server";
  /** Of both families. */
  readonly addresses: readonly string[];
  /** Its name with the site's domain. */
  readonly hostName?: string;
  /** Only of a backup server: its own filter admits nobody but hypervisors and administrators. */
  readonly hostFirewall?: boolean;
}

export interface GuestPromise {
  readonly tier?: string;
  readonly exempt?: string;
  readonly rpoMs?: number;
  readonly rtoMs?: number;
}

export interface DeclaredCopyFacts {
  readonly backupServer: string;
  readonly datastore: string;
  readonly name: string;
  readonly kind: "off-site" | "offline" | "immutable";
  readonly schedule: CalendarEvent;
}
