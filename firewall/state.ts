/**
 * What decides on a pfSense which packets pass: rules, aliases, interfaces and interface groups, as its REST API gives them.
 * Plain data without a dependency, so that a policy or a review can evaluate a rule list that no device has seen yet.
 */
export interface FirewallState {
  /** In the order of the device: the first match of a category decides, so the order is the meaning. */
  readonly rules: readonly FirewallRule[];
  readonly aliases: readonly FirewallAlias[];
  readonly interfaces: readonly FirewallInterface[];
  /** In the order of the device. Absent: the device has none. */
  readonly groups?: readonly InterfaceGroup[];
}

export type Family = "inet" | "inet6";

export interface FirewallRule {
  /** `match` only marks packets, it decides nothing. */
  readonly type: "pass" | "block" | "reject" | "match";
  /** Names of interfaces or interface groups; more than one, or `any`, only on a floating rule. */
  readonly interfaces: readonly string[];
  readonly family: Family | "inet46";
  /** `null` is any protocol. */
  readonly protocol: string | null;
  /** Address, network, alias, `any`, `(self)`, interface (`lan`) or its address (`lan:ip`); a leading `!` inverts. */
  readonly source: string;
  readonly destination: string;
  /** Port, range `a:b`, service name or port alias; `null` is any port. */
  readonly sourcePort: string | null;
  readonly destinationPort: string | null;
  readonly description: string;
  readonly disabled: boolean;
  /** Floating rules are evaluated before all others, and without `quick` the last match counts, not the first. */
  readonly floating: boolean;
  readonly quick: boolean;
  /** Only of a floating rule; the others are always `in`. */
  readonly direction: "in" | "out" | "any";
  /** Name of the schedule outside of which the rule does not exist; `null`: always. */
  readonly schedule: string | null;
  /** Only packets with this mark; `null`: all. */
  readonly dscp: string | null;
  /** Which TCP flags must be set, out of those that are looked at. Empty: the default, a packet that opens a connection. */
  readonly tcpFlags: { readonly set: readonly string[]; readonly outOf: readonly string[]; readonly any: boolean };
}

export interface FirewallAlias {
  readonly name: string;
  /** `url`: the entries come from a file elsewhere, so only the firewall knows them. */
  readonly type: "host" | "network" | "port" | "url";
  /** Addresses, networks, host names, ports, ranges `a:b`, or names of other aliases. */
  readonly entries: readonly string[];
}

export interface FirewallInterface {
  /** `wan`, `lan`, `opt1`, as the rules name it. */
  readonly name: string;
  /** A disabled interface carries no packet, and rules on it are left out. */
  readonly enabled: boolean;
  /** The firewall's own addresses on it. */
  readonly addresses: readonly string[];
  /** Directly connected networks in CIDR notation. */
  readonly networks: readonly string[];
  /** It also has an address that somebody else gives it (DHCP, SLAAC) and that is not known here. */
  readonly dynamic?: boolean;
}

export interface InterfaceGroup {
  readonly name: string;
  readonly members: readonly string[];
}
