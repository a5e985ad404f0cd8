import { ALL, archive, type Part, set, store } from "./parts";
import { eco, nord, type Row } from "./row";

const REMOTE = {
  host: "pbs.lyon.example",
  authId: "copy@pbs!ecosolar",
  fingerprint: "5a:0c:7e:91:22:4f:b8:6d:03:aa:19:c4:7b:e0:58:36:9d:f2:41:8c:67:15:de:b3:20:94:fc:0b:a8:73:46:1e",
};
/** Everything is pushed to a remote every night. */
const withPush = (site: Part) => {
  site.backupServers.pbs.remotes = { lyon: REMOTE };
  store(site).syncs = { lyon: { remote: "lyon", remoteDatastore: "ecosolar", direction: "push", schedule: "03:00" } };
};
/** A server elsewhere pulls everything with credentials of its own. */
const withPull = (site: Part) => {
  site.backupServers.lyon = {
    address: "10.99.0.20",
    location: "off-site",
    remotes: { site: { ...REMOTE, host: "192.168.100.220" } },
    datastores: {
      mirror: {
        path: "/mnt/mirror",
        retention: { daily: 30 },
        syncs: { site: { remote: "site", remoteDatastore: "proxmox-data", schedule: "05:00" } },
      },
    },
  };
  const devices = site.environments.production.devices;
  devices.backupServers.lyon = { endpoint: "https://10.99.0.20:8007", ca: "lyon.pem", credential: "lyon" };
};
const mirror = (site: Part) => site.backupServers.lyon.datastores.mirror;
/** A disk that somebody carries away every week. */
const withDisk = (site: Part) => {
  store(site).copies = { disk: { kind: "offline", where: "Coffre", schedule: "fri 17:00", owner: "WildCorp" } };
};

/** Changes to the copies of the backups. */
export const COPIES: readonly Row[] = [
  eco("the off-site copy goes", (site) => delete store(site).syncs, `weakened copies ${ALL}`, withPush),
  eco("an off-site copy comes", withPush, `gained copies ${ALL}`),
  eco(
    "the off-site copy is made weekly",
    (site) => set(store(site).syncs.lyon, { schedule: "sun 03:00" }),
    `weakened copies ${ALL}`,
    withPush,
  ),
  eco(
    "the off-site copy is made hourly",
    (site) => set(store(site).syncs.lyon, { schedule: "hourly" }),
    `gained copies ${ALL}`,
    withPush,
  ),
  eco(
    "the off-site copy follows removals",
    (site) => set(store(site).syncs.lyon, { removeVanished: true }),
    `weakened copies ${ALL}`,
    withPush,
  ),
  eco(
    "the off-site copy keeps what vanished",
    (site) => set(store(site).syncs.lyon, { removeVanished: false }),
    `gained copies ${ALL}`,
    (site) => {
      withPush(site);
      store(site).syncs.lyon.removeVanished = true;
    },
  ),
  eco(
    "the off-site copy turns round",
    (site) => set(store(site).syncs.lyon, { direction: "pull" }),
    [`weakened copies ${ALL}`, "gained copies pbs.lyon.example:ecosolar on pbs:proxmox-data"],
    withPush,
  ),
  eco("the pulled copy goes", (site) => delete mirror(site).syncs, `weakened copies ${ALL}`, withPull),
  eco(
    "the pulled copy follows removals, so that it can be deleted from here",
    (site) => set(mirror(site).syncs.site, { removeVanished: true }),
    `weakened copies ${ALL}`,
    withPull,
  ),
  eco(
    "the server with the pulled copy moves into the house",
    (site) => set(site.backupServers.lyon, { location: "on-site", address: "192.168.100.221" }),
    [`weakened copies ${ALL}`],
    withPull,
  ),
  eco(
    "the pulled copy is taken over the server's name",
    (site) => set(site.backupServers.lyon.remotes.site, { host: "pbs.ecosolar.lan" }),
    [],
    withPull,
  ),
  eco("the offline copy goes", (site) => delete store(site).copies, `weakened copies ${ALL}`, withDisk),
  eco("an offline copy comes", withDisk, `gained copies ${ALL}`),
  eco(
    "the offline copy is made monthly",
    (site) => set(store(site).copies.disk, { schedule: "monthly" }),
    `weakened copies ${ALL}`,
    withDisk,
  ),
  eco(
    "the offline copy stays online elsewhere",
    (site) => set(store(site).copies.disk, { kind: "off-site" }),
    `weakened copies ${ALL}`,
    withDisk,
  ),
  eco("the offline copy becomes immutable", (site) => set(store(site).copies.disk, { kind: "immutable" }), [], withDisk),
  eco(
    "the offline copy gets another owner, place and name",
    (site) => {
      store(site).copies = { cassette: { ...store(site).copies.disk, owner: "Iris", where: "Banque" } };
    },
    [],
    withDisk,
  ),
  eco(
    "the backup server becomes a guest of the hypervisor",
    (site) => set(site.backupServers.pbs, { runsOn: "pve1" }),
    `weakened copies ${ALL}`,
  ),
  eco(
    "the backup server gets a machine of its own",
    (site) => delete site.backupServers.pbs.runsOn,
    `gained copies ${ALL}`,
    (site) => set(site.backupServers.pbs, { runsOn: "pve1" }),
  ),
  nord(
    "what is held for the south is pulled no more",
    (site) => delete archive(site).syncs,
    "weakened copies coffre.sud.example:south-data on coffre:archive",
  ),
  nord(
    "what is held for the south is pulled weekly",
    (site) => set(archive(site).syncs["from-south"], { schedule: "weekly" }),
    "weakened copies coffre.sud.example:south-data on coffre:archive",
  ),
  nord(
    "what is held for the south follows its removals",
    (site) => set(archive(site).syncs["from-south"], { removeVanished: true }),
    "weakened copies coffre.sud.example:south-data on coffre:archive",
  ),
  nord(
    "what is held for the south is pulled hourly",
    (site) => set(archive(site).syncs["from-south"], { schedule: "hourly" }),
    "gained copies coffre.sud.example:south-data on coffre:archive",
  ),
];
