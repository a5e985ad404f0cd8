import type { GuestId } from "../model";
import type { BackupJobFacts, Configuration, DatastoreFacts, StorageFacts } from "./configuration";
import { isUnknown, type Known, whereKnown } from "./known";

/** The way of a guest's backups: a job that takes it and where that writes. */
export interface Route {
  readonly job: BackupJobFacts;
  readonly storage: Known<StorageFacts>;
  readonly place: Known<Place>;
  readonly datastore: Known<DatastoreFacts>;
}

/** A namespace of a datastore. */
export interface Place {
  readonly backupServer: string;
  readonly datastore: string;
  readonly namespace: string;
}

/** `pbs:proxmox-data:critical`; the root namespace has no third part. */
export const placeName = ({ backupServer, datastore, namespace }: Place): string =>
  [backupServer, datastore, ...(namespace === "" ? [] : [namespace])].join(":");

/** The enabled jobs that take a guest, and whether there may be others. */
export interface Routes {
  readonly certain: readonly Route[];
  /** Why it is not known whether another job takes the guest. */
  readonly doubt?: string;
}

export function routesOf(configuration: Configuration, guest: GuestId): Routes {
  const { backupJobs } = configuration;
  if (isUnknown(backupJobs)) return { certain: [], doubt: backupJobs.unknown };
  const certain: Route[] = [];
  const doubts: string[] = [];
  for (const job of backupJobs) {
    if (!job.enabled) continue;
    const takes = takesGuest(job, guest);
    if (isUnknown(takes)) doubts.push(takes.unknown);
    else if (takes) certain.push(routeOf(configuration, job));
  }
  const [doubt] = doubts;
  return { certain, ...(doubt === undefined ? {} : { doubt }) };
}

function takesGuest(job: BackupJobFacts, guest: GuestId): Known<boolean> {
  return whereKnown(job.selection, (selection): Known<boolean> => {
    const selected =
      selection.kind === "list"
        ? selection.guests.includes(guest)
        : selection.kind === "pool" || !selection.exclude.includes(guest);
    if (!selected) return false;
    if (selection.kind === "pool")
      return { unknown: `the job ${job.id} takes the pool ${selection.pool}, and who is in it is not known` };
    return job.node === undefined ? true : { unknown: `the job ${job.id} runs for guests of the node ${job.node} only` };
  });
}

function routeOf({ storages, datastores }: Configuration, job: BackupJobFacts): Route {
  const storage: Known<StorageFacts> = whereKnown(job.storage, (id) =>
    whereKnown(
      storages,
      (list): Known<StorageFacts> =>
        list.find((one) => one.id === id) ?? { unknown: `the storage ${id} is on no backup server of the site` },
    ),
  );
  const place = whereKnown(storage, ({ backupServer, datastore, namespace }) =>
    whereKnown(backupServer, (server) =>
      whereKnown(datastore, (store) =>
        whereKnown(namespace, (space): Known<Place> => ({ backupServer: server, datastore: store, namespace: space })),
      ),
    ),
  );
  const datastore = whereKnown(place, (where) =>
    whereKnown(
      datastores,
      (list): Known<DatastoreFacts> =>
        list.find((one) => one.backupServer === where.backupServer && one.name === where.datastore) ?? {
          unknown: `no datastore ${where.datastore} of ${where.backupServer} is known`,
        },
    ),
  );
  return { job, storage, place, datastore };
}

/** Whether a job for a namespace, and `maxDepth` levels below it, reaches a place. */
export function reaches(
  job: { readonly backupServer: string; readonly datastore: string; readonly namespace: string; readonly maxDepth?: number },
  place: Place,
): boolean {
  if (job.backupServer !== place.backupServer || job.datastore !== place.datastore) return false;
  const levels = (namespace: string) => (namespace === "" ? [] : namespace.split("/"));
  const above = levels(job.namespace);
  const below = levels(place.namespace);
  return (
    above.every((part, index) => below[index] === part) &&
    below.length - above.length <= (job.maxDepth ?? Number.POSITIVE_INFINITY)
  );
}
