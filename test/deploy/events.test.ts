import { LineSplitter, parseEvent } from "../../deploy/events";

const hook = (type: string, more: object = {}) =>
  JSON.stringify({
    "@level": "info",
    type,
    hook: { resource: { addr: "restful_resource.a", implied_provider: "restful" }, action: "create", ...more },
  });

describe("an event of the engine", () => {
  it.each([
    [hook("apply_start"), { type: "apply_start", address: "restful_resource.a", action: "create", elapsedSeconds: 0 }],
    [hook("apply_progress", { elapsed_seconds: 10.5 }), { type: "apply_progress", elapsedSeconds: 10.5 }],
    [hook("apply_complete", { elapsed_seconds: 3, id_key: "id", id_value: "/x" }), { type: "apply_complete", elapsedSeconds: 3 }],
    [hook("apply_errored"), { type: "apply_errored" }],
    [hook("refresh_start"), { type: "refresh_start", address: "restful_resource.a" }],
    [
      '{"type":"planned_change","change":{"resource":{"addr":"restful_resource.a"},"action":"replace","reason":"tainted"}}',
      { type: "planned_change", action: "replace" },
    ],
    ['{"type":"planned_change","change":{"resource":{"addr":"restful_resource.a"},"action":"remove"}}', { action: "forget" }],
    [
      '{"type":"change_summary","changes":{"add":2,"change":1,"import":0,"remove":3,"forget":0,"operation":"plan"}}',
      { type: "change_summary", operation: "plan", counts: { add: 2, change: 1, remove: 3 } },
    ],
    ['{"type":"outputs","outputs":{"a":{"sensitive":true}}}', { type: "outputs", names: ["a"] }],
    [
      '{"type":"diagnostic","diagnostic":{"severity":"error","summary":"s","detail":"d","address":"restful_resource.a","range":{}}}',
      { type: "diagnostic", diagnostic: { severity: "error", summary: "s", detail: "d", address: "restful_resource.a" } },
    ],
    [
      '{"type":"diagnostic","diagnostic":{"severity":"warning","summary":"s"}}',
      { diagnostic: { severity: "warning", summary: "s", detail: "" } },
    ],
  ])("%s", (line, expected) => {
    expect(parseEvent(line)).toMatchObject(expected);
  });

  it.each([
    ["an unknown type", '{"type":"ephemeral_action_started","@message":"opening"}', "opening"],
    ["no type, as init writes it", '{"@message":"Initializing the backend..."}', "Initializing the backend..."],
    ["a line that a crash cut off", '{"type":"apply_start","hook":{"resou', '{"type":"apply_start","hook":{"resou'],
    ["text of a panic", "panic: runtime error", "panic: runtime error"],
    ["an object event without an object", '{"type":"apply_start","@message":"m"}', "m"],
    ["a diagnostic without a summary", '{"type":"diagnostic","diagnostic":{},"@message":"m"}', "m"],
    ["JSON that is no object", "[1]", "[1]"],
  ])("keeps %s", (_name, line, message) => {
    expect(parseEvent(line)).toEqual({ type: "other", message });
  });
});

describe("the stream of lines", () => {
  const split = (...pieces: string[]): string[] => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    for (const piece of pieces) splitter.push(piece);
    splitter.end();
    return lines;
  };

  it("is cut at line feeds, wherever the pieces end", () => {
    expect(split("a\nb", "c\n", "\n", "d")).toEqual(["a", "bc", "d"]);
  });

  it("gives nothing for nothing", () => {
    expect(split("", "\n", " \n")).toEqual([]);
  });
});
