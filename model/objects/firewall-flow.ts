import type { SiteDraft } from "../define/draft";
import type { Site } from "../site";
import { type Address, contains, type Port } from "../values";

/** A machine at one end of the backup flow. */
export interface FlowEnd {
  /** Name in the model. */
  readonly name: string;
  readonly address: Address;
  /** Name of its network in the model. */
  readonly network: string;
  /** The firewall's interface for that network. */
  readonly firewallInterface: string;
}

/** Who may reach the backup servers' port; everybody else may not. */
export interface FirewallFlow {
  /** Hypervisors, then the hosts of administrators. */
  readonly sources: readonly FlowEnd[];
  /** Backup servers, once for each of their addresses. */
  readonly destinations: readonly FlowEnd[];
  /** One for all backup servers of a site. */
  readonly port: Port;
  /** The firewall's interfaces on which a source's traffic comes in, each once. */
  readonly interfaces: readonly string[];
  /** Pairs in one subnet: switched, never routed, so the firewall sees none of their traffic and its rules do nothing for them. */
  readonly sameSubnet: readonly { readonly source: FlowEnd; readonly destination: FlowEnd }[];
}

/** The one description of the flow that pfSense rules, host rules and checks are made from. */
export function firewallFlow(site: Pick<Site, "networks" | "hypervisors" | "hosts" | "backupServers">): FirewallFlow {
  const end = (name: string, address: Address): FlowEnd[] => {
    const network = networkOf(site.networks, address);
    return network === undefined ? [] : [{ name, address, ...network }];
  };
  const admins = Object.entries(site.hosts).filter(([, host]) => host.role === "admin");
  const sources = [...Object.entries(site.hypervisors), ...admins].flatMap(([name, machine]) => end(name, machine.address));
  const servers = Object.entries(site.backupServers);
  const destinations = servers.flatMap(([name, { address, address6 }]) =>
    [address, address6].flatMap((one) => (one === undefined ? [] : end(name, one))),
  );
  return {
    sources,
    destinations,
    port: servers[0]?.[1].port ?? (8007 as Port),
    interfaces: [...new Set(sources.map((source) => source.firewallInterface))],
    sameSubnet: sources.flatMap((source) =>
      destinations
        .filter(({ network, address }) => network === source.network && isSixth(address) === isSixth(source.address))
        .map((destination) => ({ source, destination })),
    ),
  };
}

const isSixth = (address: Address): boolean => address.includes(":");

/** Names of the firewall's aliases: at most 31 characters of `[A-Za-z0-9_]`, which the length of a site's name allows. */
export function firewallAliases(site: Pick<Site, "name">): { readonly sources: string; readonly destinations: string } {
  const prefix = site.name.replaceAll("-", "_");
  return { sources: `${prefix}_pbs_from`, destinations: `${prefix}_pbs_to` };
}

/** The network that an address lies in. */
export function networkOf(
  networks: SiteDraft["networks"],
  address: Address,
): { readonly network: string; readonly firewallInterface: string } | undefined {
  for (const network in networks) {
    const { cidr, cidr6, firewallInterface = network } = networks[network] ?? {};
    if ((cidr && contains(cidr, address)) || (cidr6 && contains(cidr6, address))) return { network, firewallInterface };
  }
  return undefined;
}
