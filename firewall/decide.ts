import { familyOf, holds, numberOf } from "./address-range";
import { addressesHold, type CompiledRule, type CompiledState, compile, portsMeant } from "./compile";
import type { Family, FirewallState } from "./state";

/** The first packet of a connection, as it comes in on an interface. */
export interface Packet {
  readonly source: string;
  /** Interface that it comes in on, as the rules name it. */
  readonly ingress: string;
  readonly destination: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  /** Absent: the sender may choose it, and so chooses one that is let through. */
  readonly sourcePort?: number;
}

/** What becomes of a packet, and why. */
export interface Decision {
  readonly verdict: "pass" | "block";
  /** `default`: no rule matched, so pfSense blocks. */
  readonly category: "floating" | "group" | "interface" | "default";
  /** The rule that decided; absent with `default`. */
  readonly rule?: { readonly index: number; readonly description: string };
  /**
   * What only the firewall knows and the decision depends on (a host name, a schedule). It is taken in favour of the sender:
   * a pass rule counts, a block rule does not.
   */
  readonly assumptions: readonly string[];
}

/**
 * What pfSense's rules do with a packet: floating rules first (the first `quick` one or else the last one that matches),
 * then rules on groups, then on the interface, the first match of each; without a match it is blocked. A packet that is let
 * in still meets the floating rules of the interface that it leaves by. Built-in rules (anti-lockout, bogons) are left out.
 * @throws Error where source or destination is no address
 */
export function decide(state: FirewallState, packet: Packet): Decision {
  const rules = compile(state);
  const family = familyOf(packet.source);
  if (family === undefined || familyOf(packet.destination) !== family) {
    throw new Error(`no packet goes from ${packet.source} to ${packet.destination}`);
  }
  const numbers = { source: numberOf(packet.source), destination: numberOf(packet.destination) };
  const assumptions: string[] = [];
  const match = (rule: CompiledRule, at: string, direction: "in" | "out") =>
    matches(rule, packet, { family, at, direction, ...numbers }, assumptions);
  const inward = decideInward(rules, (rule) => match(rule, packet.ingress, "in"));
  const egress = egressOf(rules, family, numbers.destination);
  const outward =
    inward.verdict === "pass" && egress !== undefined ? floatingVerdict(rules, (rule) => match(rule, egress, "out")) : undefined;
  return { ...(outward?.verdict === "block" ? outward : inward), assumptions };
}

type Verdict = Omit<Decision, "assumptions">;

function decideInward(rules: CompiledState, match: (rule: CompiledRule) => boolean): Verdict {
  const floating = lastOrQuick(rules.floating, match);
  if (floating?.rule.quick) return verdictOf(floating);
  const bound = rules.bound.find(match);
  const decisive = bound ?? floating;
  return decisive === undefined ? { verdict: "block", category: "default" } : verdictOf(decisive);
}

const floatingVerdict = (rules: CompiledState, match: (rule: CompiledRule) => boolean): Verdict | undefined => {
  const rule = lastOrQuick(rules.floating, match);
  return rule === undefined ? undefined : verdictOf(rule);
};

function lastOrQuick(rules: readonly CompiledRule[], match: (rule: CompiledRule) => boolean): CompiledRule | undefined {
  let last: CompiledRule | undefined;
  for (const rule of rules) {
    if (!match(rule)) continue;
    last = rule;
    if (rule.rule.quick) return rule;
  }
  return last;
}

const verdictOf = ({ rule, index, category }: CompiledRule): Verdict => ({
  verdict: rule.type === "pass" ? "pass" : "block",
  category,
  rule: { index, description: rule.description },
});

interface Seen {
  readonly family: Family;
  readonly at: string;
  readonly direction: "in" | "out";
  readonly source: bigint;
  readonly destination: bigint;
}

/** Whether a rule takes the packet. What is not known counts for a pass rule and against a block rule, and is noted. */
function matches(compiled: CompiledRule, packet: Packet, seen: Seen, assumptions: string[]): boolean {
  const { rule, index } = compiled;
  if (compiled.skipped[seen.family] !== undefined) return false;
  if (rule.family !== "inet46" && rule.family !== seen.family) return false;
  const direction = rule.floating ? rule.direction : "in";
  if (direction !== "any" && direction !== seen.direction) return false;
  if (compiled.interfaces !== undefined && !compiled.interfaces.includes(seen.at)) return false;
  if (rule.protocol !== null && !rule.protocol.split("/").includes(packet.protocol)) return false;
  if (packet.protocol === "tcp" && !opensConnection(compiled)) return false;
  const conditions = [
    addressesHold(compiled.source, seen.family, seen.source),
    addressesHold(compiled.destination, seen.family, seen.destination),
    portsMeant(compiled.sourcePorts, packet.sourcePort),
    portsMeant(compiled.destinationPorts, packet.port),
    rule.schedule === null ? "yes" : "maybe",
    rule.dscp === null ? "yes" : "maybe",
  ];
  if (conditions.includes("no")) return false;
  if (!conditions.includes("maybe")) return true;
  const note = `rule ${index} "${rule.description}" depends on ${dependsOn(compiled, conditions)}`;
  if (!assumptions.includes(note)) assumptions.push(note);
  return rule.type === "pass";
}

function dependsOn({ rule, source, destination, destinationPorts }: CompiledRule, conditions: readonly string[]): string {
  const named = [
    `host name ${source.unknown.join(", ")}`,
    `host name ${destination.unknown.join(", ")}`,
    `source port ${rule.sourcePort}`,
    `service ${destinationPorts?.unknown.join(", ")}`,
    `schedule ${rule.schedule}`,
    `DSCP ${rule.dscp}`,
  ];
  return named.filter((_name, position) => conditions[position] === "maybe").join(" and ");
}

/** The first packet of a TCP connection carries SYN alone. */
function opensConnection({ rule: { protocol, tcpFlags } }: CompiledRule): boolean {
  if (protocol !== "tcp" || tcpFlags.any) return true;
  return tcpFlags.outOf.every((flag) => tcpFlags.set.includes(flag) === (flag === "syn"));
}

/** The interface that a packet leaves by: that of the destination's network, else WAN; none where the firewall itself is meant. */
function egressOf({ interfaces }: CompiledState, family: Family, destination: bigint): string | undefined {
  if (interfaces.some(({ addresses }) => holds(addresses, family, destination))) return undefined;
  return interfaces.find(({ networks }) => holds(networks, family, destination))?.name ?? "wan";
}
