import { type Address, type BackupServer, member, networkOf, parseAddress, type Site, type Tier } from "../../../model";
import { onceFor } from "../../engine/once-for";
import { remembered } from "../../engine/remembered";

/** A place beside production where the backups of a datastore lie. */
export interface Copy {
  /** Path in the site file of what makes it. */
  readonly where: string;
  /** What it would be lost with: two copies on one medium are lost together. */
  readonly medium: string;
  readonly offSite: boolean;
  /** Reachable by nobody between its runs, or nobody can delete it before its time. */
  readonly outOfReach: boolean;
}

/** A tier that backs something up. */
export interface ProtectedTier {
  /** Path in the site file. */
  readonly where: string;
  readonly tier: Tier;
  /** Names of its guests. */
  readonly guests: readonly string[];
}

export const protectedTiers = onceFor(({ tiers, guests }: Site): readonly ProtectedTier[] =>
  Object.entries(tiers).flatMap(([name, tier]) => {
    const own = Object.entries(guests).filter(([, guest]) => guest.tier === name);
    return own.length === 0 ? [] : [{ where: member("tiers", name), tier, guests: own.map(([guest]) => guest) }];
  }),
);

const copiesIn = onceFor((_site: Site) => new Map<string, readonly Copy[]>());

/** Every copy of what a tier backs up, production left out: the backups themselves first, then what is made from them. */
export const copiesOf = (site: Site, { backupServer, datastore }: Tier): readonly Copy[] =>
  remembered(copiesIn(site), `${backupServer} ${datastore}`, () => findCopies(site, backupServer, datastore));

function findCopies(site: Site, backupServer: string, datastore: string): Copy[] {
  const copies: Copy[] = [];
  const seen = new Set<string>();
  const add = (server: string, store: string) => {
    const model = site.backupServers[server];
    if (model === undefined || seen.has(`${server} ${store}`)) return;
    seen.add(`${server} ${store}`);
    copies.push(onServer(server, model, store));
    copies.push(...declaredCopies(server, model, store), ...pushedElsewhere(site, server, model, store));
    for (const next of synchronized(site, server, store)) add(next.server, next.datastore);
  };
  add(backupServer, datastore);
  return copies;
}

export const datastorePath = (server: string, datastore: string): string =>
  member(`${member("backupServers", server)}.datastores`, datastore);

/** The site's backup server that a remote's host names: by its address, or its name with or without the domain of the site. */
export function serverAt(site: Site, host: string): string | undefined {
  const servers = Object.entries(site.backupServers);
  const found = servers.find(
    ([name, { address, address6 }]) =>
      host === address || host === address6 || host === name || host === `${name}.${site.dns.domain}`,
  );
  return found?.[0];
}

function onServer(server: string, { runsOn, location }: BackupServer, datastore: string): Copy {
  return {
    where: datastorePath(server, datastore),
    medium: runsOn === undefined ? `backup server ${server}` : mediumOfHypervisor(runsOn),
    offSite: location === "off-site",
    outOfReach: false,
  };
}

export const mediumOfHypervisor = (name: string): string => `hypervisor ${name}`;

/** What a declared copy does not say, it is not taken for: one that is offline may lie in the next room. */
function declaredCopies(server: string, { datastores }: BackupServer, datastore: string): Copy[] {
  return Object.entries(datastores[datastore]?.copies ?? {}).map(([name, { kind }]) => {
    const where = member(`${datastorePath(server, datastore)}.copies`, name);
    return { where, medium: where, offSite: kind === "off-site", outOfReach: kind !== "off-site" };
  });
}

/** Copies on servers that are not the site's. One with an address of the site's own networks stands on the site. */
function pushedElsewhere(site: Site, server: string, { datastores, remotes }: BackupServer, datastore: string): Copy[] {
  return Object.entries(datastores[datastore]?.syncs ?? {}).flatMap(([name, { direction, remote }]) => {
    const host = remotes[remote]?.host;
    if (direction !== "push" || host === undefined || serverAt(site, host) !== undefined) return [];
    const address = parseAddress(host);
    const onSite = "value" in address && networkOf(site.networks, address.value as Address) !== undefined;
    const where = member(`${datastorePath(server, datastore)}.syncs`, name);
    return [{ where, medium: `backup server ${host}`, offSite: !onSite, outOfReach: false }];
  });
}

/** Datastores of the site's own servers that a datastore is pulled or pushed to. */
function synchronized(site: Site, server: string, datastore: string): { readonly server: string; readonly datastore: string }[] {
  return Object.entries(site.backupServers).flatMap(([other, { datastores, remotes }]) =>
    Object.entries(datastores).flatMap(([store, { syncs }]) =>
      Object.values(syncs).flatMap(({ direction, remote, remoteDatastore }) => {
        const peer = serverAt(site, remotes[remote]?.host ?? "");
        if (peer === undefined) return [];
        if (direction === "pull" && peer === server && remoteDatastore === datastore)
          return [{ server: other, datastore: store }];
        if (direction === "push" && other === server && store === datastore)
          return [{ server: peer, datastore: remoteDatastore }];
        return [];
      }),
    ),
  );
}
