import { PveLab } from "./pve";

let pve: PveLab;
beforeEach(() => {
  pve = new PveLab();
});
afterEach(() => pve.remove());

const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const UNKNOWN = "property is not defined in schema and the schema does not allow additional properties";

describe("requests", () => {
  test("are read as a form or as JSON, by their content type", async () => {
    await pve.data("POST", "/pools", form({ poolid: "a", comment: "x y" }));
    await pve.data("POST", "/pools", { poolid: "b", comment: "x y" });
    expect(await pve.data("GET", "/pools")).toEqual([
      { poolid: "a", comment: "x y" },
      { poolid: "b", comment: "x y" },
    ]);
  });

  test("take a value of the query over one of the body", async () => {
    await pve.data("POST", "/pools?comment=query", { poolid: "a", comment: "body" });
    expect(await pve.data("GET", "/pools")).toEqual([{ poolid: "a", comment: "query" }]);
  });

  test("may not contradict the address", async () => {
    const answer = await pve.call("GET", "/access/users/root@pam?userid=other@pam");
    expect(answer.body.errors).toEqual({ userid: "duplicate parameter (already defined in URI) with conflicting values!" });
    expect((await pve.call("GET", "/access/users/root@pam?userid=root@pam")).status).toBe(200);
  });

  test("lose the body of a DELETE", async () => {
    await pve.data("POST", "/pools", { poolid: "a" });
    expect((await pve.call("DELETE", "/pools", { poolid: "a" })).body.errors).toEqual({
      poolid: "property is missing and it is not optional",
    });
    expect((await pve.call("DELETE", "/pools?poolid=a", { poolid: "ignored" })).status).toBe(200);
  });

  test("in chunks are refused", async () => {
    const answer = await pve.call("POST", "/pools", form({ poolid: "a" }), { "transfer-encoding": "chunked" });
    expect([answer.status, answer.reason]).toEqual([501, "chunked transfer encoding not supported"]);
    expect(await pve.data("GET", "/pools")).toEqual([]);
  });

  test.each([
    ["application/json", "{", 500],
    ["application/json", "[]", 500],
    ["text/plain", "poolid=a", 506],
  ])("of type %s with body %s are answered %i", async (type, body, status) => {
    expect((await pve.call("POST", "/pools", body, { "content-type": type })).status).toBe(status);
  });

  test("to an unknown address are not implemented", async () => {
    const answer = await pve.call("GET", "/nonsense");
    expect([answer.status, answer.reason]).toEqual([501, "Method 'GET /nonsense' not implemented"]);
  });

  test("for a node that does not exist fail", async () => {
    expect((await pve.call("GET", "/nodes/other/time")).reason).toContain("hostname lookup 'other' failed");
  });
});

describe("parameters", () => {
  const errors = async (url: string, body: unknown) => (await pve.call("POST", url, body)).body.errors;

  test("are all checked at once, each with its own fault", async () => {
    expect(
      await errors("/cluster/backup", {
        id: "1x",
        mode: "hot",
        enabled: "yes",
        ionice: 9,
        zstd: "two",
        storage: "x",
        nonsense: 1,
      }),
    ).toEqual({
      id: "invalid format - invalid configuration ID '1x'\n",
      mode: "value 'hot' does not have a value in the enumeration 'snapshot, suspend, stop'",
      enabled: "type check ('boolean') failed - got 'yes'",
      ionice: "value must have a maximum value of 8",
      zstd: "type check ('integer') failed - got 'two'",
      storage: "invalid format - storage ID 'x' cannot be shorter than 2 characters\n",
      nonsense: UNKNOWN,
    });
  });

  test.each([
    ["8", undefined],
    ["9", "value must have a maximum value of 8"],
    ["0", undefined],
    ["-1", "value must have a minimum value of 0"],
  ])("ionice %s: %s", async (ionice, fault) => {
    const found = await errors("/cluster/backup", { id: "job", schedule: "21:00", all: 1, ionice });
    expect(found?.ionice).toBe(fault);
  });

  test("of a text are counted in characters, not bytes", async () => {
    const users = (comment: string) => errors("/access/users", { userid: "a@pve", comment });
    expect(await users("é".repeat(2049))).toEqual({ comment: "value may only be 2048 characters long" });
    expect(await users("é".repeat(2048))).toBeUndefined();
  });

  test("of a switch may be JSON true, of a text may not", async () => {
    expect(await errors("/access/users", { userid: "a@pve", enable: true })).toBeUndefined();
    expect(await errors("/access/users", { userid: "b@pve", comment: true })).toEqual({
      comment: "type check ('string') failed - got JSON::PP::Boolean",
    });
  });

  test("that take a comma list also take a JSON list, and a list also one value", async () => {
    await pve.data("POST", "/cluster/backup", { id: "job", schedule: "21:00", vmid: [101, 102], "exclude-path": "/tmp/*" });
    expect(await pve.data("GET", "/cluster/backup/job")).toMatchObject({ vmid: "101,102", "exclude-path": ["/tmp/*"] });
  });

  test("that need another one name it", async () => {
    expect(await errors("/cluster/backup", { id: "job", schedule: "21:00", all: 1, "notes-template": "x" })).toEqual({
      storage: "missing property required by 'notes-template'",
    });
  });

  test.each([
    ["enabled=1", "'storage' parameter is required when 'enabled' is set\n"],
    ["storage=local,storage=local", "duplicate key in comma-separated list property: storage\n"],
    ["nonsense=1", "invalid key in comma-separated list property: nonsense\n"],
    ["1,0", "duplicate key in comma-separated list property: enabled\n"],
    ["enabled=maybe", "format error\nenabled: type check ('boolean') failed - got 'maybe'\n"],
  ])("in one property string are checked too: fleecing=%s", async (fleecing, fault) => {
    expect(await errors("/cluster/backup", { id: "job", schedule: "21:00", all: 1, fleecing })).toEqual({
      fleecing: `invalid format - ${fault}`,
    });
  });
});
