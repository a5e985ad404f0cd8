import type { Site, Sync, Tier } from "../site";
import type { CalendarEvent, GuestId } from "../values";
import { type BackupTarget, backupTargets } from "./backup-target";

/** A backup job of Proxmox VE: one per tier that has guests. */
export interface BackupJob {
  readonly id: string;
  readonly tierName: string;
  readonly tier: Tier;
  /** Pool on Proxmox VE that holds the tier's guests. */
  readonly pool: string;
  readonly target: BackupTarget;
  /** Ascending. */
  readonly guests: readonly GuestId[];
}

/** A verification job of a backup server: one per datastore, all namespaces. */
export interface VerifyJob {
  readonly id: string;
  readonly backupServer: string;
  readonly datastore: string;
  readonly schedule: CalendarEvent;
  readonly againAfterDays: number;
}

export interface SyncJob {
  readonly id: string;
  readonly backupServer: string;
  readonly datastore: string;
  readonly sync: Sync;
}

/** A tier without guests has no job: Proxmox VE refuses one that selects nothing. */
export function backupJobs(site: Site): readonly BackupJob[] {
  const targets = backupTargets(site);
  return Object.entries(site.tiers).flatMap(([tierName, tier]) => {
    const guests = Object.values(site.guests)
      .filter((guest) => guest.tier === tierName && guest.exempt === undefined)
      .map((guest) => guest.id)
      .sort((one, other) => one - other);
    const target = targets.find(
      ({ backupServer, datastore, namespace }) =>
        backupServer === tier.backupServer && datastore === tier.datastore && namespace === tier.namespace,
    );
    if (guests.length === 0 || target === undefined) return [];
    return [{ id: backupJobName(site.name, tierName), tierName, tier, pool: poolName(site.name, tierName), target, guests }];
  });
}

export function backupJobName(site: string, tier: string): string {
  return `${site}-${tier}`;
}

export function poolName(site: string, tier: string): string {
  return `${site}-${tier}`;
}

export function verifyJobs(site: Site): readonly VerifyJob[] {
  return Object.entries(site.backupServers).flatMap(([backupServer, server]) =>
    Object.entries(server.datastores).map(([datastore, { verification }]) => ({
      id: verifyJobName(datastore),
      backupServer,
      datastore,
      ...verification,
    })),
  );
}

export function verifyJobName(datastore: string): string {
  return `${datastore}-verify`;
}

export function syncJobs(site: Site): readonly SyncJob[] {
  return Object.entries(site.backupServers).flatMap(([backupServer, server]) =>
    Object.entries(server.datastores).flatMap(([datastore, { syncs }]) =>
      Object.entries(syncs).map(([name, sync]) => ({ id: syncJobName(datastore, name), backupServer, datastore, sync })),
    ),
  );
}

export function syncJobName(datastore: string, sync: string): string {
  return `${datastore}-${sync}`;
}
