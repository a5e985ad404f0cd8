import { addressOf, familyOf, networksHold } from "./address-range";
import { compile } from "./compile";
import { decide } from "./decide";
import { areSwitched, type Flow, type GridSource, ingressOf } from "./reachability";
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

/** Public addresses of nobody in particular, so that a rule for the whole internet is seen. */
const INTERNET: Readonly<Record<Family, string>> = { inet: "8.8.8.8", inet6: "2620:fe::fe" };

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
  const allowed = new Set(grid.filter(({ mayReach }) => mayReach).flatMap(({ addresses }) => addresses));
  const openings = new Map<string, Opening>();
  for (const destination of flow.destinations) {
    const family = familyOf(destination);
    if (family === undefined) continue;
    for (const witness of witnesses(state, grid, family)) {
      if (allowed.has(witness.address) || witness.address === destination) continue;
      for (const ingress of witness.ingress === undefined ? entrances(state, witness.address) : [witness.ingress]) {
        const { port, protocol = "tcp" } = flow;
        const { verdict, rule } = decide(state, { source: witness.address, ingress, destination, port, protocol });
        const opener = rule === undefined ? undefined : state.rules[rule.index];
        if (verdict === "block" || rule === undefined || opener === undefined) continue;
        const key = `${rule.index} ${destination}`;
        if (openings.has(key)) continue;
        openings.set(key, {
          ...rule,
          foreign: !isOurs(opener),
          witness: { ...(witness.name === undefined ? {} : { name: witness.name }), address: witness.address, ingress },
          destination,
          sameSubnet: areSwitched(state, witness.address, destination),
        });
      }
    }
  }
  return [...openings.values()].sort((one, other) => one.index - other.index);
}

interface Witness {
  readonly name?: string;
  readonly address: string;
  /** Absent: wherever such an address can come from. */
  readonly ingress?: string;
}

/** One address of every set that the rules can tell apart; those with a name first. */
function witnesses(state: FirewallState, grid: readonly GridSource[], family: Family): Witness[] {
  const named = grid
    .filter(({ mayReach }) => !mayReach)
    .flatMap(({ name, addresses, ingress }) =>
      addresses
        .filter((address) => familyOf(address) === family)
        .map((address): Witness => ({ name, address, ...(ingress === undefined ? {} : { ingress }) })),
    );
  const end = family === "inet" ? 1n << 32n : 1n << 128n;
  const ranges = [...compile(state).all.flatMap(({ source }) => source.ranges), ...connected(state)];
  const edges = ranges.filter((range) => range.family === family).flatMap(({ first, last }) => [first + 1n, first, last + 1n]);
  const numbers = [...new Set([...edges, 1n])].filter((number) => number < end);
  return [...named, { address: INTERNET[family] }, ...numbers.map((number) => ({ address: addressOf(family, number) }))];
}

const connected = (state: FirewallState) => compile(state).interfaces.flatMap(({ networks }) => networks);

/** Spoofed packets are dropped before the rules, so a connected address comes in by its interface; another one by any. */
function entrances(state: FirewallState, address: string): string[] {
  const up = state.interfaces.filter(({ enabled }) => enabled);
  if (up.some(({ addresses }) => networksHold(addresses, address))) return [];
  const isConnected = up.some(({ networks }) => networksHold(networks, address));
  return isConnected ? [ingressOf(state, address)] : up.map(({ name }) => name);
}
