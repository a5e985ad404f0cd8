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
  const family = familyOf(packet.source);
  if (family === undefined || familyOf(packet.destination) !== family) {
    throw new Error(`no packet goes from ${packet.source} to ${packet.destination}`);
  }
  const { ingress, port, protocol, sourcePort } = packet;
  const [source, destination] = [numberOf(packet.source), numberOf(packet.destination)];
  return decideByNumber(compile(state), {
    family,
    source,
    destination,
    ingress,
    port,
    protocol,
    ...(sourcePort === undefined ? {} : { sourcePort }),
  });
}

/** A packet whose addresses are numbers: for who tries many of them. */
export interface NumberedPacket extends Omit<Packet, "source" | "destination"> {
  readonly family: Family;
  readonly source: bigint;
  readonly destination: bigint;
}

/** The same by numbers. */
export function decideByNumber(rules: CompiledState, packet: NumberedPacket): Decision {
  const assumptions: string[] = [];
  const match = (at: string, direction: "in" | "out") => (rule: CompiledRule) =>
    matches(rule, packet, at, direction, assumptions);
  const inward = decisive(rules, match(packet.ingress, "in"));
  if (verdictOf(inward) === "block" || rules.floating.length === 0) return decisionBy(inward, assumptions);
  const egress = egressOf(rules, packet.family, packet.destination);
  const outward = egress === undefined ? undefined : lastOrQuick(rules.floating, match(egress, "out"));
  return decisionBy(outward !== undefined && verdictOf(outward) === "block" ? outward : inward, assumptions);
}

/** The rule that decides on a packet that comes in. */
function decisive(rules: CompiledState, match: (rule: CompiledRule) => boolean): CompiledRule | undefined {
  const floating = lastOrQuick(rules.floating, match);
  return floating?.rule.quick ? floating : (rules.bound.find(match) ?? floating);
}

function lastOrQuick(rules: readonly CompiledRule[], match: (rule: CompiledRule) => boolean): CompiledRule | undefined {
  let last: CompiledRule | undefined;
  for (const rule of rules) {
    if (!match(rule)) continue;
    last = rule;
    if (rule.rule.quick) return rule;
  }
  return last;
}

/** Without a rule it is blocked. */
const verdictOf = (decisive: CompiledRule | undefined): Decision["verdict"] =>
  decisive?.rule.type === "pass" ? "pass" : "block";

function decisionBy(decisive: CompiledRule | undefined, assumptions: readonly string[]): Decision {
  const verdict = verdictOf(decisive);
  if (decisive === undefined) return { verdict, category: "default", assumptions };
  const { index, category, rule } = decisive;
  return { verdict, category, rule: { index, description: rule.description }, assumptions };
}

/** Whether a rule takes the packet. What is not known counts for a pass rule and against a block rule, and is noted. */
function matches(
  compiled: CompiledRule,
  packet: NumberedPacket,
  at: string,
  direction: "in" | "out",
  assumptions: string[],
): boolean {
  const { rule, index } = compiled;
  const { family, protocol } = packet;
  if (compiled.skipped[family] !== undefined) return false;
  if (rule.family !== "inet46" && rule.family !== family) return false;
  const wanted = rule.floating ? rule.direction : "in";
  if (wanted !== "any" && wanted !== direction) return false;
  if (compiled.interfaces !== undefined && !compiled.interfaces.includes(at)) return false;
  if (compiled.protocols !== undefined && !compiled.protocols.includes(protocol)) return false;
  if (protocol === "tcp" && !compiled.opensConnection) return false;
  // One after the other: most packets are not meant, and most rules leave nothing open.
  const destination = addressesHold(compiled.destination, family, packet.destination);
  if (destination === "no") return false;
  const source = addressesHold(compiled.source, family, packet.source);
  if (source === "no") return false;
  const sourcePort = portsMeant(compiled.sourcePorts, packet.sourcePort);
  const destinationPort = portsMeant(compiled.destinationPorts, packet.port);
  if (sourcePort === "no" || destinationPort === "no") return false;
  const schedule = rule.schedule === null ? "yes" : "maybe";
  const dscp = rule.dscp === null ? "yes" : "maybe";
  const conditions = [source, destination, sourcePort, destinationPort, schedule, dscp];
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

/** The interface that a packet leaves by: that of the destination's network, else WAN; none where the firewall itself is meant. */
function egressOf({ interfaces }: CompiledState, family: Family, destination: bigint): string | undefined {
  if (interfaces.some(({ addresses }) => holds(addresses, family, destination))) return undefined;
  return interfaces.find(({ networks }) => holds(networks, family, destination))?.name ?? "wan";
}
