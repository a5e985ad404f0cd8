/**
 * Which objects a site needs on its devices, with the names that identify them there.
 * Constructs create exactly these and the live checks look for exactly these, so a name is derived once, here.
 */
import type { Retention, Site, Tier } from "./site";
import type { CalendarEvent, GuestId } from "./values";

/** A place on a datastore with its own retention: namespace on PBS, storage on PVE, prune job. */
export interface BackupTarget {
  readonly backupServer: string;
  readonly datastore: string;
  /** "" is the root namespace. */
  readonly namespace: string;
  /** Id of the Proxmox VE storage. */
  readonly storage: string;
  readonly retention: Retention;
  readonly pruneJob: string;
  readonly pruneSchedule: CalendarEvent;
  readonly encrypted: boolean;
}

export interface BackupJob {
  readonly id: string;
  readonly tierName: string;
  readonly tier: Tier;
  readonly target: BackupTarget;
  /** Ascending. */
  readonly guests: readonly GuestId[];
}

export type { Site };
