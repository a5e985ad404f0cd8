import { type AddressRange, familyOf, holds, networksHold, numberOf, parseRanges } from "./address-range";
import { compile } from "./compile";
import { type Decision, decide } from "./decide";
import type { Family, FirewallState } from "./state";

/** A service that somebody wants to reach: the backup server's port, on each of its addresses. */
export interface Flow {
  /** Of both families, where the service listens on both: a block of one family leaves the other open. */
  readonly destinations: readonly string[];
  readonly port: number;
  /** Default `tcp`. */
  readonly protocol?: "tcp" | "udp";
}

/** Somebody who tries, and whether he should come through. */
export interface GridSource {
  readonly name: string;
  readonly addresses: readonly string[];
  /** Interface that his packets come in on. Default: that of his network, else `wan`. */
  readonly ingress?: string;
  readonly mayReach: boolean;
}

export interface GridResult {
  readonly source: string;
  readonly address: string;
  readonly destination: string;
  readonly family: Family;
  readonly ingress: string;
  /** What the rules do with the packet where it passes the firewall. */
  readonly decision: Decision;
  readonly mayReach: boolean;
  /** Source and destination share a network, so the packet is switched and no rule of the firewall ever sees it. */
  readonly sameSubnet: boolean;
  /** The rules do what they should. */
  readonly asWanted: boolean;
  /** For a table: `pass by rule 0 "…"`, `not filtered: same subnet (routed: block by default)`. */
  readonly summary: string;
}

/** Who reaches the service, by the rules: every source against every destination of its family. */
export function reachability(state: FirewallState, flow: Flow, grid: readonly GridSource[]): GridResult[] {
  return grid.flatMap((source) =>
    source.addresses.flatMap((address) =>
      flow.destinations
        .filter((destination) => familyOf(destination) === familyOf(address))
        .map((destination) => oneResult(state, flow, source, address, destination)),
    ),
  );
}

function oneResult(state: FirewallState, flow: Flow, source: GridSource, address: string, destination: string): GridResult {
  const ingress = source.ingress ?? ingressOf(state, address);
  const { port, protocol = "tcp" } = flow;
  const decision = decide(state, { source: address, ingress, destination, port, protocol });
  const sameSubnet = areSwitched(state, address, destination);
  const routed = describe(decision);
  return {
    source: source.name,
    address,
    destination,
    family: address.includes(":") ? "inet6" : "inet",
    ingress,
    decision,
    mayReach: source.mayReach,
    sameSubnet,
    asWanted: (decision.verdict === "pass") === source.mayReach,
    summary: sameSubnet ? `not filtered: same subnet (routed: ${routed})` : routed,
  };
}

const describe = ({ verdict, rule }: Decision): string =>
  `${verdict} by ${rule === undefined ? "default" : `rule ${rule.index} "${rule.description}"`}`;

/** The interface whose network holds the address, else `wan`. */
export const ingressOf = (state: FirewallState, address: string): string =>
  state.interfaces.find(({ enabled, networks }) => enabled && networksHold(networks, address))?.name ?? "wan";

/** Whether two addresses lie in one directly connected network, so that their packets do not meet the firewall. */
export function areSwitched(state: FirewallState, one: string, other: string): boolean {
  const family = familyOf(one);
  if (family === undefined || familyOf(other) !== family) return false;
  const [first, second] = [numberOf(one), numberOf(other)];
  const holdsBoth = (range: AddressRange) => holds([range], family, first) && holds([range], family, second);
  return state.interfaces.some(({ networks }) => parseRanges(networks).some(holdsBoth));
}

export interface SkippedRule {
  readonly index: number;
  readonly description: string;
  readonly families: readonly Family[];
  readonly why: string;
}

/** Rules of the list that the filter does not hold: a block rule among them protects nobody, and says so nowhere. */
export const skippedRules = (state: FirewallState): SkippedRule[] =>
  compile(state).all.flatMap(({ index, rule, skipped }) => {
    const families = (Object.keys(skipped) as Family[]).filter((family) => rule.family === "inet46" || rule.family === family);
    const why = families[0] === undefined ? undefined : skipped[families[0]];
    return why === undefined ? [] : [{ index, description: rule.description, families, why }];
  });
