import fc from "fast-check";
import type { Aspect } from "../../review/finding";
import type { Base, Loose, SiteChange } from "./sites";

/** A change to any site, and the aspects that it can touch: changes that share none do not make up for each other. */
export interface RandomChange {
  readonly name: string;
  readonly aspects: readonly Aspect[];
  readonly change: SiteChange;
}

const values = (record: object): Loose[] => Object.values(record);
const pick = (list: readonly Loose[], at: number): Loose => list[at % list.length];
const tier = (site: Loose, at: number) => pick(values(site.tiers), at);
const guest = (site: Loose, at: number) => pick(values(site.guests), at);
const server = (site: Loose) => values(site.backupServers)[0];
const store = (site: Loose, at: number) => pick(values(server(site).datastores), at);

type Kind = readonly [name: string, aspects: readonly Aspect[], change: (site: Loose, at: number, size: number) => unknown];

const KINDS: readonly Kind[] = [
  ["exempt a guest", ["coverage"], (site, at) => exempt(guest(site, at))],
  ["drop a guest", ["coverage"], (site, at) => drop(site, at)],
  ["add a guest", ["coverage"], (site, at) => add(site, at)],
  ["another pace", ["rpo", "retention", "promise"], (site, at, size) => pace(tier(site, at), size)],
  ["missed runs", ["rpo"], (site, at) => toggle(tier(site, at), "repeatMissed")],
  ["daily points", ["retention"], (site, at, size) => keep(tier(site, at), { last: 60, daily: size + 1 })],
  ["weekly points", ["retention"], (site, at, size) => keep(tier(site, at), { last: 60, weekly: size + 1 })],
  ["encryption", ["encryption"], (site) => values(site.tiers).map((one) => toggle(one, "encryption"))],
  [
    "mode",
    ["consistency"],
    (site, at, size) => Object.assign(tier(site, at), { mode: pick(["stop", "snapshot", "suspend"], size) }),
  ],
  [
    "verified again",
    ["verification"],
    (site, at, size) => Object.assign(store(site, at).verification, { againAfterDays: 7 * size + 1 }),
  ],
  ["verified when new", ["verification"], (site, at) => toggle(store(site, at), "verifyNew")],
  [
    "garbage",
    ["datastore"],
    (site, at, size) => Object.assign(store(site, at), { garbageCollection: pick(["daily", "weekly", "monthly"], size) }),
  ],
  ["path", ["datastore"], (site, at, size) => Object.assign(store(site, at), { path: `/srv/other-${size}` })],
  ["on a hypervisor", ["copies"], (site) => Object.assign(server(site), { runsOn: Object.keys(site.hypervisors)[0] })],
  ["an offline copy", ["copies"], (site, at, size) => copy(store(site, at), pick(["weekly", "monthly"], size))],
  ["RTO", ["promise"], (site, at, size) => Object.assign(guest(site, at), { rto: `${size + 1}h` })],
  ["RPO", ["promise"], (site, at, size) => Object.assign(tier(site, at), { rpo: `${size + 9}d` })],
  ["token's role", ["privileges"], (site, _, size) => Object.assign(site.access.hypervisorToken, { role: pick(ROLES, size) })],
  ["an operator", ["privileges"], (site, _, size) => Object.assign(site.access.operators, { "new@pve": operator(size) })],
  [
    "an operator's path",
    ["privileges"],
    (site, at, size) => Object.assign(pick(values(site.access.operators), at), { path: pick(PATHS, size) }),
  ],
  ["an administrator", ["reachability"], (site) => Object.assign(pick(values(site.hosts), 0), { role: "other" })],
  ["own filter", ["reachability"], (site) => toggle(server(site), "hostFirewall")],
  ["recipients", ["detection"], (site, _, size) => Object.assign(site.notifications, { mailto: RECIPIENTS.slice(0, size % 3) })],
  ["escalation", ["detection"], (site, _, size) => Object.assign(site.notifications, { escalation: escalation(size) })],
  ["restore tests", ["restore tests"], (site, _, size) => Object.assign(site, { restoreTests: tests(size) })],
];

const ROLES = ["DatastoreBackup", "DatastorePowerUser", "DatastoreAdmin"];
const PATHS = ["/", "/vms", "/vms/101", "/pool"];
const RECIPIENTS = ["a@example.org", "b@example.org", "c@example.org"];
const PACES = [
  ["0/2:00 UTC", "4h"],
  ["0/6:00 UTC", "6h"],
  ["20:30", "25h"],
  ["mon..fri 20:30", "73h"],
] as const;

const operator = (size: number) => ({ comment: "Stage", role: "PVEAuditor", path: pick(PATHS, size) });
const tests = (size: number) => ({ partial: pick(["weekly", "monthly"], size), full: pick(["quarterly", "yearly"], size + 1) });
const escalation = (size: number) => [{ after: `${size + 1}h`, owner: "N2", mailto: ["n2@example.org"] }].slice(0, size % 2);
const toggle = (object: Loose, key: string) => Object.assign(object, { [key]: !object[key] });
const keep = (object: Loose, retention: object) => Object.assign(object, { retention });
const copy = (object: Loose, schedule: string) =>
  Object.assign(object, { copies: { band: { kind: "offline", where: "Coffre", schedule, owner: "N1" } } });

function pace(object: Loose, size: number): void {
  const [schedule, rpo] = pick(PACES, size);
  Object.assign(object, { schedule, rpo, retention: { ...object.retention, last: 60 } });
}

function exempt(object: Loose): void {
  delete object.tier;
  object.exempt = { reason: "Essai" };
}

function drop(site: Loose, at: number): void {
  const name = pick(Object.keys(site.guests), at);
  delete site.guests[name];
  for (const other of values(site.guests)) other.dependsOn = other.dependsOn.filter((one: string) => one !== name);
}

function add(site: Loose, at: number): void {
  site.guests.novel = { id: 9000 + at, tier: pick(Object.keys(site.tiers), at), role: "Essai", dependsOn: [] };
}

const change: fc.Arbitrary<RandomChange> = fc
  .tuple(fc.constantFrom(...KINDS), fc.nat(5), fc.nat(11))
  .map(([[name, aspects, act], at, size]) => ({ name: `${name} ${at} ${size}`, aspects, change: (site) => act(site, at, size) }));

/** A site, and two changes to it. */
export const CHANGES: fc.Arbitrary<{ readonly base: Base; readonly one: RandomChange; readonly other: RandomChange }> = fc.record(
  {
    base: fc.constantFrom<Base>("ecosolar", "atelier"),
    one: change,
    other: change,
  },
);
