import ipaddr from "ipaddr.js";
import type { Branded } from "./brand";
import { type Parsed, throwing } from "./parsed";

/** An IPv4 or IPv6 address, IPv6 in its shortest lower-case form (RFC 5952). */
export type Address = Branded<string, "Address">;

/** Reads an address; the short and octal forms of IPv4 that some tools accept (`10.1`, `010.0.0.1`) are refused. */
export function parseAddress(text: string): Parsed<Address> {
  if (ipaddr.IPv4.isValidFourPartDecimal(text) && !/(^|\.)0\d/.test(text)) return { value: text as Address };
  if (text.includes(":") && !text.includes("%") && ipaddr.IPv6.isValid(text)) {
    return { value: ipaddr.IPv6.parse(text).toRFC5952String() as Address };
  }
  return {
    problem: {
      what: `"${text}" is no IP address`,
      repair: text.includes("/")
        ? `write the address without the prefix length: "${text.split("/")[0]}"`
        : 'write it like "192.168.100.220"',
    },
  };
}

/** Reads an address or throws a `UserError`. */
export const address = throwing(parseAddress, "address");
