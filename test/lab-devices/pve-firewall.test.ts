import { EMPTY_SEED } from "../../lab/seed";
import { PveLab } from "./pve";

let pve: PveLab;
beforeEach(() => {
  pve = new PveLab({
    seed: { ...EMPTY_SEED, hypervisor: { ...EMPTY_SEED.hypervisor, guests: [{ id: 101, name: "ad", node: "pve", kind: "vm" }] } },
  });
});
afterEach(() => pve.remove());

const RULES = "/cluster/firewall/rules";
const rule = (comment: string, more: Record<string, unknown> = {}) => ({
  type: "in",
  action: "ACCEPT",
  enable: 1,
  comment,
  ...more,
});
const order = async (path = RULES) => (await pve.data<{ comment: string }[]>("GET", path)).map(({ comment }) => comment);
const fault = async (body: Record<string, unknown>, path = RULES) =>
  (await pve.call("POST", path, { type: "in", action: "ACCEPT", ...body })).body.errors;

describe("rules", () => {
  beforeEach(async () => {
    for (const comment of ["c", "b", "a"]) await pve.data("POST", RULES, rule(comment));
  });

  test("a new one goes to the top, and is off unless it says on", async () => {
    expect(await order()).toEqual(["a", "b", "c"]);
    await pve.data("POST", RULES, { type: "in", action: "DROP", comment: "x" });
    expect(await pve.data("GET", `${RULES}/0`)).toMatchObject({ comment: "x", enable: 0, pos: "0" });
  });

  test.each([
    [0, 2, ["b", "a", "c"]],
    [0, 3, ["b", "c", "a"]],
    [2, 0, ["c", "a", "b"]],
    [1, 1, ["a", "b", "c"]],
  ])("from %i moved to %i: %j", async (from, to, expected) => {
    await pve.data("PUT", `${RULES}/${from}`, { moveto: to });
    expect(await order()).toEqual(expected);
  });

  test("a change keeps the rest, an empty text takes a setting away", async () => {
    await pve.data("PUT", `${RULES}/0`, { dport: "8007", proto: "tcp" });
    await pve.data("PUT", `${RULES}/0`, { comment: "" });
    const found = await pve.data<object>("GET", `${RULES}/0`);
    expect(found).toMatchObject({ dport: "8007", proto: "tcp", action: "ACCEPT" });
    expect(found).not.toHaveProperty("comment");
    await pve.data("PUT", `${RULES}/0`, { delete: "dport,proto" });
    expect(await pve.data("GET", `${RULES}/0`)).not.toHaveProperty("dport");
    expect((await pve.call("PUT", `${RULES}/0`, { delete: "action" })).status).toBe(400);
  });

  test("a position that does not exist is refused, a stale digest too", async () => {
    expect((await pve.call("GET", `${RULES}/3`)).reason).toBe("no rule at position 3");
    expect((await pve.call("DELETE", `${RULES}/0?digest=0`)).reason).toContain("detected modified configuration");
    await pve.data("DELETE", `${RULES}/1`);
    expect(await order()).toEqual(["a", "c"]);
  });

  test.each([
    [{ dport: "8007" }, { proto: "missing property - 'dport' requires this property" }],
    [{ dport: "8007", proto: "esp" }, { dport: "protocol 'esp' does not support ports" }],
    [{ dport: "65536", proto: "tcp" }, { dport: "invalid format - invalid port '65536'\n" }],
    [
      { dport: "90:80", proto: "tcp" },
      { dport: "invalid format - backwards range '90:80' not allowed, did you mean '80:90'?\n" },
    ],
    [{ dport: "80,,90", proto: "tcp" }, { dport: "invalid format - extraneous commas in list\n" }],
    [{ proto: "carrier-pigeon" }, { proto: "invalid format - unknown protocol 'carrier-pigeon'\n" }],
    [{ source: "300.1.1.1" }, { source: "invalid format - invalid IP address: 300.1.1.1\n" }],
    [
      { source: "10.0.0.1,fe80::1" },
      { source: "invalid format - detected mixed ipv4/ipv6 addresses in address list '10.0.0.1,fe80::1'\n" },
    ],
    [{ source: "+nobody" }, { source: "no such ipset 'nobody'" }],
    [{ dest: "nobody" }, { dest: "no such alias 'nobody'" }],
    [{ macro: "Telepathy" }, { macro: "unknown macro 'Telepathy'" }],
    [{ action: "PASS" }, { action: "unknown action 'PASS'" }],
    [{ type: "group", action: "x1" }, undefined],
  ])("%j", async (body, errors) => {
    expect(await fault(body)).toEqual(errors);
  });

  test("the highest port and the widest list are taken", async () => {
    expect(await fault({ dport: "65535", proto: "tcp" })).toBeUndefined();
    const ports = (count: number) => Array.from({ length: count }, (_, index) => index + 1).join(",");
    expect(await fault({ dport: ports(15), proto: "tcp" })).toBeUndefined();
    expect(await fault({ dport: ports(16), proto: "tcp" })).toEqual({
      dport: "invalid format - too many entries in port list (> 15 numbers)\n",
    });
  });

  test("of a guest name its cards, and know the sets of the guest and of the cluster", async () => {
    const path = "/nodes/pve/qemu/101/firewall/rules";
    expect(await fault({ iface: "vmbr0" }, path)).toEqual({ iface: "value does not match the regex pattern 'net\\d+'" });
    expect(await fault({ iface: "net0" }, path)).toBeUndefined();
    await pve.data("POST", "/nodes/pve/qemu/101/firewall/ipset", { name: "own" });
    await pve.data("POST", "/cluster/firewall/ipset", { name: "common" });
    expect(await fault({ source: "+own" }, path)).toBeUndefined();
    expect(await fault({ source: "+common" }, path)).toBeUndefined();
    expect(await fault({ source: "+own" })).toEqual({ source: "no such ipset 'own'" });
  });
});

