import type { GuestId } from "../model";
import type { Known } from "./known";

/** How a site is protected: what a reviewer wants to know, calculated from a configuration. Plain data; it holds no secret. */
export interface Protection {
  /** By ascending id: every guest that the source knows or that a job selects. */
  readonly guests: readonly GuestProtection[];
  readonly datastores: Known<readonly DatastoreProtection[]>;
  /** Effective privileges: what each subject can do, role names resolved, on PBS the token's and its user's together. */
  readonly privileges: Known<readonly EffectivePrivileges[]>;
  /** Copies that the site's servers hold of what is not backed up here: pulled from elsewhere. */
  readonly pulled: Known<readonly Copy[]>;
  readonly reachability: Known<Reachability>;
  readonly alerts: Known<readonly Alert[]>;
  /** Who is told next, while a failure is not handled, by ascending delay. Absent: the source does not say. */
  readonly escalation?: readonly { readonly afterMs: number; readonly owner: string }[];
  /** The backup servers' addresses by name: one that keeps its address is the same under another name. */
  readonly servers: Readonly<Record<string, readonly string[]>>;
  /** Days between two restore tests, at most. Absent: none is planned, or the source does not say. */
  readonly restoreTests?: { readonly partialDays: number; readonly fullDays: number };
}

export interface GuestProtection {
  readonly id: GuestId;
  /** Absent: the source does not name it. */
  readonly name?: string;
  /** An enabled job takes it, to a storage that is in service. */
  readonly covered: Known<boolean>;
  /** Why the jobs that take it back nothing up: `the storage pbs is disabled`. */
  readonly uncovered?: string;
  /** Why it is not backed up on purpose. */
  readonly exempt?: string;
  /** Ids of the enabled jobs that take it, sorted. */
  readonly jobs: Known<readonly string[]>;
  /** Largest time in milliseconds between two runs, the days when the clocks change included; Infinity: it never runs. */
  readonly gapMs: Known<number>;
  /** Runs in 28 days: tells schedules apart whose largest gap is the same. */
  readonly runs: Known<number>;
  /** What is kept, together over all jobs. */
  readonly kept: Known<Kept>;
  /** The hypervisor removes old backups too, by rules of its own. */
  readonly prunedByClient: Known<boolean>;
  /** Every copy beside production. */
  readonly copies: Known<readonly Copy[]>;
  /** All its backups are encrypted on the client side. */
  readonly encrypted: Known<boolean>;
  /** Only with `encrypted`: the key is escrowed apart from the hypervisor. */
  readonly keyEscrowed: Known<boolean>;
  /** The hypervisor recognises the backup server by its certificate. */
  readonly pinned: Known<boolean>;
  /** Largest time in days until a backup is verified (again); Infinity: never. */
  readonly verifiedWithinDays: Known<number>;
  /** Every new backup is verified at once. */
  readonly verifiedWhenNew: Known<boolean>;
  /** Consistency of the copy of a running guest. */
  readonly mode: Known<"snapshot" | "suspend" | "stop">;
  /** Disks and paths that its backups leave out, sorted. */
  readonly leftOut: readonly string[];
  /** A run that was missed is made up for. */
  readonly repeatMissed: Known<boolean>;
  /** Where its history lies: `pbs:proxmox-data:critical`, sorted. Another place begins an empty history. */
  readonly places: Known<readonly string[]>;
  /** Auth ids that its backups are written with, sorted. */
  readonly writers: Known<readonly string[]>;
  /** The engine made it and may destroy it. */
  readonly owned: boolean;
  readonly promise?: { readonly rpoMs?: number; readonly rtoMs?: number };
}

export interface Kept {
  /** Recovery points in the steady state, the fewest over the instants that are looked at; Infinity: nothing is pruned. */
  readonly points: number;
  /** Age of the oldest of them in milliseconds, counted from the newest, the youngest over those instants. */
  readonly oldestMs: number;
  /** How many are at most 1, 7, 31, 92, 366 days older than the newest, the fewest over those instants. */
  readonly recent: readonly number[];
  /** keep-* counts as written, for display: `hourly 24, daily 7`. */
  readonly rule: string;
}

export interface Copy {
  readonly name: string;
  /** `host`: on the hypervisor that it protects. `site`: another machine of the site. */
  readonly place: "host" | "site" | "off-site";
  /** Nobody on the site can delete it: offline, immutable, or pulled by the other side without removing what vanished here. */
  readonly safeFromDeletion: boolean;
  /** Largest time in milliseconds between two transfers; 0: the backup itself writes it. */
  readonly gapMs: number;
  /** What is removed at the source is removed from it at the next run. */
  readonly followsRemovals: boolean;
  /** Restrictions by which it is less than everything, sorted. */
  readonly restrictions: readonly string[];
}

export interface DatastoreProtection {
  /** `pbs:proxmox-data`. */
  readonly name: string;
  readonly path: Known<string>;
  readonly inService: Known<boolean>;
  /** Largest time in days between two garbage collections; Infinity: never. */
  readonly collectedWithinDays: Known<number>;
  /** Guests whose history lies on it, by ascending id. */
  readonly guests: readonly GuestId[];
}

export interface EffectivePrivileges {
  /** `hypervisor` or the name of a backup server. */
  readonly device: string;
  readonly subject: string;
  readonly path: string;
  readonly propagate: boolean;
  /** Sorted. A role that is not known here stands as `role <name>`. */
  readonly privileges: readonly string[];
}

/** Who comes through to the backup servers' port: by the firewall's rules and by the server's own filter, each for itself. */
export interface Reachability {
  readonly reaches: readonly Reach[];
  /** Hypervisors that do not come through: their backups fail. `pve1 -> pbs`. */
  readonly cutOff: readonly string[];
  /** Servers that stand on the site, hence behind its firewall; of others the firewall says nothing. */
  readonly onSite: readonly string[];
}

export interface Reach {
  /** Name in the site file, `a stranger on lan`, `the internet`, `everybody`. */
  readonly source: string;
  /** Absent where `source` stands for many. */
  readonly address?: string;
  /** The network's interface on the firewall. Absent: none of the site's. */
  readonly network?: string;
  /** Name of the backup server. */
  readonly destination: string;
  readonly family: "inet" | "inet6";
  readonly port: number;
  /** What lets him through: the firewall as if every packet passed it, or the server's own filter. */
  readonly through: "firewall" | "server";
}

export interface Alert {
  /** `hypervisor`, a backup server, or a datastore (`pbs:proxmox-data`) whose jobs do not report as its server does. */
  readonly device: string;
  /** Mail addresses, sorted; empty: nobody is told. */
  readonly recipients: readonly string[];
}
