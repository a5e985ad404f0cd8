import { actionOf } from "../../policies/engine/planned-stack";
import { countOf, flagOf, OPEN, textOf, textsOf } from "../../policies/reading/device-value";
import { isReference } from "../../policies/reading/variable-reference";

const LATER = "${var.later}";

test("a switch is read as the devices read it", () => {
  for (const on of [true, 1, 2, "1", "true", "on", "yes", "YES"]) expect(flagOf(on, false)).toBe(true);
  for (const off of [false, 0, "0", "false", "off", "no", ""]) expect(flagOf(off, true)).toBe(false);
  for (const absent of [undefined, null]) expect([flagOf(absent, true), flagOf(absent, false)]).toEqual([true, false]);
  for (const unknown of [LATER, OPEN, {}]) expect(flagOf(unknown, true)).toBeUndefined();
});

test("texts stand in a list or behind each other, and are unknown as soon as one is", () => {
  for (const list of ["101,103", "101; 103", " 101  103 ", ["101", "103"]]) expect(textsOf(list)).toEqual(["101", "103"]);
  expect([textsOf(101), textsOf(""), textsOf([])]).toEqual([["101"], [], []]);
  for (const unknown of [undefined, LATER, OPEN, ["101", LATER], {}]) expect(textsOf(unknown)).toBeUndefined();
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

test("what the engine's actions come to", () => {
  const lists = [["create"], ["update"], ["delete"], ["forget"], ["read"], ["no-op"], ["odd"], [], undefined];
  expect(lists.map(actionOf)).toEqual(["create", "update", "delete", "forget", "read", "noop", "noop", "noop", "noop"]);
  expect([actionOf(["delete", "create"]), actionOf(["create", "delete"])]).toEqual(["replace", "replace"]);
});
