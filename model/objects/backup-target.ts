import type { Site } from "../site";
import type { CalendarEvent, Retention } from "../values";

/** A place on a datastore with its own retention: namespace on PBS, storage on PVE, prune job. */
export interface BackupTarget {
  readonly backupServer: string;
  readonly datastore: string;
  /** "" is the root namespace. */
  readonly namespace: string;
  /** Id of the Proxmox VE storage. */
  readonly storage: string;
  readonly retention: Retention;
  /** Id of the prune job. It covers this namespace alone (`max-depth` 0): those below have targets of their own. */
  readonly pruneJob: string;
  readonly pruneSchedule: CalendarEvent;
  readonly encrypted: boolean;
}

/** All targets of a site: per datastore the root namespace first, whether a tier uses it or not, then those of the tiers. */
export function backupTargets(site: Site): readonly BackupTarget[] {
  const anyEncrypted = Object.values(site.tiers).some((tier) => tier.encryption);
  return Object.entries(site.backupServers).flatMap(([backupServer, server]) =>
    Object.entries(server.datastores).flatMap(([datastore, store]) => {
      const tiers = Object.values(site.tiers).filter(
        (tier) => tier.backupServer === backupServer && tier.datastore === datastore,
      );
      const used = [...new Set(["", ...tiers.map((tier) => tier.namespace)])];
      return used.map((namespace): BackupTarget => {
        const inside = tiers.filter((tier) => tier.namespace === namespace);
        return {
          backupServer,
          datastore,
          namespace,
          storage: storageName(store.storage, namespace),
          retention: inside.find((tier) => tier.retention !== undefined)?.retention ?? store.retention,
          pruneJob: pruneJobName(datastore, namespace),
          pruneSchedule: store.prune,
          // A place that no tier uses yet is encrypted as soon as the site has a key at all.
          encrypted: inside.length === 0 ? anyEncrypted : inside.every((tier) => tier.encryption),
        };
      });
    }),
  );
}

/** Storage id on Proxmox VE: the datastore's for the root, with the namespace behind it for the others (`/` becomes `-`). */
export function storageName(storage: string, namespace: string): string {
  return namespace === "" ? storage : `${storage}-${namespace.replaceAll("/", "-")}`;
}

export function pruneJobName(datastore: string, namespace: string): string {
  return namespace === "" ? `${datastore}-prune` : `${datastore}-${namespace.replaceAll("/", "-")}-prune`;
}

/** Namespaces to create on one datastore, parents before children (`a`, then `a/b`); the root exists by itself. */
export function namespaces(site: Pick<Site, "tiers">, backupServer: string, datastore: string): readonly string[] {
  const found = new Set<string>();
  for (const tier of Object.values(site.tiers)) {
    if (tier.backupServer !== backupServer || tier.datastore !== datastore || tier.namespace === "") continue;
    const parts = tier.namespace.split("/");
    for (const [index] of parts.entries()) found.add(parts.slice(0, index + 1).join("/"));
  }
  return [...found];
}
