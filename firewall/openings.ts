import { addressOf, familyOf, holds, numberOf } from "./address-range";
import { type CompiledState, compile } from "./compile";
import { decideByNumber } from "./decide";
import { INTERNET } from "./outsiders";
import { areSwitched, type Flow, type GridSource } from "./reachability";
import type { Family, FirewallRule, FirewallState } from "./state";

/** A rule that lets somebody through who must not reach the service, with a witness. */
export interface Opening {
  readonly index: number;
  readonly description: string;
  /** Not one of the rules that we make. */
  readonly foreign: boolean;
  /** Somebody it opens to: a name of the grid where one fits, else an address. */
  readonly witness: { readonly name?: string; readonly address: string; readonly ingress: string };
  readonly destination: string;
  /** Witness and destination share a network: the rule changes nothing there, it would if they did not. */
  readonly sameSubnet: boolean;
}

/**
 * The rules by which anybody but the allowed sources reaches the service, one entry for each rule and destination. Complete:
 * every address at which some rule, alias or network begins or ends is tried, on every interface that it can come in by.
 * @param isOurs whether a rule is one of those that we make; by description
 */
export function openingRules(
  state: FirewallState,
  flow: Flow,
  grid: readonly GridSource[],
  isOurs: (rule: FirewallRule) => boolean,
): Opening[] {
  const rules = compile(state);
  const openings = new Map<string, Opening>();
  for (const destination of flow.destinations) {
    const family = familyOf(destination);
    if (family === undefined) continue;
    const target = numberOf(destination);
    const allowed = new Set(grid.filter(({ mayReach }) => mayReach).flatMap((source) => numbersIn(source, family)));
    for (const { number, name, ingress: own } of witnesses(rules, grid, family)) {
      if (number === target || allowed.has(number)) continue;
      for (const ingress of own === undefined ? entrances(rules, family, number) : [own]) {
        const { port, protocol = "tcp" } = flow;
        const packet = { family, source: number, destination: target, ingress, port, protocol };
        const { verdict, rule } = decideByNumber(rules, packet);
        const opener = rule === undefined ? undefined : state.rules[rule.index];
        if (verdict === "block" || rule === undefined || opener === undefined) continue;
        const key = `${rule.index} ${destination}`;
        if (openings.has(key)) continue;
        const address = addressOf(family, number);
        openings.set(key, {
          ...rule,
          foreign: !isOurs(opener),
          witness: { ...(name === undefined ? {} : { name }), address, ingress },
          destination,
          sameSubnet: areSwitched(state, address, destination),
        });
      }
    }
  }
  return [...openings.values()].sort((one, other) => one.index - other.index);
}

interface Witness {
  readonly name: string | undefined;
  readonly number: bigint;
  /** Undefined: wherever such an address can come from. */
  readonly ingress: string | undefined;
}

/** The addresses of one family. */
const numbersIn = ({ addresses }: GridSource, family: Family): bigint[] =>
  addresses.filter((address) => familyOf(address) === family).map(numberOf);

/** One address of every set that the rules can tell apart; those with a name first. */
function witnesses(rules: CompiledState, grid: readonly GridSource[], family: Family): Witness[] {
  const named = grid
    .filter(({ mayReach }) => !mayReach)
    .flatMap((source) => numbersIn(source, family).map((number) => ({ name: source.name, number, ingress: source.ingress })));
  const end = family === "inet" ? 1n << 32n : 1n << 128n;
  const ranges = [...rules.all.flatMap(({ source }) => source.ranges), ...rules.interfaces.flatMap(({ networks }) => networks)];
  const edges = ranges.filter((range) => range.family === family).flatMap(({ first, last }) => [first + 1n, first, last + 1n]);
  const numbers = [...new Set([...edges, 1n])].filter((number) => number < end);
  return [
    ...named,
    ...[...numbersIn(INTERNET, family), ...numbers].map((number) => ({ name: undefined, number, ingress: undefined })),
  ];
}

/** Spoofed packets are dropped before the rules, so a connected address comes in by its interface; another one by any. */
function entrances({ interfaces }: CompiledState, family: Family, number: bigint): string[] {
  if (interfaces.some(({ addresses }) => holds(addresses, family, number))) return [];
  const connected = interfaces.find(({ networks }) => holds(networks, family, number));
  return connected === undefined ? interfaces.map(({ name }) => name) : [connected.name];
}
