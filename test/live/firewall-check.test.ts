import type { FirewallState } from "../../firewall/state";
import { firewall } from "../../live/checks/firewall";
import { firewallAliases, firewallFlow, firewallRules, type Site } from "../../model";
import { rule } from "../firewall/lab-firewall";
import { siteWith } from "../model/base-site";
import { proveSite } from "./proven-site";

/** The base site where the firewall routes both families; the server's IPv6 address stands in the file, or not. */
const siteOfBothFamilies = (address6?: string): Site =>
  siteWith((input) => {
    input.networks.lan.cidr6 = "2001:db8:1::/64";
    input.networks.vault.cidr6 = "2001:db8:2::/64";
    if (address6 !== undefined) input.backupServers.pbs.address6 = address6;
  });

/** What Bastide makes of the site on a firewall that passes everything else from the LAN. */
function stateOf(site: Site): FirewallState {
  const { sources, destinations, port } = firewallFlow(site);
  const names = firewallAliases(site);
  const ours = firewallRules(site).map(({ action, interface: name, description }) =>
    rule({
      type: action,
      interfaces: [name],
      protocol: "tcp",
      source: action === "pass" ? names.sources : "any",
      destination: names.destinations,
      destinationPort: String(port),
      description,
    }),
  );
  return {
    rules: [...ours, rule({ description: "Default allow LAN to any rule" })],
    aliases: [
      { name: names.sources, type: "host", entries: sources.map(({ address }) => address) },
      { name: names.destinations, type: "host", entries: destinations.map(({ address }) => address) },
    ],
    interfaces: [
      { name: "wan", enabled: true, addresses: [], networks: [] },
      { name: "lan", enabled: true, addresses: [], networks: ["10.1.0.254/24", "2001:db8:1::1/64"] },
      { name: "vault", enabled: true, addresses: [], networks: ["10.2.0.254/24", "2001:db8:2::1/64"] },
    ],
  };
}

function faultsOf(site: Site) {
  const { verification } = proveSite();
  const live = { ...verification.live, firewall: { ok: true, value: stateOf(site) } as const };
  return firewall({ ...verification, site, live }).filter(({ verdict }) => verdict === "fault");
}

test("a block of the server's IPv4 address alone leaves IPv6 open, and the repair says what to write", () => {
  const faults = faultsOf(siteOfBothFamilies());
  expect(faults).not.toEqual([]);
  for (const { subject, expected, repair } of faults) {
    expect(`${subject} ${expected}`).toContain("2001:db8:");
    expect(repair).toContain("`address6`");
  }
});

test("with its IPv6 address in the site file the block covers both families", () => {
  expect(faultsOf(siteOfBothFamilies("2001:db8:2::20"))).toEqual([]);
});
