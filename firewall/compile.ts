import { type AddressRange, holds, parseRanges } from "./address-range";
import { portsHold } from "./port-range";
import { type Addresses, type Ports, resolveAddress, resolvePort, type Skip, SYSTEM_GROUPS } from "./resolve";
import type { Family, FirewallRule, FirewallState } from "./state";

/** A rule as pfSense's filter holds it: every name resolved, or left out with the reason. */
export interface CompiledRule {
  readonly index: number;
  readonly rule: FirewallRule;
  readonly category: "floating" | "group" | "interface";
  /** Why the filter does not hold the rule, by family; absent: it does. */
  readonly skipped: Readonly<Partial<Record<Family, string>>>;
  readonly source: Addresses;
  readonly destination: Addresses;
  readonly sourcePorts: Ports | undefined;
  readonly destinationPorts: Ports | undefined;
  /** Interfaces on which it stands, groups resolved; undefined: on all. */
  readonly interfaces: readonly string[] | undefined;
  /** Undefined: all. */
  readonly protocols: readonly string[] | undefined;
  /** Whether it takes the first packet of a TCP connection, which carries SYN alone. */
  readonly opensConnection: boolean;
}

export interface CompiledState {
  /** In the order of the filter: floating, groups in their order, interfaces. */
  readonly floating: readonly CompiledRule[];
  readonly bound: readonly CompiledRule[];
  readonly all: readonly CompiledRule[];
  /** The enabled interfaces. */
  readonly interfaces: readonly {
    readonly name: string;
    readonly addresses: readonly AddressRange[];
    readonly networks: readonly AddressRange[];
  }[];
}

const NOTHING: Addresses = { inverted: false, any: false, ranges: [], unknown: [] };
const FAMILIES: readonly Family[] = ["inet", "inet6"];
const WITH_PORTS: readonly (string | null)[] = ["tcp", "udp", "tcp/udp"];

const compiled = new WeakMap<FirewallState, CompiledState>();

/** Compiles the rules of a state, once for each state. */
export function compile(state: FirewallState): CompiledState {
  const known = compiled.get(state);
  if (known !== undefined) return known;
  const groups = groupsOf(state);
  const all = state.rules.map((rule, index) => compileRule(state, rule, index, groups));
  const rank = ({ rule, category }: CompiledRule) =>
    category === "group" ? groups.indexOf(rule.interfaces[0] ?? "") : groups.length;
  const bound = all.filter(({ category }) => category !== "floating");
  const result: CompiledState = {
    floating: all.filter(({ category }) => category === "floating"),
    // Sorting is stable, so inside a group and on an interface the order of the list stays.
    bound: [...bound].sort((one, other) => rank(one) - rank(other)),
    all,
    interfaces: state.interfaces
      .filter(({ enabled }) => enabled)
      .map(({ name, addresses, networks }) => ({ name, addresses: parseRanges(addresses), networks: parseRanges(networks) })),
  };
  compiled.set(state, result);
  return result;
}

const groupsOf = (state: FirewallState): string[] => [...(state.groups ?? []).map(({ name }) => name), ...SYSTEM_GROUPS];

function compileRule(state: FirewallState, rule: FirewallRule, index: number, groups: readonly string[]): CompiledRule {
  const hasPorts = WITH_PORTS.includes(rule.protocol);
  const port = (text: string | null, side: "source" | "destination") =>
    text === null || !hasPorts ? undefined : resolvePort(state, text, side);
  const interfaces = standsOn(state, rule);
  const source = resolveAddress(state, rule.source, "source");
  const destination = resolveAddress(state, rule.destination, "destination");
  const sourcePorts = port(rule.sourcePort, "source");
  const destinationPorts = port(rule.destinationPort, "destination");
  const parts = [interfaces, source, destination, sourcePorts, destinationPorts];
  const inactive = rule.disabled ? "it is disabled" : rule.type === "match" ? "it only marks packets" : undefined;
  const reason = inactive ?? parts.map(skipOf).find((why) => why !== undefined);
  const skipped: Partial<Record<Family, string>> = {};
  for (const family of FAMILIES) {
    const why = reason ?? noAddress(rule.source, source, family) ?? noAddress(rule.destination, destination, family);
    if (why !== undefined) skipped[family] = why;
  }
  const onGroup = groups.includes(rule.interfaces[0] ?? "");
  return {
    index,
    rule,
    category: rule.floating ? "floating" : onGroup ? "group" : "interface",
    skipped,
    interfaces: kept(interfaces)?.names,
    source: kept(source) ?? NOTHING,
    destination: kept(destination) ?? NOTHING,
    sourcePorts: kept(sourcePorts),
    destinationPorts: kept(destinationPorts),
    protocols: rule.protocol?.split("/"),
    opensConnection: opensConnection(rule),
  };
}

function opensConnection({ protocol, tcpFlags }: FirewallRule): boolean {
  if (protocol !== "tcp" || tcpFlags.any) return true;
  return tcpFlags.outOf.every((flag) => tcpFlags.set.includes(flag) === (flag === "syn"));
}

const skipOf = (part: object | undefined): string | undefined =>
  part !== undefined && "skip" in part ? String(part.skip) : undefined;

const kept = <Part extends object>(part: Part | Skip | undefined): Part | undefined =>
  part === undefined || "skip" in part ? undefined : part;

/** `lan:ip` has one address in each family; where it has none, the filter has no rule for that family. */
function noAddress(text: string, addresses: Addresses | Skip, family: Family): string | undefined {
  if (!text.endsWith(":ip") || "skip" in addresses || addresses.unknown.length > 0) return undefined;
  return addresses.ranges.some((range) => range.family === family) ? undefined : `${text} has no ${family} address`;
}

/** @returns names of interfaces; `names` undefined is all of them */
function standsOn(state: FirewallState, rule: FirewallRule): { readonly names: readonly string[] | undefined } | Skip {
  if (rule.floating && (rule.interfaces.length === 0 || rule.interfaces.includes("any"))) return { names: undefined };
  if (!rule.floating && rule.interfaces.length > 1) return { skip: "only a floating rule may stand on several interfaces" };
  const names = rule.interfaces.flatMap((name) => {
    const group = state.groups?.find((one) => one.name === name);
    if (group !== undefined) return group.members;
    const isUp = SYSTEM_GROUPS.includes(name) || state.interfaces.some((one) => one.name === name && one.enabled);
    return isUp ? [name] : [];
  });
  if (names.length > 0) return { names };
  return { skip: `no enabled interface "${rule.interfaces.join(", ")}"` };
}

/** Whether an address is meant; `maybe` where only the firewall knows. */
export function addressesHold(addresses: Addresses, family: Family, number: bigint): "yes" | "maybe" | "no" {
  if (addresses.any || holds(addresses.ranges, family, number)) return addresses.inverted ? "no" : "yes";
  if (addresses.unknown.length > 0) return "maybe";
  return addresses.inverted ? "yes" : "no";
}

/** Whether a port is meant; without a known port of the packet its sender takes the one that suits him. */
export function portsMeant(ports: Ports | undefined, port: number | undefined): "yes" | "maybe" | "no" {
  if (ports === undefined) return "yes";
  if (port === undefined) return "maybe";
  if (portsHold(ports.ranges, port)) return "yes";
  return ports.unknown.length > 0 ? "maybe" : "no";
}
