import { isIPv4 } from "node:net";
import ipaddr from "ipaddr.js";
import type { Family } from "./state";

/** The addresses from `first` to `last`, both included, of one family. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/** An evaluation asks for the same few addresses again and again. */
const ranges = new Map<string, AddressRange | "none">();
const MOST_RANGES = 10_000;

/** Reads an address or a network in CIDR notation; undefined where the text is neither. */
export function parseRange(text: string): AddressRange | undefined {
  let range = ranges.get(text);
  if (range === undefined) {
    range = readRange(text) ?? "none";
    if (ranges.size >= MOST_RANGES) ranges.clear();
    ranges.set(text, range);
  }
  return range === "none" ? undefined : range;
}

function readRange(text: string): AddressRange | undefined {
  const [address = "", length, ...rest] = text.split("/");
  if (rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const family = isIPv4(address) ? "inet" : address.includes(":") && ipaddr.IPv6.isValid(address) ? "inet6" : undefined;
  if (family === undefined) return undefined;
  const bits = family === "inet" ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) return undefined;
  const hostBits = BigInt(bits - prefix);
  const number = family === "inet" ? numberOf4(address) : numberOf6(address);
  const first = (number >> hostBits) << hostBits;
  return { family, first, last: first + (1n << hostBits) - 1n };
}

/** @param address four bytes with dots between them, without a doubt */
function numberOf4(address: string): bigint {
  let number = 0;
  let byte = 0;
  for (let index = 0; index < address.length; index++) {
    const code = address.charCodeAt(index);
    if (code === DOT) {
      number = number * 256 + byte;
      byte = 0;
    } else byte = byte * 10 + code - ZERO;
  }
  return BigInt(number * 256 + byte);
}

const DOT = ".".charCodeAt(0);
const ZERO = "0".charCodeAt(0);

const numberOf6 = (address: string): bigint =>
  ipaddr.IPv6.parse(address).parts.reduce((sum, part) => (sum << 16n) | BigInt(part), 0n);

/** What of the texts is an address or a network. */
export const parseRanges = (texts: readonly string[]): AddressRange[] =>
  texts.map(parseRange).filter((range) => range !== undefined);

/** The family of an address; undefined where the text is none. */
export function familyOf(address: string): Family | undefined {
  return address.includes("/") ? undefined : parseRange(address)?.family;
}

/** @throws Error where the text is no address: a caller's mistake, not a user's */
export function numberOf(address: string): bigint {
  const range = address.includes("/") ? undefined : parseRange(address);
  if (range === undefined) throw new Error(`no address: ${address}`);
  return range.first;
}

/** The address with this number, in its short form. */
export function addressOf(family: Family, number: bigint): string {
  if (family === "inet") return [24n, 16n, 8n, 0n].map((bits) => (number >> bits) & 255n).join(".");
  const bytes = Array.from({ length: 16 }, (_, index) => Number((number >> BigInt(8 * index)) & 255n));
  return ipaddr.fromByteArray(bytes.reverse()).toString();
}

export const holds = (ranges: readonly AddressRange[], family: Family, number: bigint): boolean =>
  ranges.some((range) => range.family === family && range.first <= number && number <= range.last);

/** Whether one of the networks, in CIDR notation, holds the address. */
export function networksHold(networks: readonly string[], address: string): boolean {
  const family = familyOf(address);
  if (family === undefined) return false;
  return holds(parseRanges(networks), family, numberOf(address));
}
