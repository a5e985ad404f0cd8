import ipaddr from "ipaddr.js";
import { type Address, parseAddress } from "./address";
import type { Branded } from "./brand";
import { type Parsed, type Problem, throwing } from "./parsed";

/** An IPv4 or IPv6 network, `192.168.100.0/24`: the address is the network's own, so one network has one text. */
export type Cidr = Branded<string, "Cidr">;

/** Reads a network; an address inside it instead of its own (`192.168.100.1/24`) is a problem with the repair. */
export function parseCidr(text: string): Parsed<Cidr> {
  const at = text.indexOf("/");
  const base = parseAddress(at < 0 ? text : text.slice(0, at));
  if ("problem" in base) return { problem: noNetwork(text) };
  const bits = ipaddr.parse(base.value).kind() === "ipv6" ? 128 : 32;
  const prefix = text.slice(at + 1);
  if (at < 0 || !/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > bits) return { problem: noNetwork(text) };
  const network = networkAddress(base.value, Number(prefix));
  const canonical = `${network}/${prefix}`;
  if (network === base.value) return { value: canonical as Cidr };
  return {
    problem: {
      what: `"${text}" is an address inside the network ${canonical}, not the network`,
      repair: `write "${canonical}"`,
    },
  };
}

/** Reads a network or throws a `UserError`. */
export const cidr = throwing(parseCidr, "network");

/** Whether the address lies in the network; never across IPv4 and IPv6. */
export function contains(network: Cidr, address: Address): boolean {
  const ip = parsedAddress(address);
  const base = parsedAddress(baseOf(network));
  return ip.kind() === base.kind() && ip.match(base, Number(network.slice(network.indexOf("/") + 1)));
}

/** Whether two networks share an address; one of the two then contains the other. */
export function overlaps(one: Cidr, other: Cidr): boolean {
  return contains(one, baseOf(other)) || contains(other, baseOf(one));
}

const addresses = new Map<Address, ipaddr.IPv4 | ipaddr.IPv6>();

/** The library's form of an address; kept, since each address of a site is compared with every network. */
function parsedAddress(address: Address): ipaddr.IPv4 | ipaddr.IPv6 {
  let known = addresses.get(address);
  if (known === undefined) {
    known = address.includes(":") ? ipaddr.IPv6.parse(address) : ipaddr.IPv4.parse(address);
    if (addresses.size >= 10_000) addresses.clear();
    addresses.set(address, known);
  }
  return known;
}

function baseOf(network: Cidr): Address {
  return network.slice(0, network.indexOf("/")) as Address;
}

function networkAddress(base: Address, prefix: number): Address {
  const ip = ipaddr.parse(base);
  const bytes = ip.toByteArray().map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - index * 8))));
  const masked = ipaddr.fromByteArray(bytes);
  return ("toRFC5952String" in masked ? masked.toRFC5952String() : masked.toString()) as Address;
}

function noNetwork(text: string): Problem {
  return {
    what: `"${text}" is no network`,
    repair: 'write address and prefix length, like "192.168.100.0/24"',
  };
}
