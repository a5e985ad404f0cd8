import type { Check, Verification } from "../../live/check";
import type { BackupServerState, HypervisorState, Reading } from "../../live/state";
import { verify } from "../../live/verify";
import {
  backupJobs,
  backupTargets,
  type Endpoint,
  fingerprint,
  hypervisorAuthIds,
  notificationNames,
  type ResolvedEnvironment,
  verifyJobs,
} from "../../model";
import ecosolar from "../../sites/ecosolar/site";

const PIN = fingerprint(`${"ab:".repeat(31)}ab`);
const KEY = fingerprint(`${"cd:".repeat(31)}cd`);

const known = <Value>(value: Value): Reading<Value> => ({ ok: true, value });

/** EcoSolar without its firewall, on devices that are exactly as its file says. */
export function proveSite(): { verification: Verification; judge: (verification: Verification) => readonly Check[] } {
  const { firewall: _, ...site } = ecosolar;
  const endpoint: Endpoint = { url: "https://127.0.0.1:1", caPem: "", fingerprint: PIN };
  const environment: ResolvedEnvironment = {
    name: "lab",
    kind: "lab",
    state: { kind: "local" },
    protectData: false,
    encryptState: false,
    hypervisor: endpoint,
    backupServers: { pbs: endpoint },
  };
  const names = notificationNames(site);
  const notifications = {
    matchers: known([{ name: names.matcher, disabled: false, targets: [names.endpoint] }]),
    endpoints: known([{ name: names.endpoint, disabled: false }]),
  };
  const clock = known({ timeZone: site.timeZone, offsetS: 0 });
  const targets = backupTargets(site);
  const jobs = backupJobs(site);
  const hypervisor: HypervisorState = {
    version: known("9.1.8"),
    nodes: known([{ name: "pve1", online: true }]),
    clocks: { pve1: clock },
    storages: known(
      targets.map(({ storage: id, datastore, namespace }) => ({
        id,
        type: "pbs",
        server: site.backupServers.pbs?.address ?? "",
        datastore,
        ...(namespace === "" ? {} : { namespace }),
        username: hypervisorAuthIds(site).token,
        tlsFingerprint: PIN,
        keyFingerprint: KEY,
        disabled: false,
      })),
    ),
    storageActive: { pve1: Object.fromEntries(targets.map(({ storage }) => [storage, known(true)])) },
    jobs: known(
      jobs.map(({ id, tier, target }) => ({
        id,
        enabled: true,
        schedule: tier.schedule,
        storage: target.storage,
        mode: tier.mode,
        nextRun: 1_800_000_000,
      })),
    ),
    guests: known(Object.entries(site.guests).map(([name, { id }]) => ({ id, name, node: "pve1" }))),
    included: Object.fromEntries(jobs.map(({ id, guests }) => [id, known(guests.map((guest) => ({ id: guest, excluded: [] })))])),
    ...notifications,
  };
  const pbs: BackupServerState = {
    version: known("4.2.3"),
    clock,
    presentedFingerprint: PIN,
    datastores: known([{ name: "proxmox-data", path: "/mnt/datastore/proxmox-data", verifyNew: true }]),
    namespaces: { "proxmox-data": known(["", "critical", "standard"]) },
    pruneJobs: known(
      targets.map(({ pruneJob: id, datastore, namespace, pruneSchedule: schedule, retention }) => ({
        id,
        datastore,
        namespace,
        schedule,
        disabled: false,
        keep: { ...retention },
        maxDepth: 0,
        ignoreVerified: true,
      })),
    ),
    verifyJobs: known(
      verifyJobs(site).map(({ id, datastore, schedule, againAfterDays }) => ({
        id,
        datastore,
        namespace: "",
        schedule,
        disabled: false,
        keep: {},
        ignoreVerified: true,
        outdatedAfterDays: againAfterDays,
      })),
    ),
    syncJobs: known([]),
    garbageCollections: known([{ datastore: "proxmox-data", schedule: "daily" }]),
    tokenPrivileges: known({
      "/datastore/proxmox-data": [
        "Datastore.Audit",
        "Datastore.Backup",
        "Datastore.Modify",
        "Datastore.Prune",
        "Datastore.Read",
        "Datastore.Verify",
      ],
    }),
    ...notifications,
  };
  return {
    verification: { site, environment, live: { hypervisor, backupServers: { pbs } }, keyFingerprint: KEY },
    judge: verify,
  };
}
