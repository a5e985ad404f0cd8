import { EMPTY_SEED } from "../../lab/seed";
import { ADMIN_KEY, Firewall } from "./pfsense";

const RULE = { type: "pass", interface: ["lan"], ipprotocol: "inet", protocol: "tcp", source: "any", destination: "any" };
const STOCK = ["Default allow LAN to any rule", "Default allow LAN IPv6 to any rule"];
const ALIAS = { name: "PBS_HOSTS", type: "host", address: ["192.168.1.20"], detail: ["pbs"] };

let firewall: Firewall;
beforeEach(() => {
  firewall = new Firewall();
});
afterEach(() => firewall.remove());

const refused = async (method: string, url: string, body?: unknown, headers?: Record<string, string>) => {
  const { status, body: answer } = await firewall.call(method, url, body, headers);
  return [status, answer.response_id];
};

describe("the rule list", () => {
  test("starts with the two stock rules and without the anti-lockout rule", async () => {
    const { body } = await firewall.call("GET", "/firewall/rules");
    expect(body.data).toMatchObject([
      { id: 0, ipprotocol: "inet", source: "lan", destination: "any", tracker: 100000101 },
      { id: 1, ipprotocol: "inet6", source: "lan", destination: "any", tracker: 100000102 },
    ]);
    expect(await firewall.order()).toEqual(STOCK);
  });

  test("appends without a placement, and so behind the rule that passes everything", async () => {
    await firewall.call("POST", "/firewall/rule", { ...RULE, descr: "appended" });
    expect(await firewall.order()).toEqual([...STOCK, "appended"]);
  });

  test.each([
    [0, ["new", ...STOCK]],
    [1, [STOCK[0], "new", STOCK[1]]],
    [2, [...STOCK, "new"]],
  ])("places a new rule at %s and moves the others", async (placement, order) => {
    const { body } = await firewall.call("POST", "/firewall/rule", { ...RULE, descr: "new", placement });
    expect(await firewall.order()).toEqual(order);
    expect(body.data).toMatchObject({ id: placement });
  });

  test("has no place beyond its end, and the refused rule is not there", async () => {
    expect(await refused("POST", "/firewall/rule", { ...RULE, placement: 3 })).toEqual([500, "MODEL_FAILED_TO_SET_PLACEMENT"]);
    expect(await firewall.order()).toEqual(STOCK);
  });

  test("numbers the rules anew when one goes", async () => {
    await firewall.call("DELETE", "/firewall/rule?id=0");
    const { body } = await firewall.call("GET", "/firewall/rules");
    expect(body.data).toMatchObject([{ id: 0, descr: STOCK[1] }]);
  });

  test("keeps its last rule, and a mass deletion stops there without undoing itself", async () => {
    expect(await refused("DELETE", "/firewall/rules?type=pass")).toEqual([403, "MODEL_MANY_MINIMUM_REACHED"]);
    expect(await firewall.order()).toEqual([STOCK[0]]);
    expect(await refused("DELETE", "/firewall/rule?id=0")).toEqual([403, "MODEL_MANY_MINIMUM_REACHED"]);
  });

  test("shows null for a list that was never set, and an empty list after a change", async () => {
    const created = await firewall.call("POST", "/firewall/rule", { ...RULE, descr: "r" });
    expect(created.body.data).toMatchObject({ icmptype: null, tcp_flags_set: null });
    await firewall.call("PATCH", "/firewall/rule", { id: 2, log: true });
    const { body } = await firewall.call("GET", "/firewall/rule?id=2");
    expect(body.data).toMatchObject({ icmptype: [], tcp_flags_set: [], log: true });
  });

  test("gives two rules of one second the same tracker", async () => {
    jest.useFakeTimers({ now: 1_800_000_000_000 });
    const [first, second] = [
      await firewall.call("POST", "/firewall/rule", RULE),
      await firewall.call("POST", "/firewall/rule", RULE),
    ];
    jest.useRealTimers();
    expect(first.body.data).toMatchObject({ tracker: 1_800_000_000 });
    expect(second.body.data).toMatchObject({ tracker: 1_800_000_000 });
  });
});

