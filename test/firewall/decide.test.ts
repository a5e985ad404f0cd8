import { decide, type Packet } from "../../firewall/decide";
import { reachability, skippedRules } from "../../firewall/reachability";
import type { FirewallRule, FirewallState } from "../../firewall/state";
import { INTERFACES, PBS, PVE, rule, state, TO_PBS } from "./lab-firewall";

const PACKET: Packet = { source: PVE.v4, ingress: "lan", destination: PBS.v4, port: 8007, protocol: "tcp" };
const PACKET6: Packet = { ...PACKET, source: PVE.v6, destination: PBS.v6 };

const verdict = (rules: readonly FirewallRule[], packet: Partial<Packet> = {}, more: Partial<FirewallState> = {}) =>
  decide(state(rules, more), { ...PACKET, ...packet }).verdict;

test("without a rule everything is blocked", () => {
  expect(decide(state([]), PACKET)).toEqual({ verdict: "block", category: "default", assumptions: [] });
});

test("the first match decides, and is named", () => {
  const rules = [rule({ type: "block", description: "first" }), rule({ description: "second" })];
  expect(decide(state(rules), PACKET)).toMatchObject({
    verdict: "block",
    category: "interface",
    rule: { index: 0, description: "first" },
  });
  expect(verdict([...rules].reverse())).toBe("pass");
});

describe("categories", () => {
  const block = (changes: Partial<FirewallRule>) => rule({ type: "block", ...changes });
  const groups = [
    { name: "OUTER", members: ["lan"] },
    { name: "INNER", members: ["lan", "opt1"] },
  ];

  test("floating quick, floating, groups in their order, interface", () => {
    const floating = { floating: true, interfaces: ["lan"] };
    const rules = [
      rule({ description: "interface" }),
      rule({ interfaces: ["INNER"], description: "second group" }),
      rule({ interfaces: ["OUTER"], description: "first group" }),
      rule({ ...floating, quick: true, description: "floating" }),
    ];
    const names = [];
    for (let count = rules.length; count > 0; count--) {
      names.push(decide(state(rules.slice(0, count), { groups }), PACKET).rule?.description);
    }
    expect(names).toEqual(["floating", "first group", "second group", "interface"]);
  });

  test("of floating rules without quick the last one counts, and any other rule is stronger", () => {
    const floating = { floating: true, interfaces: [], direction: "in" as const };
    expect(verdict([rule(floating), block(floating)])).toBe("block");
    expect(verdict([block(floating), rule(floating)])).toBe("pass");
    expect(verdict([block({ ...floating, quick: true }), rule(floating)])).toBe("block");
    expect(verdict([rule(floating), block({ interfaces: ["lan"] })])).toBe("block");
  });

  test("a floating rule on the way out stops what was let in", () => {
    const out = block({ floating: true, quick: true, direction: "out", interfaces: ["opt1"] });
    expect(verdict([rule(), out])).toBe("block");
    expect(verdict([rule(), { ...out, interfaces: ["wan"] }])).toBe("pass");
    expect(verdict([rule(), { ...out, interfaces: ["wan"] }], { destination: "9.9.9.9" })).toBe("block");
    // Nothing leaves by an interface where the firewall itself is meant.
    expect(verdict([rule(), { ...out, interfaces: [] }], { destination: "192.168.9.1" })).toBe("pass");
  });

  test("a rule on another interface does not count, nor one on several without floating", () => {
    expect(verdict([rule({ interfaces: ["opt1"] })])).toBe("block");
    expect(verdict([rule({ interfaces: ["lan", "opt1"] })])).toBe("block");
    expect(verdict([rule({ interfaces: ["any"] })])).toBe("block");
    expect(verdict([rule({ interfaces: ["any"], floating: true })])).toBe("pass");
  });
});