describe("security groups", () => {
  const GROUPS = "/cluster/firewall/groups";

  test("with rules are not deleted, and hold no groups", async () => {
    await pve.data("POST", GROUPS, { group: "flow" });
    await pve.data("POST", `${GROUPS}/flow`, rule("x"));
    expect((await pve.call("DELETE", `${GROUPS}/flow`)).reason).toBe("Security group 'flow' is not empty");
    expect(await fault({ type: "group", action: "flow" }, `${GROUPS}/flow`)).toEqual({
      type: "invalid rule type 'group' for rule_env 'group'",
    });
    await pve.data("DELETE", `${GROUPS}/flow/0`);
    await pve.data("DELETE", `${GROUPS}/flow`);
    expect((await pve.call("GET", `${GROUPS}/flow`)).reason).toBe("no such security group 'flow'");
  });

  test("renamed keep their rules and the rules that name them", async () => {
    await pve.data("POST", GROUPS, { group: "flow", comment: "x" });
    await pve.data("POST", RULES, { type: "group", action: "flow" });
    await pve.data("POST", GROUPS, { group: "stream", rename: "flow" });
    expect(await pve.data("GET", GROUPS)).toMatchObject([{ group: "stream", comment: "x" }]);
    expect(await pve.data("GET", RULES)).toMatchObject([{ action: "stream" }]);
    expect((await pve.call("POST", GROUPS, { group: "stream" })).body.errors).toEqual({
      group: "Security group 'stream' already exists",
    });
    expect((await pve.call("POST", GROUPS, { group: "other", rename: "none" })).body.errors).toEqual({
      group: "Security group 'none' does not exist",
    });
  });

  test.each([
    ["abcdefghijklmnopqr", 200],
    ["abcdefghijklmnopqrs", 400],
    ["1a", 400],
    ["a", 400],
  ])("named %s: %i", async (group, status) => {
    expect((await pve.call("POST", GROUPS, { group })).status).toBe(status);
  });
});

describe("sets and aliases", () => {
  const SET = "/cluster/firewall/ipset/servers";
  beforeEach(() => pve.data("POST", "/cluster/firewall/ipset", { name: "servers" }));

  test("a network loses its host bits, and stands once", async () => {
    await pve.data("POST", SET, { cidr: "10.1.2.3/24", comment: "x" });
    expect(await pve.data("GET", SET)).toMatchObject([{ cidr: "10.1.2.0/24", comment: "x" }]);
    expect((await pve.call("POST", SET, { cidr: "10.1.2.0/24" })).body.errors).toEqual({
      cidr: "address '10.1.2.0/24' already exists",
    });
    expect((await pve.call("POST", SET, { cidr: "0.0.0.0/0" })).body.errors).toEqual({
      cidr: "a zero prefix is not allowed in ipset entries",
    });
    expect((await pve.call("POST", SET, { cidr: "10.1.2.0/33" })).status).toBe(400);
    expect(await pve.data("GET", `${SET}/10.1.2.0%2F24`)).toMatchObject({ comment: "x" });
    await pve.data("PUT", `${SET}/10.1.2.0/24`, { nomatch: 1 });
    expect(await pve.data("GET", SET)).toMatchObject([{ nomatch: 1 }]);
    await pve.data("DELETE", `${SET}/10.1.2.0%2F24`);
    expect(await pve.data("GET", SET)).toEqual([]);
  });

  test("a set with entries is deleted only by force", async () => {
    await pve.data("POST", SET, { cidr: "10.1.2.3" });
    expect((await pve.call("DELETE", SET)).reason).toBe("IPSet 'servers' is not empty");
    expect((await pve.call("DELETE", `${SET}?force=1`)).status).toBe(200);
  });

  test("an alias has one name in any case, can be renamed, and may be deleted while it is in use", async () => {
    const ALIASES = "/cluster/firewall/aliases";
    await pve.data("POST", ALIASES, { name: "Pbs", cidr: "10.0.0.2" });
    expect((await pve.call("POST", ALIASES, { name: "pbs", cidr: "10.0.0.3" })).body.errors).toEqual({
      name: "alias 'pbs' already exists",
    });
    await pve.data("PUT", `${ALIASES}/pbs`, { cidr: "10.0.0.4", rename: "backup" });
    expect(await pve.data("GET", ALIASES)).toMatchObject([{ name: "backup", cidr: "10.0.0.4", ipversion: 4 }]);
    await pve.data("POST", RULES, { type: "in", action: "DROP", source: "backup" });
    await pve.data("POST", SET, { cidr: "backup" });
    await pve.data("DELETE", `${ALIASES}/backup`);
    expect((await pve.call("GET", `${ALIASES}/backup`)).body.errors).toEqual({ name: "no such alias" });
    expect(await pve.data("GET", "/cluster/firewall/refs")).toMatchObject([{ type: "ipset", name: "servers" }]);
  });

  test("options are kept one by one", async () => {
    const OPTIONS = "/cluster/firewall/options";
    await pve.data("PUT", OPTIONS, { policy_in: "DROP", enable: 1 });
    await pve.data("PUT", OPTIONS, { policy_out: "ACCEPT", delete: "policy_in" });
    expect(await pve.data("GET", OPTIONS)).toEqual({ enable: 1, policy_out: "ACCEPT", digest: expect.any(String) });
    expect((await pve.call("PUT", OPTIONS, { delete: "nonsense" })).body.errors).toEqual({ delete: "no such option 'nonsense'" });
    expect((await pve.call("PUT", OPTIONS, { log_ratelimit: "enable=1,rate=1/year" })).status).toBe(400);
  });
});
