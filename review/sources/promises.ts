import { type Address, durationMs, type Guest, type Site } from "../../model";
import type { DeclaredCopyFacts, GuestPromise, MachineFacts, Promises } from "../configuration";

/** What a site file says beyond what any device is told; plans and devices are read together with it. */
export function promisesOf(site: Site): Promises {
  const servers = Object.entries(site.backupServers);
  return {
    guests: Object.fromEntries(Object.values(site.guests).map((guest) => [guest.id, promiseOf(site, guest)])),
    machines: machinesOf(site),
    port: servers[0]?.[1].port ?? 8007,
    ...(site.restoreTests === undefined ? {} : { restoreTests: site.restoreTests }),
    declaredCopies: servers.flatMap(([backupServer, { datastores }]) =>
      Object.entries(datastores).flatMap(([datastore, { copies }]) =>
        Object.entries(copies).map(
          ([name, { kind, schedule }]): DeclaredCopyFacts => ({ backupServer, datastore, name, kind, schedule }),
        ),
      ),
    ),
    offSite: servers.flatMap(([name, { location }]) => (location === "off-site" ? [name] : [])),
    runsOn: Object.fromEntries(servers.flatMap(([name, { runsOn }]) => (runsOn === undefined ? [] : [[name, runsOn]]))),
    escalation: (site.notifications?.escalation ?? []).map(({ after, owner }) => ({ afterMs: durationMs(after), owner })),
    // The secret store of the environment generates the site's key and keeps it, before any storage is given it.
    keyEscrowed: true,
  };
}

function promiseOf(site: Site, { tier: tierName, exempt, rto }: Guest): GuestPromise {
  const tier = tierName === undefined ? undefined : site.tiers[tierName];
  return {
    ...(tierName === undefined ? {} : { tier: tierName }),
    ...(exempt === undefined ? {} : { exempt: exempt.reason }),
    ...(tier === undefined ? {} : { rpoMs: durationMs(tier.rpo) }),
    ...(rto === undefined ? {} : { rtoMs: durationMs(rto) }),
  };
}

function machinesOf(site: Site): MachineFacts[] {
  const machine = (name: string, role: MachineFacts["role"], addresses: readonly (Address | undefined)[]): MachineFacts => ({
    name,
    role,
    addresses: addresses.filter((address) => address !== undefined),
  });
  return [
    ...Object.entries(site.hypervisors).map(([name, { address }]) => machine(name, "hypervisor", [address])),
    ...Object.entries(site.hosts).map(([name, { address, role }]) => machine(name, role === "admin" ? role : "host", [address])),
    ...Object.entries(site.backupServers).map(([name, { address, address6, hostFirewall }]) => ({
      ...machine(name, "backup server", [address, address6]),
      hostName: `${name}.${site.dns.domain}`,
      hostFirewall,
    })),
    ...Object.entries(site.guests).map(([name, { address }]) => machine(name, "guest", [address])),
  ];
}
