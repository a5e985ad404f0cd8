import { archive, type Part, set, store } from "./parts";
import { eco, nord, type Row } from "./row";

/** The same entries in the opposite order. */
const turned = (record: object) => Object.fromEntries(Object.entries(record).reverse());

function renamed(record: Record<string, unknown>, from: string, to: string): void {
  record[to] = record[from];
  delete record[from];
}

function renameGuest(site: Part, from: string, to: string): void {
  renamed(site.guests, from, to);
  for (const { dependsOn } of Object.values<Part>(site.guests)) {
    const at = dependsOn?.indexOf(from) ?? -1;
    if (at >= 0) dependsOn[at] = to;
  }
}

/** Changes that take nothing away: a review that speaks here teaches people not to listen. */
export const QUIET: readonly Row[] = [
  // Names and words
  eco("nothing", () => {}),
  nord("nothing", () => {}),
  eco("a guest has another name", (site) => renameGuest(site, "ad", "annuaire")),
  eco("three guests have other names", (site) => {
    for (const name of ["ad", "erp", "mail"]) renameGuest(site, name, `${name}-2027`);
  }),
  eco("two guests swap their names", (site) => {
    [site.guests.xivo.id, site.guests.mail.id] = [site.guests.mail.id, site.guests.xivo.id];
    [site.guests.xivo.address, site.guests.mail.address] = [site.guests.mail.address, site.guests.xivo.address];
  }),
  eco("a guest is described anew", (site) => set(site.guests.erp, { role: "ERP" })),
  eco("the client has another name", (site) => set(site, { client: "EcoSolar SAS" })),
  eco("the site's objects have another name", (site) => set(site, { name: "ecosolar-2" })),
  eco("a tier has another name", (site) => {
    renamed(site.tiers, "critical", "vital");
    for (const name of ["ad", "erp"]) site.guests[name].tier = "vital";
  }),
  eco("the backup server has another name", (site) => {
    renamed(site.backupServers, "pbs", "coffre");
    renamed(site.environments.production.devices.backupServers, "pbs", "coffre");
    for (const tier of Object.values<Part>(site.tiers)) tier.backupServer = "coffre";
  }),
  nord("the backup server has another name", (site) => {
    renamed(site.backupServers, "coffre", "pbs");
    renamed(site.environments.live.devices.backupServers, "coffre", "pbs");
    for (const tier of Object.values<Part>(site.tiers)) tier.backupServer = "pbs";
  }),
  eco("the hypervisor has another name", (site) => {
    renamed(site.hypervisors, "pve1", "pve-a");
    for (const guest of Object.values<Part>(site.guests)) guest.node = "pve-a";
  }),
  eco("the administrator's machine has another name", (site) => renamed(site.hosts, "admin", "console")),
  eco("a network has another name", (site) => renamed(site.networks, "lan", "bureau")),
  eco("the storage on the hypervisor has another name", (site) => set(store(site), { storage: "pbs-main" })),
  nord("a sync job has another name", (site) => renamed(archive(site).syncs, "from-south", "sud")),
  nord("a remote has another name", (site) => {
    renamed(site.backupServers.coffre.remotes, "south", "sud");
    archive(site).syncs["from-south"].remote = "sud";
  }),
  eco("the firewall's rules have other descriptions", (site) =>
    set(site.firewall, { passDescription: "PBS oui", blockDescription: "PBS non" }),
  ),
  eco("an operator is described anew", (site) => set(site.access.operators["technicien@pve"], { comment: "N1" })),
  eco("an acknowledgement goes", (site) => set(site, { acknowledgements: [] })),
  // Order
  eco("the guests stand in another order", (site) => set(site, { guests: turned(site.guests) })),
  nord("the tiers stand in another order", (site) => set(site, { tiers: turned(site.tiers) })),
  nord("the datastores stand in another order", (site) =>
    set(site.backupServers.coffre, { datastores: turned(site.backupServers.coffre.datastores) }),
  ),
  nord("the hypervisors stand in another order, and so the members of the alias", (site) =>
    set(site, { hypervisors: turned(site.hypervisors) }),
  ),
  nord("hosts and networks stand in another order", (site) =>
    set(site, { hosts: turned(site.hosts), networks: turned(site.networks) }),
  ),
  nord("those who are told stand in another order", (site) => site.notifications.mailto.reverse()),
  eco("the operators stand in another order", (site) => set(site.access, { operators: turned(site.access.operators) })),
  eco("every key of the file stands in another order", (site) => {
    const all = turned(site);
    for (const key of Object.keys(site)) delete site[key];
    set(site, all);
  }),
  // Another way to write the same
  eco("every day is every day", (site) => set(site.tiers.standard, { schedule: "mon..sun 21:00" })),
  eco("a time has its seconds", (site) => set(site.tiers.standard, { schedule: "21:00:00" })),
  eco("a date has its stars", (site) => set(site.tiers.standard, { schedule: "*-*-* 21:00" })),
  eco("hours are listed", (site) => set(site.tiers.critical, { schedule: "0,4,8,12,16,20:00 UTC" })),
  eco("the hours have another start", (site) => set(site.tiers.critical, { schedule: "1/4:00 UTC" })),
  eco("the same pace at another hour", (site) => set(site.tiers.standard, { schedule: "22:00" })),
  nord("the same pace on another day", (site) => set(site.tiers.bronze, { schedule: "sun 01:00" })),
  nord("half an hour in minutes", (site) => set(site.tiers.gold, { schedule: "*:0,30 UTC", rpo: "1800s" })),
  eco("last for daily, with the same effect", (site) => set(site.tiers.standard, { retention: { last: 7, weekly: 4 } })),
  eco(
    "daily for last, with the same effect",
    (site) => set(site.tiers.standard, { retention: { daily: 7 } }),
    [],
    (site) => set(site.tiers.standard, { retention: { last: 7 } }),
  ),
  eco("hourly for last, with the same effect", (site) => set(site.tiers.critical, { retention: { last: 24, daily: 7 } })),
  nord("a retention is written out that was inherited", (site) => set(site.tiers.silver, { retention: { last: 3, weekly: 2 } })),
  eco("an RTO in minutes", (site) => set(site.guests.ad, { rto: "120min" })),
  eco("verified again after 29 days: at the same weekly run", (site) => set(store(site).verification, { againAfterDays: 29 })),
  eco("verified at another hour", (site) => set(store(site).verification, { schedule: "sun 06:00" })),
  eco("a tier is split in two with the same protection", (site) => {
    site.tiers.office = structuredClone(site.tiers.standard);
    site.guests.mail.tier = "office";
  }),
  eco(
    "two tiers with the same protection become one",
    (site) => {
      site.guests.mail.tier = "standard";
      delete site.tiers.office;
    },
    [],
    (site) => {
      site.tiers.office = structuredClone(site.tiers.standard);
      site.guests.mail.tier = "office";
    },
  ),
  // What protects nothing
  eco("a tier without guests comes", (site) => set(site.tiers, { rare: { schedule: "monthly", rpo: "32d" } })),
  eco(
    "a tier without guests goes",
    (site) => delete site.tiers.rare,
    [],
    (site) => set(site.tiers, { rare: { schedule: "monthly", rpo: "32d" } }),
  ),
  eco("the root's retention changes, where no tier lies", (site) => set(store(site), { retention: { last: 1 } })),
  eco("pruned at another hour", (site) => set(store(site), { prune: "23:30" })),
  eco("copied faster", (site) => delete site.backupServers.pbs.trafficControl),
  eco("other names are asked elsewhere", (site) => set(site.dns, { servers: ["9.9.9.9"] })),
  nord("a restore may use less of the node", (site) => set(site.hypervisors["nord-a"].limits, { cores: 2 })),
  eco("restored in another order", (site) => [
    set(site.guests.xivo, { restoreOrder: 6 }),
    set(site.guests.mail, { restoreOrder: 5 }),
  ]),
  eco("a guest needs another", (site) => set(site.guests.xivo, { dependsOn: ["ad"] })),
  nord("a guest runs on another node", (site) => set(site.guests.database, { node: "nord-a" })),
  eco("a guest has another address", (site) => set(site.guests.xivo, { address: "192.168.100.215" })),
  eco("an ordinary machine comes", (site) => set(site.hosts, { printer: { address: "192.168.100.60" } })),
  nord("an ordinary machine goes", (site) => delete site.hosts.sonde),
  eco("mail goes by another server", (site) => set(site.notifications.smtp, { server: "smtp2.wildcorp.example", port: 2525 })),
  eco("the state is kept elsewhere", (site) => set(site.environments.production, { state: { kind: "local" } })),
  eco("the lab goes", (site) => delete site.environments.lab),
];
