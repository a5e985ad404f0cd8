import { set } from "./parts";
import { eco, nord, type Row } from "./row";

/** Changes to what happens to the guests: coverage, RPO, retention, consistency, promises. */
export const GUESTS: readonly Row[] = [
  // Coverage
  eco("a guest leaves the site file", (site) => delete site.guests.xivo, "lost coverage 105"),
  eco(
    "a guest comes into the site file",
    (site) => Object.assign(site.guests, { wiki: { id: 107, tier: "standard", role: "Wiki" } }),
    "gained coverage 107",
  ),
  eco("a guest becomes exempt", (site) => exempt(site.guests.glpi), "lost coverage 104"),
  nord("an exempt guest is backed up", (site) => protect(site.guests.bench, "silver"), "gained coverage 2999"),
  nord("an exempt guest leaves the site file", (site) => delete site.guests.bench),
  eco("an exempt guest comes into the site file", (site) =>
    Object.assign(site.guests, { spare: { id: 108, role: "Banc", exempt: { reason: "Vide" } } }),
  ),
  nord("the reason of an exemption is written anew", (site) => Object.assign(site.guests.bench.exempt, { reason: "Jetable" })),
  eco("all guests of a tier become exempt", (site) => [exempt(site.guests.ad), exempt(site.guests.erp)], "lost coverage 101,103"),
  eco(
    "the last guest of a tier leaves",
    (site) => {
      delete site.guests.plans;
      delete site.tiers.rare;
    },
    "lost coverage 110",
    (site) => {
      site.tiers.rare = { schedule: "sun 02:00", rpo: "15d" };
      site.guests.plans = { id: 110, tier: "rare", role: "Plans" };
    },
  ),
  eco("a guest gets the number of another machine", (site) => Object.assign(site.guests.xivo, { id: 115 }), [
    "lost coverage 105",
    "gained coverage 115",
  ]),
  nord(
    "a guest that Bastide made leaves the site file",
    (site) => delete site.guests.lab,
    "lost coverage 2300",
    (site) => owned(site, "lab", 2300),
  ),
  // RPO
  eco("the critical tier runs every 6 h", (site) => pace(site.tiers.critical, "0/6:00 UTC", "6h"), [
    "weakened rpo 101,103",
    "gained retention 101,103",
  ]),
  eco("the critical tier runs every 2 h", (site) => pace(site.tiers.critical, "0/2:00 UTC", "4h"), [
    "weakened retention 101,103",
    "gained rpo 101,103",
  ]),
  eco("the standard tier rests at weekends", (site) => pace(site.tiers.standard, "mon..fri 21:00", "73h"), [
    "weakened rpo 102,104,105,106",
    "gained retention 102,104,105,106",
  ]),
  eco("the standard tier runs on Sundays", (site) => pace(site.tiers.standard, "sun 21:00", "8d"), [
    "weakened rpo 102,104,105,106",
    "gained retention 102,104,105,106",
  ]),
  nord("the weekly tier runs daily", (site) => pace(site.tiers.bronze, "23:00", "8d"), "gained rpo 2200"),
  nord("the half-hourly tier runs hourly", (site) => pace(site.tiers.gold, "*:00 UTC", "1h"), ["weakened rpo 2001,2010"]),
  nord("the silver tier makes up for missed runs", (site) => set(site.tiers.silver, { repeatMissed: true }), "gained rpo 2107"),
  eco(
    "the standard tier leaves out missed runs",
    (site) => set(site.tiers.standard, { repeatMissed: false }),
    "weakened rpo 102,104,105,106",
  ),
  eco(
    "fewer runs with the same largest gap",
    (site) => pace(site.tiers.standard, "8,20:00", "13h"),
    ["weakened rpo 102,104,105,106", "gained retention 102,104,105,106"],
    (site) => keep(pace(site.tiers.standard, "8..20:00", "13h"), { last: 60 }),
  ),
  eco(
    "the schedule loses its UTC: one night in October has an hour more",
    (site) => pace(site.tiers.critical, "0/4:00", "5h"),
    "weakened rpo 101,103",
  ),
  eco("the site's clocks change no more", (site) => set(site, { timeZone: "Africa/Abidjan" }), "gained rpo 102,104,105,106"),
  // Retention
  eco("fewer days are kept", (site) => keep(site.tiers.critical, { hourly: 24, daily: 3 }), "weakened retention 101,103"),
  eco("fewer hours are kept", (site) => keep(site.tiers.critical, { hourly: 12, daily: 7 }), "weakened retention 101,103"),
  eco("more days are kept", (site) => keep(site.tiers.critical, { hourly: 24, daily: 14 }), "gained retention 101,103"),
  eco("the weeks go", (site) => keep(site.tiers.standard, { daily: 7 }), "weakened retention 102,104,105,106"),
  eco(
    "months are kept as well",
    (site) => keep(site.tiers.standard, { daily: 7, weekly: 4, monthly: 6 }),
    "gained retention 102,104,105,106",
  ),
  eco(
    "days become weeks: as many points, further apart",
    (site) => keep(site.tiers.standard, { daily: 2, weekly: 9 }),
    "weakened retention 102,104,105,106",
  ),
  nord(
    "the years go",
    (site) => set(site.backupServers.coffre.datastores.archive, { retention: { weekly: 8, monthly: 18 } }),
    "weakened retention 2200",
  ),
  nord(
    "more years are kept",
    (site) => set(site.backupServers.coffre.datastores.archive, { retention: { weekly: 8, monthly: 18, yearly: 7 } }),
    "gained retention 2200",
  ),
  nord(
    "the retention of a datastore that a tier inherits is lowered",
    (site) => set(site.backupServers.coffre.datastores.quick, { retention: { last: 3 } }),
    "weakened retention 2107",
  ),
  nord(
    "the retention of a datastore that a tier inherits is raised",
    (site) => set(site.backupServers.coffre.datastores.quick, { retention: { last: 8, weekly: 2 } }),
    "gained retention 2107",
  ),
  eco(
    "a tier gives up its retention for that of its datastore",
    (site) => {
      delete site.tiers.standard.retention;
    },
    "gained retention 102,104,105,106",
  ),
  // Consistency
  nord("guests are copied while they run", (site) => set(site.tiers.bronze, { mode: "snapshot" }), "weakened consistency 2200"),
  nord(
    "guests are suspended instead of shut down",
    (site) => set(site.tiers.bronze, { mode: "suspend" }),
    "weakened consistency 2200",
  ),
  eco(
    "guests are shut down for their backup",
    (site) => set(site.tiers.standard, { mode: "stop" }),
    "gained consistency 102,104,105,106",
  ),
  eco("guests stand still for a moment", (site) => set(site.tiers.standard, { mode: "suspend" })),
  nord("guests stand still no more", (site) => set(site.tiers.gold, { mode: "snapshot" })),
  // Tiers
  eco("a guest moves to a lower tier", (site) => set(site.guests.erp, { tier: "standard" }), [
    "weakened rpo 103",
    "weakened retention 103",
    "weakened history 103",
  ]),
  eco("a guest moves to a higher tier", (site) => set(site.guests.glpi, { tier: "critical" }), [
    "weakened retention 104",
    "weakened history 104",
    "gained rpo 104",
  ]),
  // Promises
  eco("an RPO is raised and the schedule stays", (site) => set(site.tiers.critical, { rpo: "8h" }), "weakened promise 101,103"),
  nord("an RPO is lowered and the schedule keeps it", (site) => set(site.tiers.bronze, { rpo: "170h" }), "gained promise 2200"),
  eco("an RTO is raised", (site) => set(site.guests.erp, { rto: "12h" }), "weakened promise 103"),
  eco("an RTO is lowered", (site) => set(site.guests.erp, { rto: "3h" }), "gained promise 103"),
  eco("an RTO goes", (site) => delete site.guests.mail.rto, "weakened promise 106"),
  nord("an RTO is given", (site) => set(site.guests.intranet, { rto: "2h" }), "gained promise 2107"),
  // Restore tests
  eco(
    "restores are tried every month",
    (site) => set(site.restoreTests, { partial: "monthly" }),
    "weakened restore tests one guest",
  ),
  eco("restores are tried every day", (site) => set(site.restoreTests, { partial: "daily" }), "gained restore tests one guest"),
  eco(
    "all guests are tried once a year",
    (site) => set(site.restoreTests, { full: "yearly" }),
    "weakened restore tests all guests",
  ),
  nord(
    "all guests are tried every quarter",
    (site) => set(site.restoreTests, { full: "quarterly" }),
    "gained restore tests all guests",
  ),
  eco("restores are tried no more", (site) => delete site.restoreTests, [
    "weakened restore tests all guests",
    "weakened restore tests one guest",
  ]),
];

function exempt(guest: { tier?: string; exempt?: { reason: string } }): void {
  delete guest.tier;
  guest.exempt = { reason: "Rebuilt by hand" };
}

function protect(guest: { tier?: string; exempt?: unknown }, tier: string): void {
  delete guest.exempt;
  guest.tier = tier;
}

const keep = (tier: object, retention: object) => Object.assign(tier, { retention });
const pace = (tier: object, schedule: string, rpo: string) => Object.assign(tier, { schedule, rpo });

function owned(site: { guests: Record<string, unknown> }, name: string, id: number): void {
  const create = { cores: 1, memoryMiB: 1024, diskGiB: 8, diskStorage: "local-lvm", bridge: "vmbr0" };
  site.guests[name] = { id, tier: "bronze", role: "Banc", create };
}
