import { addressOf, familyOf, numberOf, parseRange } from "./address-range";

/** The first address of a network that nobody has, at or behind an offset; undefined where it is full. @param network CIDR notation */
export function unusedAddress(network: string, used: readonly string[], offset = 1n): string | undefined {
  const range = parseRange(network);
  if (range === undefined) return undefined;
  const taken = used.filter((address) => familyOf(address) === range.family).map(numberOf);
  for (let number = range.first + offset; number < range.last; number++) {
    if (!taken.includes(number)) return addressOf(range.family, number);
  }
  return undefined;
}
