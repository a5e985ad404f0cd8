import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

jest.setTimeout(30_000);

const root = join(__dirname, "..", "..");
// Inside the repository, so that Node finds the libraries.
mkdirSync(join(root, ".bastide"), { recursive: true });
const folder = mkdtempSync(join(root, ".bastide", "bundle-"));
const dist = join(folder, "dist");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script as an ES module, as the bundle runs. */
function run(script: string): string {
  return execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", cwd: root });
}

/** Bundles these entries as build.mjs bundles the product. */
function bundle(entries: Record<string, string>): void {
  const builder = pathToFileURL(join(root, "build.mjs")).href;
  run(`const { build } = await import(${JSON.stringify(builder)}); await build(${JSON.stringify({ entries, dist })});`);
}

describe("the bundle", () => {
  it("runs the library, which is CommonJS, and the generated classes through named imports, and does not load them before", () => {
    const main = join(folder, "main.ts");
    const synth = join(folder, "synth.ts");
    writeFileSync(main, `const { text } = await import("./synth"); console.log(text);`);
    writeFileSync(
      synth,
      `import { App, TerraformStack, Testing } from "cdktf";
      import { RestfulProvider } from "${root}/.gen/providers/restful/provider";
      import { Resource } from "${root}/.gen/providers/restful/resource";
      const stack = new TerraformStack(new App({ outdir: "/nonexistent" }), "stack");
      new RestfulProvider(stack, "provider", { baseUrl: "https://device" });
      new Resource(stack, "object", { path: "/config/prune", body: { id: "x", keep: 7 } });
      export const text = JSON.stringify(JSON.parse(Testing.synth(stack)).resource);`,
    );
    bundle({ main });
    const output = run(`await import(${JSON.stringify(pathToFileURL(join(dist, "main.mjs")).href)});`);
    expect(output).toContain('{"restful_resource":{"object":{"body":{"id":"x","keep":7},"path":"/config/prune"}}}');
    expect(staticImports("main.mjs")).not.toContain("cdktf");
    expect(readdirSync(dist).filter((file) => file.endsWith(".mjs") && staticImports(file).includes("cdktf"))).toHaveLength(1);
  });

  it("starts the command line from the bundle alone, without finding a library's files", () => {
    bundle({ cli: join(root, "cli", "main.ts") });
    const libraries = staticImports("cli.mjs").filter((name) => !name.startsWith("node:"));
    expect(libraries).toEqual([]);
    copyFileSync(join(root, "package.json"), join(folder, "package.json"));
    expect(
      run(`process.argv.push("bastide", "--help"); await import(${JSON.stringify(pathToFileURL(join(dist, "cli.mjs")).href)});`),
    ).toContain("Start here:");
  });

  it("gives site files the same classes as the command line has", () => {
    bundle({ first: join(root, "model", "faults.ts"), second: join(root, "model", "index.ts") });
    const [first, second] = ["first", "second"].map((name) => JSON.stringify(pathToFileURL(join(dist, `${name}.mjs`)).href));
    expect(
      run(
        `const [a, b] = [await import(${first}), await import(${second})]; console.log(a.UserError !== undefined && a.UserError === b.UserError);`,
      ),
    ).toBe("true\n");
  });
});

/** What Node loads before the first line of an entry runs: what it imports or requires, and what the parts do that it imports. */
function staticImports(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const found = [
    ...readFileSync(join(dist, file), "utf8").matchAll(
      /^(?:import|export)\s[^;]*?from\s*"([^"]+)";|^import\s*"([^"]+)";|^\}?\s*from\s*"([^"]+)";|^var library\d* = __require\("([^"]+)"\);/gm,
    ),
  ].map((match) => match.slice(1).find((name) => name !== undefined) ?? "");
  return found.flatMap((name) => (name.startsWith("./") ? staticImports(name.slice(2), seen) : [name]));
}
