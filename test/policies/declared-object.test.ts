import { countOf, declaredObjects, flagOf, isReference, textOf, textsOf } from "../../policies/engine/declared-object";
import { actionOf } from "../../policies/engine/planned-stack";

const LATER = "${var.later}";

test("a switch is read as the devices read it", () => {
  for (const on of [true, 1, 2, "1", "true", "on", "yes", "YES"]) expect(flagOf(on, false)).toBe(true);
  for (const off of [false, 0, "0", "false", "off", "no", ""]) expect(flagOf(off, true)).toBe(false);
  for (const absent of [undefined, null]) expect([flagOf(absent, true), flagOf(absent, false)]).toEqual([true, false]);
  for (const unknown of [LATER, {}]) expect(flagOf(unknown, true)).toBeUndefined();
});

test("texts stand in a list or behind each other, and are unknown as soon as one is", () => {
  for (const list of ["101,103", "101; 103", " 101  103 ", ["101", "103"]]) expect(textsOf(list)).toEqual(["101", "103"]);
  expect([textsOf(101), textsOf(""), textsOf([])]).toEqual([["101"], [], []]);
  for (const unknown of [undefined, LATER, ["101", LATER], {}]) expect(textsOf(unknown)).toBeUndefined();
});

test("a text, a count and a reference are told apart", () => {
  expect([textOf("a"), textOf(LATER), textOf(1)]).toEqual(["a", undefined, undefined]);
  expect([countOf(3), countOf("3"), countOf(0), countOf(""), countOf("x"), countOf(LATER), countOf(undefined)]).toEqual([
    3,
    3,
    0,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(["${a}", "x${a}", "$${a}", "$$${a}", "$a", 1].map(isReference)).toEqual([true, true, false, true, false, false]);
});

test("an object stands in the list that it is read from, on the device of its provider", () => {
  const resource = (attributes: object, type = "restful_resource") => ({ [type]: { one: attributes } });
  const found = (attributes: object, type?: string) =>
    declaredObjects([{ id: "s", layer: "hypervisor", configuration: { resource: resource(attributes, type) } }], "/list");
  const body = { a: 1 };
  expect(found({ path: "/list/id", read_path: "/list", body })).toEqual([
    { object: "hypervisor one", device: "hypervisor", collection: "/list", body },
  ]);
  expect(found({ path: "/list", provider: "restful.device__pbs_2enord" })).toMatchObject([{ device: "pbs.nord", body: {} }]);
  expect(found({ path: "/list", provider: "restful.device__n_c3_b6rd" })).toMatchObject([{ device: "nörd" }]);
  expect([found({ path: "/list" }, "other"), found({ path: "/other" }), found({})]).toEqual([[], [], []]);
});

test("what the engine's actions come to", () => {
  const lists = [["create"], ["update"], ["delete"], ["forget"], ["read"], ["no-op"], ["odd"], [], undefined];
  expect(lists.map(actionOf)).toEqual(["create", "update", "delete", "forget", "read", "noop", "noop", "noop", "noop"]);
  expect([actionOf(["delete", "create"]), actionOf(["create", "delete"])]).toEqual(["replace", "replace"]);
});
