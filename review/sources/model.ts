import {
  accessEntries,
  backupJobs,
  backupTargets,
  hypervisorAuthIds,
  notificationNames,
  type Site,
  syncJobs,
  verifyJobs,
} from "../../model";
import { firewallStateOf } from "../../policies/reading/model-firewall";
import type {
  AlertFacts,
  BackupJobFacts,
  Configuration,
  DatastoreFacts,
  Grant,
  GuestFacts,
  StorageFacts,
  SyncJobFacts,
  VerifyJobFacts,
} from "../configuration";
import { promisesOf } from "./promises";

/** What a site file tells the devices: the objects that its stacks make, and nothing that is on the devices besides. */
export function configurationOfModel(site: Site): Configuration {
  return {
    timeZone: site.timeZone,
    guests: Object.entries(site.guests)
      .map(([name, { id, create }]): GuestFacts => ({ id, name, excludedDisks: [], owned: create !== undefined }))
      .sort((one, other) => one.id - other.id),
    backupJobs: backupJobs(site).map(
      ({ id, tier, target, guests }): BackupJobFacts => ({
        id,
        enabled: true,
        schedule: tier.schedule,
        storage: target.storage,
        selection: { kind: "list", guests },
        mode: tier.mode,
        repeatMissed: tier.repeatMissed,
        prunesItself: false,
        excludedPaths: [],
      }),
    ),
    storages: storagesOf(site),
    datastores: datastoresOf(site),
    pruneJobs: backupTargets(site).map(({ backupServer, datastore, namespace, pruneJob, pruneSchedule, retention }) => ({
      id: pruneJob,
      backupServer,
      datastore,
      namespace,
      maxDepth: 0,
      enabled: true,
      schedule: pruneSchedule,
      retention,
    })),
    verifyJobs: verifyJobs(site).map((job): VerifyJobFacts => ({ ...job, namespace: "", enabled: true })),
    syncJobs: syncsOf(site),
    grants: grantsOf(site),
    alerts: alertsOf(site),
    ...(site.firewall === undefined ? {} : { firewall: firewallStateOf(site) }),
    promises: promisesOf(site),
  };
}

function storagesOf(site: Site): StorageFacts[] {
  const writer = hypervisorAuthIds(site).token;
  return backupTargets(site).map(({ storage, backupServer, datastore, namespace, encrypted }) => ({
    id: storage,
    backupServer,
    datastore,
    namespace,
    enabled: true,
    encrypted,
    pinned: true,
    prunes: false,
    writer,
  }));
}

function datastoresOf(site: Site): DatastoreFacts[] {
  return Object.entries(site.backupServers).flatMap(([backupServer, { datastores }]) =>
    Object.entries(datastores).map(([name, { path, garbageCollection, verifyNew, notificationMode }]) => ({
      backupServer,
      name,
      path,
      garbageCollection,
      verifyNew,
      notifies: notificationMode === "notification-system",
    })),
  );
}

function syncsOf(site: Site): SyncJobFacts[] {
  return syncJobs(site).map(({ id, backupServer, datastore, sync }) => {
    const { remote, remoteDatastore, direction, schedule, removeVanished } = sync;
    const host = site.backupServers[backupServer]?.remotes[remote]?.host;
    return {
      id,
      backupServer,
      datastore,
      remote,
      remoteHost: host ?? { unknown: `the site file has no remote "${remote}"` },
      remoteDatastore,
      direction,
      enabled: true,
      schedule,
      removeVanished,
      restrictions: [],
    };
  });
}

function grantsOf(site: Site): Grant[] {
  const onServers = accessEntries(site).map(
    ({ backupServer, path, authId, role }): Grant => ({ device: backupServer, subject: authId, path, role, propagate: true }),
  );
  const onHypervisors = Object.entries(site.access.operators).flatMap(([userId, { role, path, token }]) =>
    [userId, ...(token === undefined ? [] : [`${userId}!${token}`])].map(
      (subject): Grant => ({ device: "hypervisor", subject, path, role, propagate: true }),
    ),
  );
  return [...onServers, ...onHypervisors];
}

function alertsOf(site: Site): AlertFacts[] {
  if (site.notifications === undefined) return [];
  const recipients = [...new Set(site.notifications.mailto)].sort();
  const { matcher } = notificationNames(site);
  return ["hypervisor", ...Object.keys(site.backupServers)].map((device) => ({ device, matcher, enabled: true, recipients }));
}