describe("aliases", () => {
  test("are deleted while a rule uses them, and the rule stays as it is", async () => {
    await firewall.call("POST", "/firewall/alias", ALIAS);
    await firewall.call("POST", "/firewall/rule", { ...RULE, destination: "PBS_HOSTS", descr: "uses it" });
    expect(await refused("DELETE", "/firewall/aliases?name=PBS_HOSTS")).toEqual([200, "SUCCESS"]);
    const { body } = await firewall.call("GET", "/firewall/rules?descr=uses+it");
    expect(body.data).toMatchObject([{ destination: "PBS_HOSTS" }]);
  });

  test("deleting what is not there succeeds", async () => {
    expect((await firewall.call("DELETE", "/firewall/aliases?name=NONE")).body.data).toEqual([]);
  });

  test.each([
    ["a second one of the same name", ALIAS, "FIELD_MUST_BE_UNIQUE"],
    ["a name of 32 characters", { ...ALIAS, name: "A".repeat(32) }, "LENGTH_VALIDATOR_MAXIMUM_CONSTRAINT"],
    ["the name of an interface", { ...ALIAS, name: "lan" }, "FILTER_NAME_VALIDATOR_NAME_IN_USE_BY_INTERFACE"],
    ["a word of the filter's grammar", { ...ALIAS, name: "quick" }, "FILTER_NAME_VALIDATOR_RESERVED_NAME_USED"],
    ["a network as a host", { ...ALIAS, name: "N", address: ["192.168.1.0/24"] }, "INVALID_HOST_ALIAS_ADDRESS"],
    ["more details than addresses", { ...ALIAS, name: "N", detail: ["a", "b"] }, "TOO_MANY_ALIAS_DETAILS"],
    ["an address that is no list", { ...ALIAS, name: "N", address: "192.168.1.20" }, "FIELD_INVALID_MANY_VALUE"],
  ])("refuse %s", async (_what, alias, id) => {
    await firewall.call("POST", "/firewall/alias", ALIAS);
    expect(await refused("POST", "/firewall/alias", alias)).toEqual([400, id]);
  });

  test("take a name of 31 characters", async () => {
    expect(await refused("POST", "/firewall/alias", { ...ALIAS, name: "A".repeat(31) })).toEqual([200, "SUCCESS"]);
  });

  test("cannot be renamed", async () => {
    await firewall.call("POST", "/firewall/alias", ALIAS);
    const { status, body } = await firewall.call("PATCH", "/firewall/alias", { id: 0, name: "OTHER" });
    expect([status, body.message]).toEqual([
      400,
      "Field `name` is not editable but the requested value `OTHER` differs from its current value `PBS_HOSTS`.",
    ]);
  });
});

describe("the parameters of a call", () => {
  test("are ignored in the query where the call claims a JSON body", async () => {
    const json = { "content-type": "application/json" };
    expect(await refused("GET", "/firewall/rule?id=0")).toEqual([200, "SUCCESS"]);
    expect(await refused("GET", "/firewall/rule?id=0", undefined, json)).toEqual([400, "MODEL_REQUIRES_ID"]);
    const id = "MODEL_DELETE_MANY_REQUIRES_QUERY_PARAMS";
    expect(await refused("DELETE", "/firewall/rules?descr=x", undefined, json)).toEqual([400, id]);
  });

  test("apply only from the body, and only as a boolean", async () => {
    await firewall.call("POST", "/firewall/rule?apply=true", RULE);
    await firewall.call("POST", "/firewall/rule", { ...RULE, apply: "true" });
    expect(firewall.device.applies).toBe(0);
    await firewall.call("POST", "/firewall/rule", { ...RULE, apply: true });
    expect(firewall.device.applies).toBe(1);
  });

  test("dry_run checks and writes nothing", async () => {
    expect(await refused("POST", "/firewall/rule", { ...RULE, dry_run: true })).toEqual([200, "SUCCESS"]);
    expect(await refused("POST", "/firewall/rule", { ...RULE, type: "let", dry_run: true })).toEqual([
      400,
      "FIELD_INVALID_CHOICE",
    ]);
    expect(await firewall.order()).toEqual(STOCK);
  });

  test("a key that is no field is ignored, a wrong type is not", async () => {
    expect(await refused("POST", "/firewall/rule", { ...RULE, colour: "red" })).toEqual([200, "SUCCESS"]);
    expect(await refused("POST", "/firewall/rule", { ...RULE, disabled: "false" })).toEqual([400, "FIELD_INVALID_TYPE"]);
    expect(await refused("POST", "/firewall/rule", { ...RULE, source: "UNKNOWN" })).toEqual([
      400,
      "FILTER_ADDRESS_FIELD_INVALID",
    ]);
  });

  test("decode the query as a form does", async () => {
    await firewall.call("POST", "/firewall/rule", { ...RULE, descr: "a b+c" });
    expect((await firewall.call("GET", "/firewall/rules?descr__exact=a+b%2Bc")).body.data).toHaveLength(1);
  });
});

