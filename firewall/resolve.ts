import { type AddressRange, parseRange, parseRanges } from "./address-range";
import { type PortRange, parsePort } from "./port-range";
import type { FirewallAlias, FirewallInterface, FirewallState } from "./state";

/** What an address of a rule stands for. */
export interface Addresses {
  readonly inverted: boolean;
  readonly any: boolean;
  readonly ranges: readonly AddressRange[];
  /** Host names and keywords whose addresses only the firewall knows. */
  readonly unknown: readonly string[];
}

export interface Ports {
  readonly ranges: readonly PortRange[];
  /** Service names that we do not know. */
  readonly unknown: readonly string[];
}

/** Why pfSense leaves a rule out of its filter although it is in the list. */
export type Skip = { readonly skip: string };

/** Groups that pfSense makes by itself; a rule may stand on them. */
export const SYSTEM_GROUPS: readonly string[] = ["enc0", "openvpn"];

/**
 * What source or destination of a rule stands for.
 * @param side for the message
 */
export function resolveAddress(state: FirewallState, text: string, side: "source" | "destination"): Addresses | Skip {
  const inverted = text.startsWith("!");
  const name = inverted ? text.slice(1) : text;
  const found = lookUp(state, name);
  if (found === undefined) return { skip: `its ${side} alias "${name}" does not exist` };
  if ("skip" in found) return { skip: `its ${side} ${found.skip}` };
  return { inverted, any: false, unknown: [], ...found };
}

type Found =
  | Skip
  | { readonly any: true; readonly ranges: readonly [] }
  | Pick<Addresses, "ranges">
  | Pick<Addresses, "ranges" | "unknown">;

function lookUp(state: FirewallState, name: string): Found | undefined {
  if (name === "any") return { any: true, ranges: [] };
  const literal = parseRange(name);
  if (literal !== undefined) return { ranges: [literal] };
  if (name === "(self)") {
    const dynamic = enabled(state).some((one) => one.dynamic);
    return { ranges: parseRanges(enabled(state).flatMap(({ addresses }) => addresses)), unknown: dynamic ? [name] : [] };
  }
  if (name === "l2tp" || name === "pppoe") return { ranges: [], unknown: [name] };
  const alias = state.aliases.find((one) => one.name === name);
  if (alias !== undefined) return expandAddresses(state, alias, new Set());
  return interfaceAddresses(state, name);
}

function interfaceAddresses(state: FirewallState, name: string): Found | undefined {
  const own = name.endsWith(":ip");
  const base = own ? name.slice(0, -3) : name;
  const group = own ? undefined : state.groups?.find((one) => one.name === base);
  const known = group !== undefined || state.interfaces.some((one) => one.name === base);
  if (!known) return undefined;
  const members = enabled(state).filter((one) => (group?.members ?? [base]).includes(one.name));
  const ranges = parseRanges(members.flatMap((one) => (own ? one.addresses : one.networks)));
  if (members.some(({ dynamic }) => dynamic)) return { ranges, unknown: [name] };
  return ranges.length === 0 ? { skip: `interface "${base}" has no address` } : { ranges };
}

const enabled = (state: FirewallState): readonly FirewallInterface[] => state.interfaces.filter((one) => one.enabled);

/** An entry that is neither address nor alias is a host name; one without a dot is the name of an alias that is gone. */
function expandAddresses(state: FirewallState, alias: FirewallAlias, seen: Set<string>): Pick<Addresses, "ranges" | "unknown"> {
  seen.add(alias.name);
  if (alias.type === "url") return { ranges: [], unknown: [alias.name] };
  const ranges: AddressRange[] = [];
  const unknown: string[] = [];
  for (const entry of alias.entries) {
    const range = parseRange(entry);
    const nested = state.aliases.find((one) => one.name === entry);
    if (range !== undefined) ranges.push(range);
    else if (nested !== undefined) {
      if (seen.has(nested.name)) continue;
      const inner = expandAddresses(state, nested, seen);
      ranges.push(...inner.ranges);
      unknown.push(...inner.unknown);
    } else if (entry.includes(".")) unknown.push(entry);
  }
  return { ranges, unknown };
}

/** What a port of a rule stands for; pfSense skips a rule whose port alias is gone, empty or not only ports. */
export function resolvePort(state: FirewallState, text: string, side: "source" | "destination"): Ports | Skip {
  const literal = parsePort(text);
  if (literal !== undefined) return { ranges: [literal], unknown: [] };
  const alias = state.aliases.find((one) => one.name === text);
  // Aliases hold no hyphen, service names may; and what is neither known here nor an alias may be a service of the firewall.
  if (alias === undefined) {
    return /^[a-z0-9-]+$/.test(text)
      ? { ranges: [], unknown: [text] }
      : { skip: `its ${side} port alias "${text}" does not exist` };
  }
  if (alias.type === "url") return { ranges: [], unknown: [text] };
  const ranges = expandPorts(state, alias, new Set());
  return ranges === undefined || ranges.length === 0
    ? { skip: `its ${side} port alias "${text}" holds no port` }
    : { ranges, unknown: [] };
}

function expandPorts(state: FirewallState, alias: FirewallAlias, seen: Set<string>): PortRange[] | undefined {
  seen.add(alias.name);
  const ranges: PortRange[] = [];
  for (const entry of alias.entries) {
    const range = parsePort(entry);
    const nested = state.aliases.find((one) => one.name === entry);
    if (range === undefined && nested === undefined) return undefined;
    if (range !== undefined) ranges.push(range);
    if (range !== undefined || nested === undefined || seen.has(nested.name)) continue;
    const inner = expandPorts(state, nested, seen);
    if (inner === undefined) return undefined;
    ranges.push(...inner);
  }
  return ranges;
}
