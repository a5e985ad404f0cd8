import type { SiteDraft } from "../define/draft";
import { member } from "../define/reader";
import type { Fault } from "../faults";
import { backupJobName, pruneJobName, storageName, syncJobName, verifyJobName } from "../objects";
import { datastoreOf } from "./datastore-of";

/** An id on a device that is put together from names of the site. */
interface MadeId {
  readonly noun: string;
  /** Where it must be unique: the cluster, or a backup server. */
  readonly device: string;
  readonly id: string;
  /** Characters that the device takes. */
  readonly limit: number;
  readonly where: string;
  /** What to rename in the site. */
  readonly source: string;
}

/** Longest id of a job on Proxmox Backup Server, of a backup job on Proxmox VE, of a storage there, and of a user with its token. */
const PBS_JOB = 32;
const PVE_JOB = 50;
const STORAGE = 100;
const AUTH_ID = 64;

/** Ids that are put together keep the limits of the devices and stay different from each other. */
export function* checkLimits(site: SiteDraft): Generator<Fault> {
  const seen = new Map<string, string>();
  const reported = new Set<string>();
  for (const { noun, device, id, limit, where, source } of madeIds(site)) {
    if (id.length > limit) {
      yield {
        what: `its ${noun} would be "${id}", ${id.length} characters`,
        where,
        why: `the device takes ${limit}`,
        repair: `shorten the name of ${source} by ${id.length - limit}`,
      };
    }
    const key = `${noun} ${device} ${id}`;
    const earlier = seen.get(key);
    seen.set(key, earlier ?? where);
    if (earlier === undefined || reported.has(where)) continue;
    // What clashes once clashes in every id that is made of it.
    reported.add(where);
    yield {
      what: `its ${noun} would be "${id}", which is that of ${earlier} already`,
      where,
      repair: `choose another name for ${source}`,
    };
  }
}

function* madeIds(site: SiteDraft): Generator<MadeId> {
  for (const name of Object.keys(site.tiers)) {
    if (site.name === undefined) continue;
    const where = member("tiers", name);
    yield { noun: "backup job", device: "", id: backupJobName(site.name, name), limit: PVE_JOB, where, source: "the tier" };
  }
  for (const [device, server] of Object.entries(site.backupServers)) {
    for (const [name, store] of Object.entries(server.datastores)) {
      const where = member(`${member("backupServers", device)}.datastores`, name);
      const source = "the datastore";
      yield { noun: "verification job", device, id: verifyJobName(name), limit: PBS_JOB, where, source };
      yield { noun: "prune job", device, id: pruneJobName(name, ""), limit: PBS_JOB, where, source };
      for (const sync of Object.keys(store.syncs)) {
        const path = member(`${where}.syncs`, sync);
        yield {
          noun: "sync job",
          device,
          id: syncJobName(name, sync),
          limit: PBS_JOB,
          where: path,
          source: "it or the datastore",
        };
      }
      if (store.storage === undefined) continue;
      yield {
        noun: "storage on Proxmox VE",
        device: "",
        id: store.storage,
        limit: STORAGE,
        where: `${where}.storage`,
        source: "the storage",
      };
    }
  }
  yield* idsOfNamespaces(site);
  const { user, name } = site.access.hypervisorToken;
  if (user === undefined || name === undefined) return;
  const where = "access.hypervisorToken";
  yield { noun: "auth id", device: "", id: `${user}!${name}`, limit: AUTH_ID, where, source: "the user or the token" };
}

/** Tiers may share a namespace; it has one prune job and one storage then. */
function* idsOfNamespaces(site: SiteDraft): Generator<MadeId> {
  const places = new Set<string>();
  for (const [name, tier] of Object.entries(site.tiers)) {
    const store = datastoreOf(site, tier);
    const { backupServer: device = "", datastore = "", namespace } = tier;
    const place = `${device} ${datastore} ${namespace}`;
    if (store === undefined || !namespace || places.has(place)) continue;
    places.add(place);
    const where = `${member("tiers", name)}.namespace`;
    const source = "the namespace";
    yield { noun: "prune job", device, id: pruneJobName(datastore, namespace), limit: PBS_JOB, where, source };
    if (store.storage === undefined) continue;
    yield { noun: "storage on Proxmox VE", device: "", id: storageName(store.storage, namespace), limit: STORAGE, where, source };
  }
}
