import fc from "fast-check";
import { decide } from "../../firewall/decide";
import type { FirewallState } from "../../firewall/state";
import { LabFirewall, PBS, PVE } from "../firewall/lab-firewall";
import { ADDRESSES, anyState, PORTS, PROBES, type Probe } from "../firewall/universe";
import { nftables } from "./nftables";
import { Router, type Segment, whyNot } from "./router";

/**
 * pf itself is not run here. Linux decides on real connections by the same lists, translated line by line to nftables, and must
 * come to what the evaluator says for every source, port and family.
 */
const reason = whyNot();
if (reason !== undefined) console.warn(`firewall packets are not tried: ${reason}`);

const host = (address: string) => `${address}/${address.includes(":") ? 64 : 24}`;

const SEGMENTS: readonly Segment[] = [
  {
    name: "wan",
    router: ["198.51.100.2/24", "2001:db8:ff::1/64"],
    hosts: ["198.51.100.9/24", "2001:db8:ff::9/64"],
    beyond: ADDRESSES.wan,
  },
  { name: "lan", router: ["192.168.1.1/24", "2001:db8:1::1/64"], hosts: ADDRESSES.lan.map(host), beyond: [] },
  { name: "opt1", router: ["192.168.9.1/24", "2001:db8:9::1/64"], hosts: ADDRESSES.opt1.map(host), beyond: [] },
];

/** What a router sees: packets between its networks. */
const ROUTED = PROBES.filter(({ protocol, ingress, egress }) => protocol === "tcp" && ingress !== egress);

const forwarding = (policy: string) =>
  `table inet fw {\n chain forward {\n type filter hook forward priority 0; policy accept;\n ${policy}\n }\n}\n`;

(reason === undefined ? describe : describe.skip)("real connections through a router", () => {
  let router: Router;
  beforeAll(async () => {
    router = await Router.start(SEGMENTS, PORTS);
  }, 30_000);
  afterAll(() => router?.stop());

  /** What became of each probe, all of them tried for real. */
  async function tried(ruleset: string): Promise<string[]> {
    router.load(ruleset);
    const outcome = new Map<Probe, string>();
    for (const { name } of SEGMENTS) {
      const probes = ROUTED.filter(({ ingress }) => ingress === name);
      const results = await router.probe(name, probes);
      probes.forEach((probe, index) => {
        outcome.set(probe, results[index] ?? "no result");
      });
    }
    return ROUTED.map((probe) => outcome.get(probe) ?? "no result");
  }

  const expected = (state: FirewallState) =>
    ROUTED.map((probe) => (decide(state, probe).verdict === "pass" ? "open" : "refused"));

  const named = (results: readonly string[]) =>
    ROUTED.map(({ source, destination, port }, index) => `${source} -> ${destination} ${port}: ${results[index]}`);

  test("all come through without a rule set, and none through a closed one", async () => {
    expect(new Set(await tried(forwarding("accept")))).toEqual(new Set(["open"]));
    expect(new Set(await tried(forwarding("meta l4proto tcp reject with tcp reset")))).toEqual(new Set(["refused"]));
  }, 30_000);

  test("random rule lists", async () => {
    let open = 0;
    for (const state of fc.sample(anyState, { numRuns: 25, seed: 20 })) {
      const results = await tried(nftables(state));
      open += results.filter((result) => result === "open").length;
      expect(named(results)).toEqual(named(expected(state)));
    }
    expect(open).toBeGreaterThan(ROUTED.length);
  }, 60_000);

  test("the rules for the backup server, read back from the firewall", async () => {
    const firewall = new LabFirewall();
    await firewall.protect();
    const state = await firewall.read();
    firewall.device.remove();
    const results = await tried(nftables(state));
    expect(named(results)).toEqual(named(expected(state)));
    const to = (source: string, destination: string) =>
      results[ROUTED.findIndex((probe) => probe.source === source && probe.destination === destination && probe.port === 8007)];
    expect([to(PVE.v4, PBS.v4), to("192.168.1.250", PBS.v4), to("2001:db8:1::250", PBS.v6), to("9.9.9.9", PBS.v4)]).toEqual([
      "open",
      "refused",
      "refused",
      "refused",
    ]);
  }, 30_000);

  test("a list in another order is seen in the packets", async () => {
    const firewall = new LabFirewall();
    await firewall.protect();
    const state = await firewall.read();
    firewall.device.remove();
    const results = await tried(nftables({ ...state, rules: [...state.rules].reverse() }));
    expect(named(results)).not.toEqual(named(expected(state)));
  }, 30_000);
});
