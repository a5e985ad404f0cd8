import type { CalendarEvent, Datastore, Duration, Guest, Retention, Site, Tier } from "../../../model";

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SCHEDULES = ["hourly", "0/3:30", "mon..fri 22:15", "sat 02:00", "*-*-1 03:00", "21:15 UTC", "monthly"] as CalendarEvent[];
const PERIODS = ["last", "hourly", "daily", "weekly", "monthly", "yearly"] as const;
const MODES = ["snapshot", "suspend", "stop"] as const;
const ROLES = ["DatastoreAdmin", "DatastorePowerUser", "DatastoreBackup"];
/** No check of the apply may fail on a rare schedule: it is not what is tested. */
const ANY_GAP = "400d" as Duration;

/**
 * A site that differs from another in most of what its protection depends on, always the same for a seed. What can only be
 * created (paths, ids) stays, and so does the encryption: a storage whose tier needs none any more keeps its key. The first guest
 * of each tier stays in it, for an operator may have a right on the tier's pool, which goes with its last guest.
 */
export function variationOf(site: Site, seed: number): Site {
  const random = randomOf(seed);
  const oneOf = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const retention = (): Retention => {
    const chosen = PERIODS.filter(() => random() < 0.4);
    const periods = chosen.length === 0 ? (["daily"] as const) : chosen;
    return Object.fromEntries(periods.map((period) => [period, 1 + Math.floor(random() * 20)]));
  };
  const tier = (one: Tier): Tier => ({
    ...one,
    schedule: oneOf(SCHEDULES),
    rpo: ANY_GAP,
    mode: oneOf(MODES),
    repeatMissed: random() < 0.5,
    ...(one.retention === undefined ? {} : { retention: retention() }),
  });
  const datastore = (one: Datastore): Datastore => ({
    ...one,
    garbageCollection: oneOf(SCHEDULES),
    prune: oneOf(SCHEDULES),
    retention: retention(),
    verifyNew: random() < 0.5,
    notificationMode: oneOf(["notification-system", "legacy-sendmail"] as const),
    verification: { schedule: oneOf(SCHEDULES), againAfterDays: 1 + Math.floor(random() * 90) },
  });
  const guests = Object.values(site.guests);
  const guest = (one: Guest): Guest => {
    if (guests.find(({ tier: name }) => name === one.tier) === one) return one;
    const { tier: _, exempt: __, ...free } = one;
    return random() < 0.2 ? { ...free, exempt: { reason: "sans données" } } : { ...free, tier: oneOf(Object.keys(site.tiers)) };
  };
  return {
    ...site,
    tiers: mapped(site.tiers, tier),
    guests: mapped(site.guests, guest),
    backupServers: mapped(site.backupServers, (one) => ({ ...one, datastores: mapped(one.datastores, datastore) })),
    access: { ...site.access, hypervisorToken: { ...site.access.hypervisorToken, role: oneOf(ROLES) } },
    ...(site.notifications === undefined
      ? {}
      : { notifications: { ...site.notifications, mailto: [`equipe${Math.floor(random() * 100)}@wildcorp.example`] } }),
  };
}

const mapped = <Item>(items: Readonly<Record<string, Item>>, change: (item: Item) => Item): Record<string, Item> =>
  Object.fromEntries(Object.entries(items).map(([name, item]) => [name, change(item)]));