describe("what waits for an apply", () => {
  test("is shown for an alias, never for a rule", async () => {
    const applied = async () => (await firewall.call("GET", "/firewall/apply")).body.data;
    await firewall.call("POST", "/firewall/rule", RULE);
    expect(await applied()).toEqual({ applied: true, pending_subsystems: [] });
    await firewall.call("POST", "/firewall/alias", ALIAS);
    expect(await applied()).toEqual({ applied: false, pending_subsystems: ["aliases"] });
    const { body } = await firewall.call("POST", "/firewall/apply", { async: false });
    expect(body.data).toEqual({ applied: true, pending_subsystems: [] });
    expect(await applied()).toEqual({ applied: true, pending_subsystems: [] });
  });
});

describe("credentials", () => {
  const basic = (pair: string) => ({ "x-api-key": "", authorization: `Basic ${Buffer.from(pair).toString("base64")}` });

  test("are the key or the administrator's password", async () => {
    expect(await refused("GET", "/firewall/rules")).toEqual([200, "SUCCESS"]);
    expect(await refused("GET", "/firewall/rules", undefined, basic("admin:pfsense"))).toEqual([200, "SUCCESS"]);
    for (const headers of [basic("admin:other"), { "x-api-key": "other" }, { "x-api-key": "" }]) {
      expect(await refused("GET", "/firewall/rules", undefined, headers)).toEqual([401, "AUTH_AUTHENTICATION_FAILED"]);
    }
  });

  test("a new key is asked for with the password, works at once and is stored only as a hash", async () => {
    expect(await refused("POST", "/auth/key", {})).toEqual([401, "AUTH_AUTHENTICATION_FAILED"]);
    const { body } = await firewall.call("POST", "/auth/key", { descr: "bastide" }, basic("admin:pfsense"));
    const { key } = body.data as { key: string };
    expect(await refused("GET", "/firewall/rules", undefined, { "x-api-key": key })).toEqual([200, "SUCCESS"]);
    const state = JSON.stringify((await firewall.call("GET", "/auth/keys")).body);
    expect(state).not.toContain(key);
    expect(state).not.toContain(ADMIN_KEY);
  });
});

describe("the other objects", () => {
  test("a VLAN is made at once, and its tag is unique on its card", async () => {
    const vlan = { if: "em1", tag: 20, descr: "backup" };
    expect((await firewall.call("POST", "/interface/vlan", vlan)).body.data).toMatchObject({ id: 0, vlanif: "em1.20" });
    expect(await refused("POST", "/interface/vlan", vlan)).toEqual([400, "MODEL_FIELDS_NOT_UNIQUE_TOGETHER"]);
    expect(await refused("POST", "/interface/vlan", { ...vlan, tag: 4095 })).toEqual([
      400,
      "NUMERIC_RANGE_VALIDATOR_MAXIMUM_CONSTRAINT",
    ]);
  });

  test("the interfaces are those of the seed, with both families", async () => {
    firewall.remove();
    const backup = { cidr: "10.9.0.0/24", address: "10.9.0.1", cidr6: "2001:db8:9::/64", address6: "2001:db8:9::1" };
    firewall = new Firewall({ ...EMPTY_SEED, firewall: { address: "10.9.0.1", interfaces: { opt3: backup } } });
    const { body } = await firewall.call("GET", "/interfaces?id=opt3");
    expect(body.data).toMatchObject([
      { id: "opt3", enable: true, ipaddr: "10.9.0.1", subnet: 24, typev6: "staticv6", ipaddrv6: "2001:db8:9::1", subnetv6: 64 },
    ]);
  });

  test("states are an empty list that can be cleared", async () => {
    expect((await firewall.call("GET", "/firewall/states")).body.data).toEqual([]);
    expect(await refused("DELETE", "/firewall/states?destination__startswith=192.168.1.20")).toEqual([200, "SUCCESS"]);
  });

  test("an unknown page and a wrong method are refused", async () => {
    expect(await refused("PATCH", "/firewall/rules", {})).toEqual([405, "ENDPOINT_METHOD_NOT_ALLOWED"]);
    expect((await firewall.call("GET", "/firewall/nothing")).status).toBe(404);
  });
});

test("survives the end of its process with all that it had answered", async () => {
  await firewall.call("POST", "/firewall/alias", ALIAS);
  await firewall.call("POST", "/firewall/rule", { ...RULE, placement: 0, descr: "kept" });
  firewall.restart();
  expect(await firewall.order()).toEqual(["kept", ...STOCK]);
  expect((await firewall.call("GET", "/firewall/aliases?name=PBS_HOSTS")).body.data).toHaveLength(1);
});
