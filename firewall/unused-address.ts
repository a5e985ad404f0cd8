import { addressOf, familyOf, numberOf, parseRange } from "./address-range";

/** The first address of a network that nobody has, at or behind an offset; undefined where it is full. @param network CIDR notation */
export function unusedAddress(network: string, used: readonly string[], offset = 1n): string | undefined {
  const range = parseRange(network);
  if (range === undefined) return undefined;
  const { family, first, last } = range;
  for (let number = first + offset; number < last; number++) {
    if (!used.some((address) => familyOf(address) === family && numberOf(address) === number)) return addressOf(family, number);
  }
  return undefined;
}
