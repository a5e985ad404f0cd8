import { constructId } from "../../../constructs/construct-id";
import { readSelector } from "../../../constructs/rest-selector";
import { planSides } from "../../../review/sources/plan";
import { keyBehind, plannedObject } from "../../../review/sources/planned-object";
import site from "../../../sites/ecosolar/site";

/** The review may not import the constructs; what it takes from their selectors and ids is held together here. */
const reading = { select: 'data.#(id=="x")', defaults: { disable: 0 }, derived: {}, witness: "comment" };
const UNWANTED = ["all", "pool", "node"];

const objectOf = (comment: string, more: { unwanted?: string[]; expected?: string[] }) => {
  const selector = readSelector({ ...reading, unwanted: [], expected: [], ...more });
  const values = { read_path: "/cluster/backup", read_selector: selector, body: { comment } };
  return plannedObject("hypervisor", { values, sensitive: {} });
};

describe("a selector of the constructs", () => {
  it.each([
    ["all", UNWANTED],
    ["node", ["node"]],
    ["a person's comment", []],
    ["", []],
  ])("tells which keys were set by hand, and which may be: %s", (comment, unknown) => {
    for (const expected of [[], ["encryption-key"]]) {
      expect([...(objectOf(comment, { unwanted: UNWANTED, expected })?.unknown?.keys() ?? [])]).toEqual(unknown);
    }
  });

  it.each([
    ["x", ["encryption-key"], ["encryption-key"]],
    ["no encryption-key", ["encryption-key"], []],
    ["no encryption-key", [], []],
  ])("tells whether a secret that the device must hold is there: %s of %j", (comment, expected, held) => {
    for (const unwanted of [[], UNWANTED]) expect([...(objectOf(comment, { expected, unwanted })?.held ?? [])]).toEqual(held);
  });

  it("tells the key for which another one stands", () => {
    const selector = readSelector({ ...reading, unwanted: UNWANTED, expected: ["encryption-key"] });
    expect(keyBehind(selector, "comment", "pool")).toBe("pool");
    expect(keyBehind(selector, "comment", "no encryption-key")).toBe("encryption-key");
    expect(keyBehind(selector, "comment", "a comment")).toBe("comment");
    expect(keyBehind(selector, "schedule", "pool")).toBe("schedule");
  });
});

describe("an id of the constructs", () => {
  it.each(["pbs", "pbs_2", "coffre-fort", "é", "a__b"])("tells the backup server: %s", (server) => {
    const name = constructId("datastore", server, "data");
    const after = { read_path: "/config/datastore", read_selector: "data", body: { name: "data", path: "/data" } };
    const change = { actions: ["create"], before: null, after };
    const entry = { address: `restful_resource.${name}`, mode: "managed", type: "restful_resource", name, change };
    const plan = { format_version: "1.2", planned_values: {}, resource_changes: [entry] };
    const { datastores } = planSides([{ layer: "backup-server", plan }], site).after;
    expect(datastores).toMatchObject([{ backupServer: server, name: "data", path: "/data", garbageCollection: "never" }]);
  });
});
