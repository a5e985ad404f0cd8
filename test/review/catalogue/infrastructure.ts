import { ALL, archive, type Part, quick, set, store } from "./parts";
import { eco, nord, type Row } from "./row";

/** Nobody is told next. */
const untold = (site: Part) => {
  site.notifications.escalation = [];
};

/** Changes to where the backups lie, whether they can be read, and who is told when not. */
export const INFRASTRUCTURE: readonly Row[] = [
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
