import { type Opening, openingRules } from "../../firewall/openings";
import { INTERNET, strangerOf } from "../../firewall/outsiders";
import { type GridResult, type GridSource, reachability, skippedRules } from "../../firewall/reachability";
import type { FirewallState } from "../../firewall/state";
import { unusedAddress } from "../../firewall/unused-address";
import { firewallFlow, firewallRules, type Site } from "../../model";
import { APPLY, bad, type Check, good, judgeAll, type Question, type Verification, warn } from "../check";

/**
 * Who reaches the backup servers' port by the whole rule list, read back and evaluated (ECO-09). A plan compares our rules one
 * by one; that another rule stands above them, or that an alias is gone, only an evaluation sees.
 */
export function firewall({ site, live }: Verification): Check[] {
  if (site.firewall === undefined) return [];
  const asked: Question = {
    id: "firewall.reach",
    subject: "firewall",
    expected: "only hypervisors and administrators reach the backup servers",
  };
  return [...judgeAll(asked, live.firewall, (state) => judgeRules(site, state))];
}

function judgeRules(site: Site, state: FirewallState): Check[] {
  const { destinations, port } = firewallFlow(site);
  const flow = { destinations: [...destinations.map(({ address }) => address), ...sixthDestinations(site, state)], port };
  const grid = gridOf(site, state);
  const ours = new Set(firewallRules(site).map(({ description }) => description));
  return [
    ...reachability(state, flow, grid).map((result) => judgeReach(site, port, result)),
    ...openingRules(state, flow, grid, (rule) => ours.has(rule.description)).map((opening) => judgeOpening(port, opening)),
    ...skippedRules(state)
      .filter(({ description }) => ours.has(description))
      .map(({ index, description, why }) =>
        bad(
          { id: "firewall.skipped", subject: `firewall rule ${index} "${description}"`, expected: "in the filter" },
          `left out: ${why}`,
          APPLY,
        ),
      ),
  ];
}

/** Without `address6` of a backup server the block rule's alias holds its IPv4 address only. */
const OPEN_IN_IPV6 =
  "the firewall routes IPv6 into the backup server's network: give the server's IPv6 address as `address6` in the site file, switch IPv6 off there, or filter on the backup server itself";

function judgeOpening(port: number, { index, description, foreign, witness, destination }: Opening): Check {
  const subject = `firewall rule ${index} "${description}"`;
  const asked: Question = { id: "firewall.opening", subject, expected: `opens port ${port} of ${destination} to nobody else` };
  const repair = destination.includes(":")
    ? OPEN_IN_IPV6
    : foreign
      ? `remove rule ${index} "${description}" on the firewall, or move it below the block rule`
      : `${APPLY}; it puts the rule and its aliases back`;
  return bad(asked, `lets ${witness.name ?? witness.address} through on ${witness.ingress}`, repair);
}

/** Hypervisors, administrators, every guest, a stranger in each network and the internet. */
function gridOf(site: Site, state: FirewallState): GridSource[] {
  const known = [
    ...Object.values(site.hypervisors),
    ...Object.values(site.hosts),
    ...Object.values(site.backupServers),
    ...Object.values(site.guests),
  ].flatMap(({ address }) => (address === undefined ? [] : [address]));
  const flow = firewallFlow(site);
  const guests = Object.entries(site.guests).flatMap(([name, { address }]) =>
    address === undefined ? [] : [{ name: `guest ${name}`, addresses: [address], mayReach: false }],
  );
  const strangers = state.interfaces
    .filter(
      ({ enabled, name }) => enabled && Object.values(site.networks).some(({ firewallInterface }) => firewallInterface === name),
    )
    .flatMap((one) => strangerOf(one, known) ?? []);
  return [
    ...flow.sources.map(({ name, address }) => ({ name, addresses: [address], mayReach: true })),
    ...guests,
    ...strangers,
    INTERNET,
  ];
}

/**
 * A backup server listens on IPv6 as well. Where the firewall routes IPv6 into its network and the site file does not name its
 * address there, any address stands for it: a rule that lets one through lets the server's through too.
 */
function sixthDestinations(site: Site, state: FirewallState): string[] {
  const { destinations } = firewallFlow(site);
  const named = new Set(destinations.flatMap(({ name, address }) => (address.includes(":") ? [name] : [])));
  const interfaces = new Set(destinations.flatMap(({ name, firewallInterface }) => (named.has(name) ? [] : [firewallInterface])));
  return state.interfaces
    .filter(({ name, enabled }) => enabled && interfaces.has(name))
    .flatMap(({ networks, addresses }) =>
      networks.filter((network) => network.includes(":")).flatMap((network) => unusedAddress(network, addresses, 220n) ?? []),
    );
}

function judgeReach(site: Site, port: number, result: GridResult): Check {
  const { source, address, destination, mayReach, asWanted, sameSubnet, summary } = result;
  const asked: Question = {
    id: "firewall.reach",
    subject: `${source} (${address})`,
    expected: `${mayReach ? "reaches" : "does not reach"} ${destination}:${port}`,
  };
  if (!asWanted)
    return bad(
      asked,
      summary,
      result.family === "inet6" ? OPEN_IN_IPV6 : `${APPLY}; if it stays, look for a rule of somebody else above ours`,
    );
  const accepted =
    site.acknowledgements.some(({ rule }) => rule === "NET-001") ||
    Object.values(site.backupServers).every(({ hostFirewall }) => hostFirewall);
  if (sameSubnet && !mayReach && !accepted) {
    return warn(
      asked,
      summary,
      "filter on the backup server itself and declare `hostFirewall: true`, or move it to a network of its own",
    );
  }
  return good(asked, summary);
}
