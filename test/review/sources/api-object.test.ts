import { certain, ObjectReader, Unreadable } from "../../../review/sources/api-object";

const reader = (object: Record<string, unknown>, unknown: [string, string][] = []) =>
  new ObjectReader({ device: "pbs", collection: "/config/prune", object, unknown: new Map(unknown) });

const ODD = { unknown: '"key" has a form that Bastide does not know' };
const LATER = { unknown: "later" };

describe("one key of an object", () => {
  it.each([
    [true, true],
    [1, true],
    ["1", true],
    [false, false],
    [0, false],
    ["0", false],
    [undefined, "absent"],
    [null, "absent"],
    ["", "absent"],
    ["yes", ODD],
    [2, ODD],
    [{}, ODD],
  ])("is a flag in every form of the products: %j", (value, expected) => {
    for (const absent of [true, false]) {
      expect(reader({ key: value }).flag("key", absent)).toEqual(expected === "absent" ? absent : expected);
    }
  });

  it.each([
    [3, 3],
    ["3", 3],
    [0, 0],
    [undefined, undefined],
    ["", undefined],
    [-1, ODD],
    [1.5, ODD],
    ["many", ODD],
  ])("is a count, or nothing that is taken for one: %j", (value, expected) => {
    expect(reader({ key: value }).count("key")).toEqual(expected);
  });

  it.each([
    [
      ["a", "b"],
      ["a", "b"],
    ],
    ["a,b", ["a", "b"]],
    ["a;b c", ["a", "b", "c"]],
    [101, ["101"]],
    [undefined, []],
    [{}, ODD],
  ])("is a list, also as one text: %j", (value, expected) => {
    expect(reader({ key: value }).list("key")).toEqual(expected);
  });

  it.each([
    ["text", "text"],
    [7, "7"],
    [undefined, "none"],
    [{ a: 1 }, ODD],
    [true, ODD],
  ])("is a text: %j", (value, expected) => {
    expect(reader({ key: value }).text("key", "none")).toEqual(expected);
  });

  it("stays unknown, whatever stands in its place, with the reason", () => {
    const one = reader({ key: "1" }, [["key", "later"]]);
    const read = [one.flag("key", true), one.count("key"), one.list("key"), one.text("key", ""), one.schedule("key")];
    expect(read).toEqual(read.map(() => LATER));
    expect(one.word("key", ["1"], "1")).toEqual(LATER);
    expect(one.unknown("other", "key")).toEqual(LATER);
    expect(one.unknown("other")).toBeUndefined();
    expect(() => one.name("key")).toThrow(new Unreadable("later"));
  });

  it("that must be there makes the object unreadable without it", () => {
    expect(reader({ key: "x" }).name("key")).toBe("x");
    expect(() => reader({}).name("key")).toThrow(Unreadable);
    expect(certain("value")).toBe("value");
  });
});
