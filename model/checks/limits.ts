import type { SiteDraft } from "../define/draft";
import { member } from "../define/reader";
import type { Fault } from "../faults";
import { backupJobName, pruneJobName, storageName, syncJobName, verifyJobName } from "../objects";

/** Longest id of a job on Proxmox Backup Server, of a backup job on Proxmox VE, and of a user with its token. */
const PBS_JOB = 32;
const PVE_JOB = 50;
const AUTH_ID = 64;

/** Names that are put together from the site's own keep the limits of the devices and stay different from each other. */
export function* checkLimits(site: SiteDraft): Generator<Fault> {
  for (const name of Object.keys(site.tiers)) {
    if (site.name !== undefined) {
      yield* tooLong(member("tiers", name), "backup job", backupJobName(site.name, name), PVE_JOB, "the tier");
    }
  }
  const storages = new Map<string, string>();
  for (const [serverName, server] of Object.entries(site.backupServers)) {
    for (const [storeName, store] of Object.entries(server.datastores)) {
      const where = member(`${member("backupServers", serverName)}.datastores`, storeName);
      yield* tooLong(where, "verification job", verifyJobName(storeName), PBS_JOB, "the datastore");
      for (const sync of Object.keys(store.syncs)) {
        yield* tooLong(member(`${where}.syncs`, sync), "sync job", syncJobName(storeName, sync), PBS_JOB, "it or the datastore");
      }
      if (store.storage !== undefined) yield* taken(storages, storageName(store.storage, ""), where, "another `storage`");
    }
  }
  yield* checkNamespaces(site, storages);
  const { user, name } = site.access.hypervisorToken;
  if (user !== undefined && name !== undefined)
    yield* tooLong("access.hypervisorToken", "auth id", `${user}!${name}`, AUTH_ID, "user or token");
}

function* checkNamespaces(site: SiteDraft, storages: Map<string, string>): Generator<Fault> {
  const places = new Set<string>();
  for (const [name, tier] of Object.entries(site.tiers)) {
    const store = site.backupServers[tier.backupServer ?? ""]?.datastores[tier.datastore ?? ""];
    const place = `${tier.backupServer} ${tier.datastore} ${tier.namespace}`;
    if (store?.storage === undefined || tier.datastore === undefined || !tier.namespace || places.has(place)) continue;
    places.add(place);
    const where = `${member("tiers", name)}.namespace`;
    yield* tooLong(where, "prune job", pruneJobName(tier.datastore, tier.namespace), PBS_JOB, "the namespace or the datastore");
    yield* taken(storages, storageName(store.storage, tier.namespace), where, "another namespace");
  }
}

function* taken(storages: Map<string, string>, storage: string, where: string, instead: string): Generator<Fault> {
  const earlier = storages.get(storage);
  storages.set(storage, earlier ?? where);
  if (earlier === undefined) return;
  yield {
    what: `its storage on Proxmox VE would be "${storage}", which is that of ${earlier} already`,
    where,
    repair: `choose ${instead}`,
  };
}

function* tooLong(where: string, noun: string, id: string, limit: number, what: string): Generator<Fault> {
  if (id.length <= limit) return;
  yield {
    what: `its ${noun} would be "${id}", ${id.length} characters`,
    where,
    why: `the device takes ${limit}`,
    repair: `shorten the name of ${what} by ${id.length - limit}`,
  };
}
