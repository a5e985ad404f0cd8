import { largestGap } from "../model";
import type { Configuration, MachineFacts, Promises, SyncJobFacts } from "./configuration";
import { allKnown, isUnknown, type Known, whereKnown } from "./known";
import type { Copy } from "./protection";
import type { Route } from "./routes";

/** A datastore, or one at a remote. */
interface Store {
  readonly backupServer: string;
  readonly datastore: string;
}

/** Every copy beside production: the backups themselves, what is synchronized from them, what the site file declares. */
export function copiesOf(configuration: Configuration, routes: readonly Route[]): Known<readonly Copy[]> {
  const { promises, syncJobs } = configuration;
  if (promises === undefined) return { unknown: "only the site file says where the backup servers stand" };
  if (isUnknown(syncJobs)) return syncJobs;
  const places = allKnown(routes.map(({ place }) => place));
  if (isUnknown(places)) return places;
  const found = new Map<string, Known<Copy>>();
  const waiting: Store[] = [...places];
  for (const store of waiting) found.set(storeName(store), written(promises, store));
  for (let store = waiting.shift(); store !== undefined; store = waiting.shift()) {
    for (const job of syncJobs) {
      const target = job.enabled ? targetOf(promises, store, job) : undefined;
      if (isUnknown(target)) return target;
      if (target === undefined || found.has(storeName(target))) continue;
      found.set(storeName(target), synchronized(configuration, promises, target, job));
      waiting.push(target);
    }
    for (const copy of declared(configuration, promises, store)) found.set(`${storeName(store)} ${copy.name}`, copy);
  }
  return whereKnown(allKnown([...found.values()]), (copies) =>
    [...copies].sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0)),
  );
}

/** What the site's servers pull from servers that are not the site's: copies that they hold for somebody else. */
export function pulledCopies(configuration: Configuration): Known<readonly Copy[]> {
  const { promises, syncJobs } = configuration;
  if (promises === undefined) return { unknown: "only the site file says which servers are the site's" };
  return whereKnown(syncJobs, (jobs) => {
    const foreign = jobs.filter(({ enabled, direction, remoteHost }) => {
      const known = isUnknown(remoteHost) ? undefined : serverAt(promises, remoteHost);
      return enabled && direction === "pull" && known === undefined;
    });
    return allKnown(
      foreign.map((job) => {
        const source = isUnknown(job.remoteHost) ? job.remote : job.remoteHost;
        const target = { backupServer: job.backupServer, datastore: job.datastore };
        return whereKnown(synchronized(configuration, promises, target, job), (copy): Known<Copy> => {
          return { ...copy, name: `${source}:${job.remoteDatastore} on ${storeName(target)}` };
        });
      }),
    );
  });
}

const storeName = ({ backupServer, datastore }: Store): string => `${backupServer}:${datastore}`;

function written(promises: Promises, store: Store): Copy {
  return {
    name: storeName(store),
    place: placeOf(promises, store),
    safeFromDeletion: false,
    gapMs: 0,
    followsRemovals: false,
    restrictions: [],
  };
}

function placeOf({ offSite, runsOn }: Promises, { backupServer }: Store): Copy["place"] {
  if (offSite.includes(backupServer)) return "off-site";
  return runsOn[backupServer] === undefined ? "site" : "host";
}

/** Where a job copies a datastore to. Undefined: nowhere. */
function targetOf(promises: Promises, store: Store, job: SyncJobFacts): Known<Store> | undefined {
  const here = job.backupServer === store.backupServer && job.datastore === store.datastore;
  if (job.direction === "push") {
    if (!here) return undefined;
    return whereKnown(job.remoteHost, (host): Known<Store> => {
      return { backupServer: serverAt(promises, host)?.name ?? host, datastore: job.remoteDatastore };
    });
  }
  if (here || job.remoteDatastore !== store.datastore) return undefined;
  if (isUnknown(job.remoteHost)) return job.remoteHost;
  const source = serverAt(promises, job.remoteHost);
  return source?.name === store.backupServer ? { backupServer: job.backupServer, datastore: job.datastore } : undefined;
}

/** The site's backup server with this address or name, the name with or without the site's domain. */
function serverAt({ machines }: Promises, host: string): MachineFacts | undefined {
  return machines.find(
    ({ role, name, addresses, hostName }) => role === "backup server" && [...addresses, name, hostName].includes(host),
  );
}

function synchronized({ timeZone }: Configuration, promises: Promises, target: Store, job: SyncJobFacts): Known<Copy> {
  return whereKnown(job.schedule, (schedule) =>
    whereKnown(job.removeVanished, (followsRemovals): Known<Copy> => {
      const own = promises.machines.some(({ role, name }) => role === "backup server" && name === target.backupServer);
      const place = own ? placeOf(promises, target) : "off-site";
      return {
        name: storeName(target),
        place,
        safeFromDeletion: place === "off-site" && job.direction === "pull" && !followsRemovals,
        gapMs: largestGap(schedule, timeZone),
        followsRemovals,
        restrictions: [...job.restrictions].sort(),
      };
    }),
  );
}

function declared({ timeZone }: Configuration, promises: Promises, store: Store): Copy[] {
  return promises.declaredCopies
    .filter(({ backupServer, datastore }) => backupServer === store.backupServer && datastore === store.datastore)
    .map(({ name, kind, schedule }) => ({
      name,
      // An offline or immutable copy is taken for off-site only where another says so.
      place: kind === "off-site" ? "off-site" : "site",
      safeFromDeletion: kind !== "off-site",
      gapMs: largestGap(schedule, timeZone),
      followsRemovals: false,
      restrictions: [],
    }));
}
