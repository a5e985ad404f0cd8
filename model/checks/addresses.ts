import type { SiteDraft } from "../define/draft";
import { member } from "../define/reader";
import { quotedList } from "../did-you-mean";
import type { Fault } from "../faults";
import { type Address, type Cidr, contains, overlaps } from "../values";

/** Every machine has an address of its own inside a network of the site; networks do not overlap. */
export function* checkAddresses(site: SiteDraft): Generator<Fault> {
  yield* checkNetworks(site);
  yield* checkMachines(site);
  yield* checkMachineNames(site);
}

function* checkNetworks(site: SiteDraft): Generator<Fault> {
  const seen: { readonly where: string; readonly cidr: Cidr }[] = [];
  for (const [name, network] of Object.entries(site.networks)) {
    const where = member("networks", name);
    const own = [network.cidr, network.cidr6].filter((cidr) => cidr !== undefined);
    for (const cidr of own) {
      const other = seen.find((earlier) => overlaps(earlier.cidr, cidr));
      if (other) {
        yield {
          what: `the network ${cidr} overlaps ${other.cidr} of ${other.where}`,
          where,
          why: "an address could belong to either",
          repair: "give each network a range of its own",
        };
      }
      seen.push({ where, cidr });
    }
    const { gateway } = network;
    if (gateway !== undefined && network.cidr !== undefined && !own.some((cidr) => contains(cidr, gateway))) {
      yield {
        what: `the gateway ${gateway} is outside ${own.join(" and ")}`,
        where: `${where}.gateway`,
        repair: "correct the gateway or the network",
      };
    }
  }
  const interfaces = new Map<string, string>();
  for (const [name, { firewallInterface }] of Object.entries(site.networks)) {
    if (firewallInterface === undefined || site.firewall === undefined) continue;
    const earlier = interfaces.get(firewallInterface);
    if (earlier !== undefined) {
      yield {
        what: `the firewall's interface "${firewallInterface}" is that of the network "${earlier}" already`,
        where: `${member("networks", name)}.firewallInterface`,
        repair: "name the interface that this network is connected to",
      };
    }
    interfaces.set(firewallInterface, name);
  }
}

/** All machines with an address, in the order of the file. */
function machines(site: SiteDraft): readonly { readonly where: string; readonly address: Address }[] {
  const groups = { hypervisors: site.hypervisors, backupServers: site.backupServers, hosts: site.hosts, guests: site.guests };
  const named = Object.entries(groups).flatMap(([noun, group]) =>
    Object.entries(group).map(([name, { address }]) => ({ where: `${member(noun, name)}.address`, address })),
  );
  const sixth = Object.entries(site.backupServers).map(([name, { address6 }]) => ({
    where: `${member("backupServers", name)}.address6`,
    address: address6,
  }));
  const all = [...named, ...sixth, { where: "firewall.address", address: site.firewall?.address }];
  return all.flatMap(({ where, address }) => (address === undefined ? [] : [{ where, address }]));
}

function* checkMachines(site: SiteDraft): Generator<Fault> {
  const seen = new Map<string, string>();
  const networks = Object.values(site.networks);
  const cidrs = networks.flatMap(({ cidr, cidr6 }) => [cidr, cidr6]).filter((cidr) => cidr !== undefined);
  // With a network that could not be read, an address outside the others proves nothing.
  const readable = networks.length > 0 && networks.every(({ cidr }) => cidr !== undefined);
  const gateways = new Map(
    Object.entries(site.networks).map(([name, { gateway }]) => [gateway, `${member("networks", name)}.gateway`]),
  );
  const offSite = Object.entries(site.backupServers).flatMap(([name, { location }]) =>
    location === "off-site" ? [`${member("backupServers", name)}.`] : [],
  );
  for (const { where, address } of machines(site)) {
    const earlier = seen.get(address) ?? (where === "firewall.address" ? undefined : gateways.get(address));
    if (earlier !== undefined) {
      yield { what: `${address} is the address of ${earlier} already`, where, repair: "give each machine an address of its own" };
    }
    seen.set(address, where);
    const home = cidrs.find((cidr) => contains(cidr, address));
    if (home === undefined && readable && !offSite.some((path) => where.startsWith(path))) {
      yield {
        what: `${address} is in no network of the site`,
        where,
        repair: `correct the address (the networks are ${quotedList(cidrs)}), or describe its network under \`networks\``,
      };
    } else if (home !== undefined && isReserved(home, address)) {
      yield {
        what: `${address} is the network's own or its broadcast address`,
        where,
        repair: `choose another address in ${home}`,
      };
    }
  }
}

/** First and last address of an IPv4 network of more than two addresses. */
function isReserved(network: Cidr, address: Address): boolean {
  const [base, bits] = network.split("/");
  const prefix = Number(bits);
  if (network.includes(":") || prefix > 30) return false;
  const number = (text: string) => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const offset = number(address) - number(base ?? "");
  return offset === 0 || offset === 2 ** (32 - prefix) - 1;
}

/** Names become lines of `/etc/hosts`, so one name is one machine. */
function* checkMachineNames(site: SiteDraft): Generator<Fault> {
  const seen = new Map<string, string>();
  const groups = { hypervisors: site.hypervisors, backupServers: site.backupServers, hosts: site.hosts };
  for (const [noun, group] of Object.entries(groups)) {
    for (const name of Object.keys(group)) {
      const where = member(noun, name);
      const earlier = seen.get(name.toLowerCase());
      if (earlier !== undefined)
        yield { what: `"${name}" is the name of ${earlier} already`, where, repair: "rename one of the two machines" };
      seen.set(name.toLowerCase(), where);
    }
  }
}
