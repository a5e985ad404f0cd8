import { type Part, set } from "./parts";
import { eco, nord, type Row } from "./row";

const STORE = "pve-backup@pbs on pbs:/datastore/proxmox-data,pve-backup@pbs!pve-token on pbs:/datastore/proxmox-data";
const NORD = ["quick", "archive"].map((name) => `nord@pbs on coffre:/datastore/${name}`);
const NORD_TOKEN = ["quick", "archive"].map((name) => `nord@pbs!cluster on coffre:/datastore/${name}`);
const bothStores = [...NORD]
  .reverse()
  .concat([...NORD_TOKEN].reverse())
  .join(",");
const role = (site: Part, name: string) => set(site.access.hypervisorToken, { role: name });

/** A pfSense between the two networks of the atelier. */
const walled = (site: Part) => {
  site.firewall = { kind: "pfsense", address: "10.20.1.1" };
  site.environments.live.devices.firewall = { ca: "pfsense.pem" };
};
const unwalled = (site: Part) => {
  delete site.firewall;
  delete site.environments.live.devices.firewall;
};
const unguarded = (site: Part) => set(site.backupServers.coffre, { hostFirewall: false });
const guarded = (site: Part) => set(site.backupServers.coffre, { hostFirewall: true });

/** Changes to who may do what, and who comes through to the backup servers. */
export const ACCESS: readonly Row[] = [
  // Privileges
  eco("the token may no longer delete", (site) => role(site, "DatastoreBackup"), `gained privileges ${STORE}`),
  nord("the token may delete", (site) => role(site, "DatastoreAdmin"), `weakened privileges ${bothStores}`),
  nord("the token may only write", (site) => role(site, "DatastoreBackup"), `gained privileges ${bothStores}`),
  eco(
    "an operator may act below the root instead of the guests",
    (site) => set(site.access.operators["technicien@pve"], { path: "/" }),
    "weakened privileges technicien@pve on hypervisor:/",
  ),
  eco(
    "an operator may act on one guest only",
    (site) => set(site.access.operators["technicien@pve"], { path: "/vms/104" }),
    "gained privileges technicien@pve on hypervisor:/vms",
  ),
  eco(
    "an operator gets another role",
    (site) => set(site.access.operators["technicien@pve"], { role: "PVEAdmin" }),
    "unknown privileges technicien@pve on hypervisor:/vms",
  ),
  eco(
    "an operator comes",
    (site) => set(site.access.operators, { "stage@pve": { comment: "Stage", role: "PVEAuditor" } }),
    "weakened privileges stage@pve on hypervisor:/",
  ),
  eco(
    "an operator goes",
    (site) => delete site.access.operators["technicien@pve"],
    "gained privileges technicien@pve on hypervisor:/vms",
  ),
  eco(
    "an operator gets a token",
    (site) => set(site.access.operators["technicien@pve"], { token: "cli" }),
    "weakened privileges technicien@pve!cli on hypervisor:/vms",
  ),
  eco(
    "an operator's token goes",
    (site) => delete site.access.operators["supervision@pve"].token,
    "gained privileges supervision@pve!monitoring on hypervisor:/",
  ),
  nord(
    "an operator may act on all pools",
    (site) => set(site.access.operators["garde@pve"], { path: "/pool" }),
    "weakened privileges garde@pve on hypervisor:/pool",
  ),
  nord(
    "an operator loses all access",
    (site) => set(site.access.operators["garde@pve"], { role: "NoAccess" }),
    "gained privileges garde@pve on hypervisor:/pool/atelier-nord-gold",
  ),
  nord(
    "an operator gets access back",
    (site) => set(site.access.operators["garde@pve"], { role: "PVEAdmin" }),
    "weakened privileges garde@pve on hypervisor:/pool/atelier-nord-gold",
    (site) => set(site.access.operators["garde@pve"], { role: "NoAccess" }),
  ),
  nord(
    "an operator gets one role for another on another path",
    (site) => set(site.access.operators["garde@pve"], { path: "/pool/atelier-nord-silver" }),
    [
      "weakened privileges garde@pve on hypervisor:/pool/atelier-nord-silver",
      "gained privileges garde@pve on hypervisor:/pool/atelier-nord-gold",
    ],
  ),
  // Reachability
  eco(
    "one more administrator reaches the port",
    (site) => set(site.hosts, { laptop: { address: "192.168.100.11", role: "admin" } }),
    "weakened reachability laptop (192.168.100.11)",
  ),
  eco("the administrator's machine goes", (site) => delete site.hosts.admin, "gained reachability admin (192.168.100.10)"),
  eco(
    "the administrator's machine becomes an ordinary one",
    (site) => set(site.hosts.admin, { role: "other" }),
    "gained reachability admin (192.168.100.10)",
  ),
  nord(
    "the probe becomes an administrator whom the firewall alone would stop",
    (site) => set(site.hosts.sonde, { role: "admin" }),
    "weakened reachability sonde (10.20.1.41)",
    (site) => {
      walled(site);
      unguarded(site);
    },
  ),
  eco("the administrator's machine has another address", (site) => set(site.hosts.admin, { address: "192.168.100.12" }), [
    "weakened reachability admin (192.168.100.12)",
    "gained reachability admin (192.168.100.10)",
  ]),
  eco(
    "one more hypervisor reaches the port",
    (site) => set(site.hypervisors, { pve2: { address: "192.168.100.211" } }),
    "weakened reachability pve2 (192.168.100.211)",
  ),
  eco(
    "the firewall goes",
    (site) => {
      delete site.firewall;
      delete site.environments.production.devices.firewall;
    },
    "weakened reachability everybody",
  ),
  nord("a firewall comes", walled, "gained reachability everybody"),
  nord("the firewall goes again", unwalled, "weakened reachability everybody", walled),
  nord(
    "the server's own filter is taken off",
    (site) => set(site.backupServers.coffre, { hostFirewall: false }),
    "weakened reachability everybody",
  ),
  nord("the server filters by itself", guarded, "gained reachability everybody", unguarded),
  nord(
    "one more administrator is admitted by the server alone",
    (site) => set(site.hosts.sonde, { role: "admin" }),
    "weakened reachability sonde (10.20.1.41)",
  ),
  nord(
    "one more administrator passes both filters",
    (site) => set(site.hosts.sonde, { role: "admin" }),
    "weakened reachability sonde (10.20.1.41)",
    walled,
  ),
  // Several at once
  eco(
    "a tier runs rarely and keeps little",
    (site) => set(site.tiers.standard, { schedule: "sun 21:00", rpo: "8d", retention: { weekly: 2 } }),
    ["weakened rpo 102,104,105,106", "weakened retention 102,104,105,106"],
  ),
  eco(
    "an RPO follows its schedule: one finding",
    (site) => set(site.tiers.critical, { schedule: "0/6:00 UTC", rpo: "6h", retention: { last: 24, daily: 7 } }),
    ["weakened rpo 101,103", "gained retention 101,103"],
  ),
  eco(
    "a guest is dropped, and its tier weakened: it is told once",
    (site) => {
      delete site.guests.xivo;
      site.tiers.standard.encryption = false;
    },
    ["lost coverage 105", "weakened encryption 102,104,106"],
  ),
  eco(
    "two tiers lose the same: one finding",
    (site) => {
      for (const tier of Object.values<Part>(site.tiers)) tier.repeatMissed = false;
    },
    "weakened rpo 101,102,103,104,105,106",
  ),
  nord(
    "a guest that Bastide made, its tier and its datastore go together",
    (site) => {
      delete site.guests.plans;
      delete site.tiers.bronze;
      delete site.backupServers.coffre.datastores.archive;
    },
    ["lost coverage 2200", "lost datastore coffre:archive", "weakened copies coffre.sud.example:south-data on coffre:archive"],
    (site) =>
      set(site.guests.plans, { create: { cores: 1, memoryMiB: 1024, diskGiB: 8, diskStorage: "local-lvm", bridge: "vmbr0" } }),
  ),
  eco(
    "what is weaker here is stronger there",
    (site) => {
      site.tiers.critical.retention = { hourly: 24, daily: 14 };
      site.tiers.standard.retention = { daily: 7 };
    },
    ["weakened retention 102,104,105,106", "gained retention 101,103"],
  ),
];
