import { eco, nord, type Row } from "./row";

const set = (object: object, values: object) => Object.assign(object, values);
// biome-ignore lint/suspicious/noExplicitAny: parts of a site that a change writes
type Part = any;
const store = (site: Part) => site.backupServers.pbs.datastores["proxmox-data"];
const quick = (site: Part) => site.backupServers.coffre.datastores.quick;
const archive = (site: Part) => site.backupServers.coffre.datastores.archive;

const ALL = "101,102,103,104,105,106";
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

/** Nobody is told next. */
const untold = (site: Part) => {
  site.notifications.escalation = [];
};

/** Changes to where the backups lie: copies, encryption, verification, history, datastores. */
export const INFRASTRUCTURE: readonly Row[] = [
  // Copies
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
  // Encryption
  eco(
    "a tier is not encrypted any more",
    (site) => set(site.tiers.standard, { encryption: false }),
    "weakened encryption 102,104,105,106",
  ),
  nord("a tier is encrypted", (site) => set(site.tiers.silver, { encryption: true }), "gained encryption 2107"),
  eco(
    "nothing is encrypted any more",
    (site) => [set(site.tiers.standard, { encryption: false }), set(site.tiers.critical, { encryption: false })],
    `weakened encryption ${ALL}`,
  ),
  // Verification
  eco(
    "backups are verified monthly",
    (site) => set(store(site).verification, { schedule: "monthly" }),
    `weakened verification ${ALL}`,
  ),
  eco(
    "backups are verified again after 90 days",
    (site) => set(store(site).verification, { againAfterDays: 90 }),
    `weakened verification ${ALL}`,
  ),
  eco(
    "backups are verified again after 14 days",
    (site) => set(store(site).verification, { againAfterDays: 14 }),
    `gained verification ${ALL}`,
  ),
  eco("new backups are not verified", (site) => set(store(site), { verifyNew: false }), `weakened verification ${ALL}`),
  nord("new backups are verified", (site) => set(quick(site), { verifyNew: true }), "gained verification 2001,2010,2107"),
  nord(
    "one of two datastores is verified rarely",
    (site) => set(archive(site).verification, { schedule: "yearly" }),
    "weakened verification 2200",
  ),
  // History
  eco(
    "a tier moves to another namespace",
    (site) => set(site.tiers.critical, { namespace: "vital" }),
    "weakened history 101,103",
  ),
  nord(
    "a tier moves to another datastore",
    (site) =>
      set(site.tiers.bronze, { datastore: "quick", namespace: "bronze", retention: { weekly: 8, monthly: 18, yearly: 5 } }),
    ["weakened copies 2200", "weakened verification 2200", "weakened verification 2200", "weakened history 2200"],
  ),
  eco(
    "the token has another name, and the groups belong to the old one",
    (site) => set(site.access.hypervisorToken, { name: "pve-2027" }),
    `weakened history ${ALL}`,
  ),
  eco(
    "the token has another user",
    (site) => set(site.access.hypervisorToken, { user: "ecosolar@pbs" }),
    `weakened history ${ALL}`,
  ),
  // Datastores
  eco(
    "a datastore is made anew at another path",
    (site) => set(store(site), { path: "/mnt/datastore/new" }),
    "lost datastore pbs:proxmox-data",
  ),
  nord(
    "a datastore goes",
    (site) => {
      delete site.backupServers.coffre.datastores.archive;
      delete site.tiers.bronze;
      delete site.guests.plans;
    },
    ["lost coverage 2200", "lost datastore coffre:archive", "weakened copies coffre.sud.example:south-data on coffre:archive"],
  ),
  nord(
    "a datastore comes",
    (site) => set(site.backupServers.coffre.datastores, { cold: { path: "/srv/pbs/cold", retention: { yearly: 9 } } }),
    "gained datastore coffre:cold",
  ),
  eco(
    "space is freed once a year",
    (site) => set(store(site), { garbageCollection: "yearly" }),
    "weakened datastore pbs:proxmox-data",
  ),
  nord(
    "space is freed every day",
    (site) => set(archive(site), { garbageCollection: "daily" }),
    "gained datastore coffre:archive",
  ),
  // Detection
  eco("nobody is told of a failure", (site) => delete site.notifications, "weakened detection hypervisor,pbs", untold),
  eco(
    "one more is told of a failure",
    (site) => site.notifications.mailto.push("chef@ecosolar.example"),
    "gained detection hypervisor,pbs",
  ),
  nord("one less is told of a failure", (site) => site.notifications.mailto.pop(), "weakened detection coffre,hypervisor"),
  eco(
    "somebody else is told of a failure",
    (site) => set(site.notifications, { mailto: ["autre@ecosolar.example"] }),
    "weakened detection hypervisor,pbs",
  ),
  eco(
    "a datastore reports the old way",
    (site) => set(store(site), { notificationMode: "legacy-sendmail" }),
    "weakened detection pbs:proxmox-data",
  ),
  nord(
    "a datastore reports as its server does",
    (site) => set(quick(site), { notificationMode: "notification-system" }),
    "gained detection coffre:quick",
  ),
  eco(
    "nobody is told next",
    (site) => delete site.notifications.escalation,
    "weakened detection escalation",
    (site) => {
      site.notifications.escalation = [{ after: "8h", owner: "N2", mailto: ["n2@wildcorp.example"] }];
    },
  ),
  eco(
    "the next is told later",
    (site) => set(site.notifications.escalation[0], { after: "24h" }),
    "weakened detection escalation",
    (site) => {
      site.notifications.escalation = [{ after: "8h", owner: "N2", mailto: ["n2@wildcorp.example"] }];
    },
  ),
  eco(
    "somebody is told next",
    (site) => {
      site.notifications.escalation = [{ after: "8h", owner: "N2", mailto: ["n2@wildcorp.example"] }];
    },
    "gained detection escalation",
    untold,
  ),
];
