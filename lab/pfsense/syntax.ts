import { isIPv4, isIPv6 } from "node:net";
import { IP_PROTOCOLS, SERVICES } from "./names";

/** Four decimal numbers without leading zeros, as `ip2long`. */
export const isAddress4 = (text: string): boolean => isIPv4(text);

export function isAddress6(text: string): boolean {
  const [address = "", zone] = text.split("%");
  return isIPv6(address) && (zone === undefined || /^fe[89ab]/i.test(address));
}

export function isSubnet(text: string): 4 | 6 | false {
  const parts = /^([0-9a-f:.]+)\/(\d{1,3})$/i.exec(text);
  const [address, length] = [parts?.[1] ?? "", Number(parts?.[2])];
  if (isIPv4(address) && length <= 32) return 4;
  return isIPv6(address) && length <= 128 ? 6 : false;
}

export const isFqdn = (text: string): boolean =>
  /^(?:(?!-)[-_a-z0-9]+(?<!-)\.)*(?!-)[a-z0-9-]+(?<!-)\.(?:xn--)?[a-z]+\.?$/i.test(text);

/** A number from 1 to 65535 or a well-known service name. */
export const isPort = (text: string): boolean =>
  (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65535) || SERVICES.has(text);

export function isPortRange(text: string): boolean {
  const ports = text.split(":");
  return ports.length === 2 && ports.every(isPort);
}

/** What pfSense allows as an alias name, apart from the words that its filter reserves. */
export const isAliasName = (name: string): boolean =>
  name.length < 32 &&
  !/(^_*$|^\d*$|[^a-z0-9_])/i.test(name) &&
  name !== "port" &&
  name !== "pass" &&
  !IP_PROTOCOLS.has(name) &&
  !SERVICES.has(name);
