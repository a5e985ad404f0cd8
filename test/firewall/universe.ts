import fc from "fast-check";
import type { FirewallAlias, FirewallRule, FirewallState } from "../../firewall/state";
import { rule, state } from "./lab-firewall";

/**
 * A small world of addresses, rules and aliases, and a second evaluator of it that shares nothing with the first: it writes
 * the rules out line by line as pf has them, where the last line that matches counts unless it says `quick`.
 */
export const ADDRESSES = {
  lan: ["192.168.1.5", "192.168.1.10", "192.168.1.250", "2001:db8:1::10", "2001:db8:1::250"],
  opt1: ["192.168.9.20", "192.168.9.30", "2001:db8:9::20"],
  wan: ["9.9.9.9", "2620:fe::9"],
};
export const PORTS = [22, 8007, 8008];

/** What each literal of the world stands for, written down by hand. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  any: Object.values(ADDRESSES).flat(),
  "192.168.1.10": ["192.168.1.10"],
  "192.168.1.0/24": ["192.168.1.5", "192.168.1.10", "192.168.1.250"],
  "192.168.1.0/28": ["192.168.1.5", "192.168.1.10"],
  "192.168.9.20": ["192.168.9.20"],
  "2001:db8:1::/64": ["2001:db8:1::10", "2001:db8:1::250"],
  "2001:db8:9::20": ["2001:db8:9::20"],
  "0.0.0.0/0": Object.values(ADDRESSES)
    .flat()
    .filter((address) => address.includes(".")),
  lan: ADDRESSES.lan,
  opt1: ADDRESSES.opt1,
  "opt1:ip": [],
  "(self)": [],
};

const addressEntry = fc.constantFrom(
  "192.168.1.10",
  "192.168.1.0/24",
  "192.168.1.0/28",
  "192.168.9.20",
  "2001:db8:1::/64",
  "2001:db8:9::20",
  "HOSTS",
  "NETS",
  "GONE",
);

const address = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      addressEntry,
      fc.constantFrom(
        "any",
        "any",
        "any",
        "any",
        "any",
        "any",
        "any",
        "lan",
        "opt1",
        "0.0.0.0/0",
        "opt1:ip",
        "(self)",
        "HOSTS",
        "NETS",
        "PORTS_AS_NONE",
      ),
    ),
  )
  .map(([inverted, name]) => (inverted && name !== "any" ? `!${name}` : name));

const port = fc.constantFrom(null, null, null, null, "22", "8007", "8000:8007", "8008:8007", "PORTS", "NO_PORTS", "GONE_PORTS");

const anyRule: fc.Arbitrary<FirewallRule> = fc
  .record({
    type: fc.constantFrom("pass" as const, "pass" as const, "block" as const, "reject" as const),
    family: fc.constantFrom("inet" as const, "inet6" as const, "inet46" as const),
    protocol: fc.constantFrom(null, null, null, "tcp", "udp", "tcp/udp", "icmp"),
    source: address,
    destination: address,
    destinationPort: port,
    disabled: fc.nat(9).map((number) => number === 0),
    floating: fc.nat(2).map((number) => number === 0),
    quick: fc.boolean(),
    direction: fc.constantFrom("in" as const, "out" as const, "any" as const),
    on: fc.constantFrom("lan", "lan", "opt1", "wan", "inside", "nowhere"),
    several: fc.constantFrom([], [], ["any"], ["lan", "opt1"], ["wan"], ["inside"], ["nowhere"]),
  })
  .map(({ on, several, ...given }) => rule({ ...given, interfaces: given.floating ? several : [on] }));

export const anyState: fc.Arbitrary<FirewallState> = fc
  .record({
    rules: fc.array(anyRule, { maxLength: 7 }),
    hosts: fc.array(addressEntry, { maxLength: 3 }),
    nets: fc.array(addressEntry, { maxLength: 3 }),
    ports: fc.array(fc.constantFrom("22", "8007", "8000:8010"), { minLength: 1, maxLength: 2 }),
  })
  .map(({ rules, hosts, nets, ports }) =>
    state(
      rules.map((one, index) => ({ ...one, description: `rule ${index}` })),
      {
        aliases: [
          { name: "HOSTS", type: "host", entries: hosts },
          { name: "NETS", type: "network", entries: nets },
          { name: "PORTS", type: "port", entries: ports },
          { name: "NO_PORTS", type: "port", entries: [] },
        ],
        groups: [{ name: "inside", members: ["lan", "opt1"] }],
      },
    ),
  );

/** One line of pf's rule set. */
export interface Line {
  readonly index: number;
  readonly pass: boolean;
  readonly direction: "in" | "out" | "any";
  readonly quick: boolean;
  /** Absent: on all interfaces. */
  readonly on?: readonly string[];
  readonly family: "inet" | "inet6";
  readonly protocols: readonly string[];
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Absent: every port. */
  readonly ports?: readonly (readonly [number, number])[];
}

