import type { DatastoreDraft, SiteDraft, TierDraft } from "../define/draft";

/** The datastore that a tier writes to, if it exists. */
export function datastoreOf(site: SiteDraft, { backupServer, datastore }: TierDraft): DatastoreDraft | undefined {
  if (backupServer === undefined || datastore === undefined) return undefined;
  if (!Object.hasOwn(site.backupServers, backupServer)) return undefined;
  const stores = site.backupServers[backupServer]?.datastores ?? {};
  return Object.hasOwn(stores, datastore) ? stores[datastore] : undefined;
}