describe("what a rule names", () => {
  test.each([
    ["any", "pass"],
    [PVE.v4, "pass"],
    ["192.168.1.11", "block"],
    ["192.168.1.0/28", "pass"],
    ["192.168.1.16/28", "block"],
    [`!${PVE.v4}`, "block"],
    ["!192.168.1.11", "pass"],
    ["lan", "pass"],
    ["!lan", "block"],
    ["wan", "block"],
    ["lan:ip", "block"],
    ["(self)", "block"],
    ["!(self)", "pass"],
    ["GONE", "block"],
    ["!GONE", "block"],
  ])("a source %s: %s", (source, expected) => {
    expect(verdict([rule({ source })])).toBe(expected);
  });

  test("the firewall's own addresses", () => {
    expect(verdict([rule({ destination: "(self)" })], { destination: "192.168.9.1" })).toBe("pass");
    expect(verdict([rule({ destination: "opt1:ip" })], { destination: "192.168.9.1" })).toBe("pass");
    expect(verdict([rule({ destination: "lan:ip" })], { destination: "192.168.9.1" })).toBe("block");
  });

  test.each([
    ["8007", "pass"],
    ["8006", "block"],
    ["8006:8007", "pass"],
    ["8008:9000", "block"],
    ["8007:8006", "block"],
    ["https", "block"],
    ["BACKUP", "pass"],
    ["EMPTY", "block"],
    ["GONE_PORTS", "block"],
  ])("a port %s: %s", (destinationPort, expected) => {
    const aliases = [
      { name: "BACKUP", type: "port", entries: ["INNER", "22"] },
      { name: "INNER", type: "port", entries: ["8000:8010"] },
      { name: "EMPTY", type: "port", entries: [] },
    ] as const;
    expect(verdict([rule({ protocol: "tcp", destinationPort })], {}, { aliases })).toBe(expected);
  });

  test.each([
    [null, "pass", "pass"],
    ["tcp", "pass", "block"],
    ["udp", "block", "pass"],
    ["tcp/udp", "pass", "pass"],
    ["icmp", "block", "block"],
  ])("protocol %s: tcp %s, udp %s", (protocol, tcp, udp) => {
    expect([verdict([rule({ protocol })]), verdict([rule({ protocol })], { protocol: "udp" })]).toEqual([tcp, udp]);
  });

  test.each([
    ["inet", "pass", "block"],
    ["inet6", "block", "pass"],
    ["inet46", "pass", "pass"],
  ] as const)("family %s: IPv4 %s, IPv6 %s", (family, v4, v6) => {
    expect([verdict([rule({ family })]), decide(state([rule({ family })]), PACKET6).verdict]).toEqual([v4, v6]);
  });

  test("nested aliases, also in a circle; an alias that is empty holds nobody, its inversion everybody", () => {
    const aliases = [
      { name: "A", type: "host", entries: ["B", "GONE"] },
      { name: "B", type: "host", entries: ["A", PVE.v4] },
      { name: "EMPTY", type: "host", entries: [] },
    ] as const;
    expect(verdict([rule({ source: "A" })], {}, { aliases })).toBe("pass");
    expect(verdict([rule({ source: "A" })], { source: "192.168.1.11" }, { aliases })).toBe("block");
    expect(verdict([rule({ source: "EMPTY" })], {}, { aliases })).toBe("block");
    expect(verdict([rule({ source: "!EMPTY" })], {}, { aliases })).toBe("pass");
  });

  test("only the packet that opens a connection counts", () => {
    const flags = (set: string[], outOf: string[], any = false) => rule({ protocol: "tcp", tcpFlags: { set, outOf, any } });
    expect(verdict([flags(["syn"], ["syn", "ack"])])).toBe("pass");
    expect(verdict([flags(["ack"], ["ack"])])).toBe("block");
    expect(verdict([flags([], ["syn"])])).toBe("block");
    expect(verdict([flags([], ["syn"], true)])).toBe("pass");
  });
});

