import { PLAIN_RULE } from "../../firewall/plain-rule";
import type { FirewallAlias, FirewallInterface, FirewallRule, FirewallState } from "../../firewall/state";
import { firewallAliases, type Site } from "../../model";
import { firewallRulesOf, flowOf } from "./site-facts";

/** The firewall as the site's stack makes it: its aliases and rules, on the interfaces of the site's networks. */
export function firewallStateOf(site: Site): FirewallState {
  const flow = flowOf(site);
  const names = firewallAliases(site);
  const isMixed = [...flow.sources, ...flow.destinations].some(({ address }) => address.includes(":"));
  const host = (name: string, ends: readonly { readonly address: string }[]): FirewallAlias => ({
    name,
    type: "host",
    entries: ends.map(({ address }) => address),
  });
  return {
    rules: firewallRulesOf(site).map(({ action, interface: name, description }): FirewallRule => {
      const passes = action === "pass";
      return {
        ...PLAIN_RULE,
        type: action,
        interfaces: [name],
        family: passes && !isMixed ? "inet" : "inet46",
        protocol: "tcp",
        source: passes ? names.sources : "any",
        destination: names.destinations,
        destinationPort: String(flow.port),
        description,
      };
    }),
    aliases: [host(names.sources, flow.sources), host(names.destinations, flow.destinations)],
    interfaces: interfacesOf(site),
  };
}

/** Networks may share an interface: it then holds all of them. */
export function interfacesOf(site: Pick<Site, "networks">): FirewallInterface[] {
  const networks = Object.values(site.networks);
  return [...new Set(networks.map(({ firewallInterface }) => firewallInterface))].map((name) => {
    const here = networks.filter(({ firewallInterface }) => firewallInterface === name);
    return {
      name,
      enabled: true,
      addresses: here.map(({ gateway }) => gateway),
      networks: here.flatMap(({ cidr, cidr6 }) => (cidr6 === undefined ? [cidr] : [cidr, cidr6])),
    };
  });
}