/** The whole rule set: floating rules, rules on the group, rules on interfaces. */
export function pfLines(given: FirewallState): Line[] {
  const numbered = given.rules.map((one, index) => ({ one, index })).filter(({ one }) => !one.disabled);
  const floating = numbered.filter(({ one }) => one.floating);
  const group = numbered.filter(({ one }) => !one.floating && one.interfaces[0] === "inside");
  const single = numbered.filter(({ one }) => !one.floating && ["wan", "lan", "opt1"].includes(one.interfaces[0] ?? ""));
  return [...floating, ...group, ...single].flatMap(({ one, index }) =>
    (["inet", "inet6"] as const)
      .filter((family) => one.family === family || one.family === "inet46")
      .flatMap((family) => lineOf(given, one, index, family) ?? []),
  );
}

function lineOf(given: FirewallState, one: FirewallRule, index: number, family: "inet" | "inet6"): Line | undefined {
  const from = members(given.aliases, one.source);
  const to = members(given.aliases, one.destination);
  const on = one.interfaces
    .filter((name) => name !== "nowhere")
    .flatMap((name) => (name === "inside" ? ["lan", "opt1"] : [name]));
  if (from === undefined || to === undefined || (one.interfaces.length > 0 && on.length === 0)) return undefined;
  const ports = portsOf(given, one);
  if (ports === undefined) return undefined;
  return {
    index,
    pass: one.type === "pass",
    direction: one.floating ? one.direction : "in",
    quick: !one.floating || one.quick,
    ...(on.length === 0 || on.includes("any") ? {} : { on }),
    family,
    protocols: one.protocol === null ? ["tcp", "udp"] : one.protocol.split("/"),
    from,
    to,
    ...(ports === "all" ? {} : { ports }),
  };
}

function members(aliases: readonly FirewallAlias[], text: string): readonly string[] | undefined {
  if (text.startsWith("!")) {
    const inner = members(aliases, text.slice(1));
    return inner && MEMBERS.any?.filter((one) => !inner.includes(one));
  }
  const alias = aliases.find(({ name, type }) => name === text && type !== "port");
  if (alias === undefined) return MEMBERS[text];
  // Nested aliases, twice over: enough for two names, and a circle does no harm.
  const nested = (entry: string) => aliases.find(({ name }) => name === entry)?.entries ?? [entry];
  const entries = alias.entries.flatMap(nested).flatMap(nested).flatMap(nested);
  return entries.flatMap((entry) => MEMBERS[entry] ?? []);
}

function portsOf(given: FirewallState, one: FirewallRule): "all" | (readonly [number, number])[] | undefined {
  const text = one.destinationPort;
  if (text === null || one.protocol === null || one.protocol === "icmp") return "all";
  if (text === "GONE_PORTS" || text === "NO_PORTS") return undefined;
  const texts = text === "PORTS" ? (given.aliases.find(({ name }) => name === text)?.entries ?? []) : [text];
  return texts.map((range): [number, number] => {
    const [first = "", last = first] = range.split(":");
    return [Number(first), Number(last)];
  });
}

export interface Probe {
  readonly source: string;
  readonly ingress: string;
  readonly destination: string;
  readonly egress: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
}

/** Every packet of the world that a router would forward. */
export const PROBES: readonly Probe[] = Object.entries(ADDRESSES).flatMap(([ingress, sources]) =>
  Object.entries(ADDRESSES).flatMap(([egress, destinations]) =>
    sources.flatMap((source) =>
      destinations
        .filter((destination) => destination !== source && destination.includes(":") === source.includes(":"))
        .flatMap((destination) =>
          PORTS.flatMap((port) =>
            (["tcp", "udp"] as const).map((protocol) => ({ source, ingress, destination, egress, port, protocol })),
          ),
        ),
    ),
  ),
);

/** What pf does: the last matching line counts, `quick` ends the search; first on the way in, then on the way out. */
export function bruteForce(lines: readonly Line[], probe: Probe): { pass: boolean; index: number | undefined } {
  const run = (direction: "in" | "out", at: string, start: boolean) => {
    let verdict: { pass: boolean; index: number | undefined } = { pass: start, index: undefined };
    for (const line of lines) {
      if (!lineMatches(line, probe, direction, at)) continue;
      verdict = { pass: line.pass, index: line.index };
      if (line.quick) break;
    }
    return verdict;
  };
  const inward = run("in", probe.ingress, false);
  const outward = run("out", probe.egress, true);
  return inward.pass && !outward.pass ? outward : inward;
}

const lineMatches = (line: Line, probe: Probe, direction: "in" | "out", at: string): boolean =>
  (line.direction === "any" || line.direction === direction) &&
  (line.on === undefined || line.on.includes(at)) &&
  line.family === (probe.source.includes(":") ? "inet6" : "inet") &&
  line.protocols.includes(probe.protocol) &&
  line.from.includes(probe.source) &&
  line.to.includes(probe.destination) &&
  (line.ports === undefined || line.ports.some(([first, last]) => first <= probe.port && probe.port <= last));