describe("what only the firewall knows is taken in favour of the sender, and said", () => {
  const aliases = [{ name: "SUPPORT", type: "host", entries: ["help.example.net"] }] as const;

  test.each([
    ["a host name", { source: "SUPPORT" }, 'rule 0 "r" depends on host name help.example.net'],
    ["a schedule", { schedule: "nights" }, 'rule 0 "r" depends on schedule nights'],
    ["a mark", { dscp: "af11" }, 'rule 0 "r" depends on DSCP af11'],
    ["a source port", { protocol: "tcp", sourcePort: "1024" }, 'rule 0 "r" depends on source port 1024'],
    ["a service", { protocol: "tcp", destinationPort: "zabbix-agent" }, 'rule 0 "r" depends on service zabbix-agent'],
  ])("%s", (_what, changes, assumption) => {
    const pass = state([rule({ ...changes, description: "r" })], { aliases });
    expect(decide(pass, PACKET)).toMatchObject({ verdict: "pass", assumptions: [assumption] });
    const block = state([rule({ ...changes, type: "block", description: "r" }), rule()], { aliases });
    expect(decide(block, PACKET)).toMatchObject({ verdict: "pass", assumptions: [assumption] });
  });

  test("a known source port is no assumption", () => {
    const rules = [rule({ protocol: "tcp", sourcePort: "1024" })];
    expect(verdict(rules, { sourcePort: 1024 })).toBe("pass");
    expect(verdict(rules, { sourcePort: 1025 })).toBe("block");
  });

  test("an interface with an address from elsewhere", () => {
    const interfaces = INTERFACES.map((one) =>
      one.name === "wan" ? { ...one, addresses: [], networks: [], dynamic: true } : one,
    );
    expect(verdict([rule({ type: "block", source: "wan" }), rule()], {}, { interfaces })).toBe("pass");
    expect(skippedRules(state([rule({ source: "wan" })], { interfaces }))).toEqual([]);
  });
});

describe("rules that the filter leaves out", () => {
  const off = INTERFACES.map((one) => (one.name === "opt1" ? { ...one, enabled: false } : one));

  test.each([
    [rule({ disabled: true }), "it is disabled", ["inet", "inet6"]],
    [rule({ type: "match", floating: true }), "it only marks packets", ["inet", "inet6"]],
    [rule({ source: "GONE", family: "inet" }), 'its source alias "GONE" does not exist', ["inet"]],
    [rule({ destination: "!GONE" }), 'its destination alias "GONE" does not exist', ["inet", "inet6"]],
    [rule({ interfaces: ["opt1"] }), 'no enabled interface "opt1"', ["inet", "inet6"]],
    [rule({ destination: "opt1" }), 'its destination interface "opt1" has no address', ["inet", "inet6"]],
    [rule({ source: "wan:ip" }), "wan:ip has no inet6 address", ["inet6"]],
    [
      rule({ protocol: "udp", destinationPort: "GONE_1" }),
      'its destination port alias "GONE_1" does not exist',
      ["inet", "inet6"],
    ],
  ])("%#", (left, why, families) => {
    expect(skippedRules(state([left], { interfaces: off }))).toEqual([{ index: 0, description: "", families, why }]);
  });

  test("are none where everything they name is there", () => {
    expect(
      skippedRules(state([rule({ interfaces: ["opt1"], destination: "opt1", protocol: "tcp", destinationPort: "8007" })])),
    ).toEqual([]);
  });
});

describe("inside one network", () => {
  test("nothing is filtered, and the verdict is what the rules would do", () => {
    const grid = [
      { name: "pve", addresses: [PVE.v4], mayReach: true },
      { name: "neighbour", addresses: ["192.168.9.30"], mayReach: false },
    ];
    const [routed, switched] = reachability(state([rule({ description: "all" })]), TO_PBS, grid);
    expect(routed).toMatchObject({ sameSubnet: false, ingress: "lan", asWanted: true, summary: 'pass by rule 0 "all"' });
    expect(switched).toMatchObject({
      sameSubnet: true,
      ingress: "opt1",
      asWanted: true,
      summary: "not filtered: same subnet (routed: block by default)",
    });
  });

  test("an address of the edge belongs to it, the next one does not", () => {
    const grid = ["192.168.9.255", "192.168.10.0"].map((address) => ({ name: address, addresses: [address], mayReach: false }));
    expect(reachability(state([]), TO_PBS, grid).map(({ sameSubnet, ingress }) => [sameSubnet, ingress])).toEqual([
      [true, "opt1"],
      [false, "wan"],
    ]);
  });
});
