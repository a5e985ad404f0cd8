import type { GuestId } from "../model";
import type { Known } from "./known";

/** How a site is protected: what a reviewer wants to know, calculated from a configuration. Plain data; it holds no secret. */
export interface Protection {
  /** By ascending id: every guest that the source knows or that a job selects. */
  readonly guests: readonly GuestProtection[];
  readonly datastores: readonly DatastoreProtection[];
  /** Effective privileges: what each subject can do, role names resolved, on PBS the token's and its user's together. */
  readonly privileges: Known<readonly EffectivePrivileges[]>;
  /** Who reaches the backup servers' port through the firewall. Absent: the site has no firewall. */
  readonly reachability?: Known<readonly Reach[]>;
  readonly alerts: Known<readonly Alert[]>;
  /** Days between two restore tests, at most. Absent: none is planned, or the source does not say. */
  readonly restoreTests?: { readonly partialDays: number; readonly fullDays: number };
}

export interface GuestProtection {
  readonly id: GuestId;
  /** Absent: the source does not name it. */
  readonly name?: string;
  /** An enabled job takes it, to a storage that is in service. */
  readonly covered: Known<boolean>;
  /** Why it is not backed up on purpose. */
  readonly exempt?: string;
  /** Ids of the enabled jobs that take it, sorted. */
  readonly jobs: Known<readonly string[]>;
  /** Largest time in milliseconds between two runs, the days when the clocks change included; Infinity: it never runs. */
  readonly gapMs: Known<number>;
  /** What is kept, together over all jobs. */
  readonly kept: Known<Kept>;
  /** Every copy beside production. */
  readonly copies: Known<readonly Copy[]>;
  /** All its backups are encrypted on the client side. */
  readonly encrypted: Known<boolean>;
  /** Only with `encrypted`: the key is escrowed apart from the hypervisor. */
  readonly keyEscrowed: Known<boolean>;
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
  readonly promise?: { readonly rpoMs?: number; readonly rtoMs?: number };
}

export interface Kept {
  /** Recovery points in the steady state, the fewest over the instants that are looked at; Infinity: nothing is pruned. */
  readonly points: number;
  /** Age of the oldest of them in milliseconds, the youngest over those instants. */
  readonly oldestMs: number;
  /** keep-* counts as written, for display: `hourly 24, daily 7`. */
  readonly rule: string;
}

export interface Copy {
  readonly name: string;
  /** `host`: on the hypervisor that it protects. `site`: another machine of the site. */
  readonly place: "host" | "site" | "off-site";
  /** Nobody on the site can delete it: offline, immutable, or pulled by the other side without removing what vanished here. */
  readonly safeFromDeletion: boolean;
  readonly gapMs: number;
}

export interface DatastoreProtection {
  /** `pbs:proxmox-data`. */
  readonly name: string;
  readonly path: Known<string>;
  readonly inService: Known<boolean>;
  /** Largest time in days between two garbage collections; Infinity: never. */
  readonly collectedWithinDays: Known<number>;
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

export interface Reach {
  /** Name in the site file, `a stranger on lan`, `the internet`, or an address. */
  readonly source: string;
  /** Name of the backup server. */
  readonly destination: string;
  readonly family: "inet" | "inet6";
  readonly port: number;
}

export interface Alert {
  readonly device: string;
  /** Mail addresses, sorted; empty: nobody is told. */
  readonly recipients: readonly string[];
}
