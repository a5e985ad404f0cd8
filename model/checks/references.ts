import type { SiteDraft } from "../define/draft";
import { member } from "../define/reader";
import { didYouMean, quotedList } from "../did-you-mean";
import type { Fault } from "../faults";
import { poolName } from "../objects/jobs";

type Names = Readonly<Record<string, unknown>>;

/** Every name that points at something points at something that exists. */
export function* checkReferences(site: SiteDraft): Generator<Fault> {
  for (const [name, tier] of Object.entries(site.tiers)) {
    const where = member("tiers", name);
    if (tier.backupServer === undefined) {
      yield* ambiguous(where, "backupServer", site.backupServers);
      continue;
    }
    yield* reference(member(where, "backupServer"), "backup server", tier.backupServer, site.backupServers);
    const stores = Object.hasOwn(site.backupServers, tier.backupServer) && site.backupServers[tier.backupServer]?.datastores;
    if (!stores) continue;
    if (tier.datastore === undefined) yield* ambiguous(where, "datastore", stores);
    else yield* reference(member(where, "datastore"), "datastore", tier.datastore, stores, ` on ${tier.backupServer}`);
  }
  for (const [name, guest] of Object.entries(site.guests)) {
    const where = member("guests", name);
    if (guest.tier !== undefined) yield* reference(member(where, "tier"), "tier", guest.tier, site.tiers);
    if (guest.node !== undefined) yield* reference(member(where, "node"), "hypervisor", guest.node, site.hypervisors);
    for (const [index, other] of (guest.dependsOn ?? []).entries()) {
      yield* reference(member(member(where, "dependsOn"), index), "guest", other, site.guests);
    }
  }
  for (const [serverName, server] of Object.entries(site.backupServers)) {
    const where = member("backupServers", serverName);
    if (server.runsOn !== undefined) yield* reference(member(where, "runsOn"), "hypervisor", server.runsOn, site.hypervisors);
    for (const [storeName, store] of Object.entries(server.datastores)) {
      for (const [name, sync] of Object.entries(store.syncs)) {
        const path = member(member(member(member(where, "datastores"), storeName), "syncs"), name);
        if (sync.remote !== undefined)
          yield* reference(member(path, "remote"), "remote", sync.remote, server.remotes, ` on ${serverName}`);
      }
    }
  }
  yield* checkDevices(site);
  yield* checkPools(site);
}

/** A right on the pool of a tier needs that pool: Proxmox VE takes the right away with it, and would be given it again and again. */
function* checkPools(site: SiteDraft): Generator<Fault> {
  const { name: siteName } = site;
  if (siteName === undefined) return;
  for (const [operator, { path }] of Object.entries(site.access.operators)) {
    for (const tier of Object.keys(site.tiers)) {
      const hasGuests = Object.values(site.guests).some((guest) => guest.tier === tier && guest.exempt === undefined);
      if (hasGuests || path !== `/pool/${poolName(siteName, tier)}`) continue;
      yield {
        what: `the tier "${tier}" has no guest to back up, so there is no pool "${poolName(siteName, tier)}"`,
        where: member(member("access.operators", operator), "path"),
        why: "a tier without guests has neither job nor pool, and Proxmox VE deletes the rights on a pool with it",
        repair: "write the path of a pool that has guests, or remove the operator",
      };
    }
  }
}

/** A live environment reaches exactly the devices that the site has. */
function* checkDevices(site: SiteDraft): Generator<Fault> {
  for (const [name, environment] of Object.entries(site.environments)) {
    if (environment.devices === undefined) continue;
    const where = member(member("environments", name), "devices");
    const servers = environment.devices.backupServers;
    for (const server of Object.keys(servers))
      yield* reference(member(member(where, "backupServers"), server), "backup server", server, site.backupServers);
    for (const server of Object.keys(site.backupServers)) {
      if (Object.hasOwn(servers, server)) continue;
      yield {
        what: `no access to the backup server "${server}"`,
        where: member(member(where, "backupServers"), server),
        repair: "say how it is recognised: { fingerprint } or { ca }",
      };
    }
    // With its endpoint it may stay: the rules of a site that has forgotten its firewall are taken off it in this way.
    const { firewall } = environment.devices;
    if (firewall !== undefined && firewall.endpoint === undefined && site.firewall === undefined) {
      yield {
        what: "access to a firewall that the site does not have",
        where: member(where, "firewall"),
        repair:
          "describe it under `firewall`, or remove this; as long as rules of this site stand on it, write its `endpoint` here",
      };
    }
  }
}

function* reference(where: string, noun: string, name: string, existing: Names, place = ""): Generator<Fault> {
  if (Object.hasOwn(existing, name)) return;
  const guess = didYouMean(name, Object.keys(existing));
  const names = Object.keys(existing);
  yield {
    what: `no ${noun} "${name}"${place}${guess}`,
    where,
    repair: names.length === 0 ? `describe the ${noun} first` : `write one of ${quotedList(names)}`,
  };
}

function* ambiguous(where: string, key: string, existing: Names): Generator<Fault> {
  const names = Object.keys(existing);
  if (names.length < 2) return;
  yield {
    what: `the tier does not say on which ${key}`,
    where,
    why: `there are ${names.length}`,
    repair: `add \`${key}\`: one of ${quotedList(names)}`,
  };
}
