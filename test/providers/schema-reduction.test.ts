import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const providers = join(__dirname, "..", "..", "providers");

/** Calls a function of reduce-schema.mjs in Node itself: jest loads CommonJS only. */
function call(name: string, ...args: unknown[]): unknown {
  const module = pathToFileURL(join(providers, "reduce-schema.mjs")).href;
  const script = `const m = await import(${JSON.stringify(module)});
    const args = JSON.parse(process.argv[1]); if (${JSON.stringify(name)} === "reduceSchema") args.push((schema) => schema);
    try { console.log(JSON.stringify(m[${JSON.stringify(name)}](...args))); } catch (error) { console.log(JSON.stringify({ error: error.message })); }`;
  return JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "-e", script, JSON.stringify(args)], { encoding: "utf8" }),
  );
}

const whole = {
  format_version: "1.0",
  provider_schemas: {
    "r/a/b": { provider: { p: 1 }, resource_schemas: { b_x: {}, b_y: {}, b_z: {} }, data_source_schemas: { d: {} } },
  },
};

it("keeps the listed resources and the version, nothing else", () => {
  expect(call("reduceSchema", whole, "r/a/b", { version: "1.2.3", resources: ["b_x", "b_z"] })).toEqual({
    format_version: "1.0",
    provider_schemas: { "r/a/b": { provider: { p: 1 }, resource_schemas: { b_x: {}, b_z: {} } } },
    provider_versions: { "r/a/b": "1.2.3" },
  });
});

it("refuses a resource that the provider does not have", () => {
  expect(call("reduceSchema", whole, "r/a/b", { version: "1.2.3", resources: ["b_x", "b_w"] })).toEqual({
    error: "r/a/b 1.2.3 has no resource b_w",
  });
});

it("names what was added, removed and changed", () => {
  expect(call("compareSchemas", { a: { b: 1, c: [1] }, d: 2 }, { a: { b: 1, c: [2] }, e: 3 })).toEqual([
    "~ a.c: [1] -> [2]",
    "- d",
    "+ e",
  ]);
  expect(call("compareSchemas", { a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([]);
});

it.each(["restful", "proxmox"])("%s.json is in the order in which a new dump would be written", (name) => {
  const text = readFileSync(join(providers, "schemas", `${name}.json`), "utf8");
  expect(call("stableText", JSON.parse(text))).toBe(text);
});
