import { isIP, isIPv4 } from "node:net";
import { FormatFault, registerFormat } from "./formats";

export const NAME = "[A-Za-z][A-Za-z0-9\\-_]+";
const ALIAS = new RegExp(`^(dc/|guest/)?${NAME}$`);

/** Protocols that have ports. */
export const PORT_PROTOCOLS: ReadonlySet<string> = new Set([
  "udp",
  "17",
  "udplite",
  "136",
  "tcp",
  "6",
  "dccp",
  "33",
  "sctp",
  "132",
]);
const PROTOCOLS = new Set([
  ...PORT_PROTOCOLS,
  "icmp",
  "icmpv6",
  "ipv6-icmp",
  "igmp",
  "esp",
  "ah",
  "gre",
  "ospf",
  "vrrp",
  "ip",
  "ipip",
  "ipencap",
  "ipv6",
  "l2tp",
  "pim",
]);
const SERVICES = new Set([
  "domain",
  "ftp",
  "http",
  "https",
  "imap",
  "imaps",
  "ldap",
  "ldaps",
  "mysql",
  "nfs",
  "ntp",
  "openvpn",
  "pop3",
  "pop3s",
  "postgresql",
  "rsync",
  "smtp",
  "snmp",
  "ssh",
  "submission",
  "sunrpc",
  "syslog",
  "telnet",
  "tftp",
]);
const ICMP_TYPES = new Set([
  "any",
  "echo-reply",
  "echo-request",
  "destination-unreachable",
  "time-exceeded",
  "redirect",
  "router-advertisement",
  "router-solicitation",
  "neighbor-advertisement",
  "neighbor-solicitation",
]);

registerFormat("IPorCIDR", checkAddressOrNetwork);
registerFormat("IPorCIDRorAlias", (value) => {
  if (!ALIAS.test(value)) checkAddressOrNetwork(value);
});
registerFormat("pve-fw-addr-spec", (value) => {
  addressListFamily(value);
});
registerFormat("pve-fw-sport-spec", (value) => checkPorts(value, false));
registerFormat("pve-fw-dport-spec", (value) => checkPorts(value, true));
registerFormat("pve-fw-protocol-spec", (value) => {
  const isNumber = /^\d+$/.test(value) && Number(value) <= 255;
  if (value !== "" && !isNumber && !PROTOCOLS.has(value)) throw new FormatFault(`unknown protocol '${value}'`);
});
registerFormat("pve-fw-icmp-type-spec", (value) => {
  if (value !== "" && !ICMP_TYPES.has(value)) throw new FormatFault(`invalid icmp-type value '${value}'`);
});
registerFormat("pve-fw-conntrack-helper", (value) => {
  const known = ["amanda", "ftp", "irc", "netbios-ns", "pptp", "sane", "sip", "snmp", "tftp"];
  const unknown = value.split(",").find((helper) => helper !== "" && !known.includes(helper));
  if (unknown !== undefined) throw new FormatFault(`unknown helper ${unknown}`);
});

function checkAddressOrNetwork(value: string): void {
  const [, address = "", length] = /^([^/]+)(?:\/(\d+))?$/.exec(value) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(length ?? 0) > (family === 4 ? 32 : 128)) {
    throw new FormatFault("value does not look like a valid IP address or CIDR network");
  }
}

/**
 * The family of the addresses of a rule; undefined for a set or an alias.
 * @throws FormatFault
 */
export function addressListFamily(value: string): 4 | 6 | undefined {
  if (value === "" || /^\+\S+$/.test(value) || ALIAS.test(value)) return undefined;
  if (/^,|,,|,$/.test(value)) throw new FormatFault("extraneous commas in list");
  const elements = value.split(",");
  const families = elements.map((element) => {
    const ends = element.split("-").map((end) => /^([^/]+)(?:\/\d+)?$/.exec(end)?.[1] ?? "");
    if (ends.some((end) => isIP(end) === 0)) throw new FormatFault(`invalid IP address: ${element}`);
    return isIPv4(ends[0] ?? "") ? 4 : 6;
  });
  if (new Set(families).size > 1) throw new FormatFault(`detected mixed ipv4/ipv6 addresses in address list '${value}'`);
  if (elements.length > 1 && value.includes("-")) throw new FormatFault("you can't use a range in a list");
  return families[0];
}

/** @param isDestination type names of ICMP are allowed there. @throws FormatFault */
export function checkPorts(value: string, isDestination: boolean): void {
  if (value === "") return;
  if (/^,|,,|,$/.test(value)) throw new FormatFault("extraneous commas in list");
  let count = 0;
  for (const item of value.split(",")) {
    const [, first, last] = /^(\d+)(?::(\d+))?$/.exec(item) ?? [];
    if (first === undefined) {
      const isKnown = SERVICES.has(item) || (isDestination && ICMP_TYPES.has(item));
      if (!isKnown) throw new FormatFault(`invalid port '${item}'`);
      continue;
    }
    count += last === undefined ? 1 : 2;
    for (const port of [first, last]) if (Number(port ?? 0) > 65535) throw new FormatFault(`invalid port '${port}'`);
    if (last !== undefined && Number(first) > Number(last)) {
      throw new FormatFault(`backwards range '${first}:${last}' not allowed, did you mean '${last}:${first}'?`);
    }
  }
  if (count > 15) throw new FormatFault("too many entries in port list (> 15 numbers)");
}

/** A network without its host bits, and without the length of a single address. */
export function cleanNetwork(value: string): string {
  const [address = "", length] = value.split("/");
  if (length === undefined || !isIPv4(address)) return value.replace(/\/128$/, "");
  const bits = Number(length);
  if (bits === 32) return address;
  const number = address.split(".").reduce((all, part) => all * 256 + Number(part), 0);
  const clean = Math.floor(number / 2 ** (32 - bits)) * 2 ** (32 - bits);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(clean / 2 ** shift) % 256).join(".")}/${length}`;
}
