import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
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
function bundle(entries: { programs?: Record<string, string>; libraries?: Record<string, string> }): void {
  const builder = pathToFileURL(join(root, "build.mjs")).href;
  run(`const { build } = await import(${JSON.stringify(builder)}); await build(${JSON.stringify({ ...entries, dist })});`);
}

/** What a started program has required of libraries, by the end of its files' paths. */
const REQUIRED = `import { createRequire } from "node:module";
  const required = (library) => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes("/node_modules/" + library));`;

const compiled = (): string[] => readdirSync(dist).filter((name) => name.endsWith(".code"));

describe("the bundle", () => {
  it("runs the library, which is CommonJS, and the generated classes through named imports, and does not load them before", () => {
    const main = join(folder, "main.ts");
    const synth = join(folder, "synth.ts");
    writeFileSync(main, `globalThis.synth = async () => (await import("./synth")).text;`);
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
    bundle({ programs: { main } });
    const output = run(`${REQUIRED}
      await import(${JSON.stringify(pathToFileURL(join(dist, "main.mjs")).href)});
      console.log("before: " + required("cdktf"), await synth(), "after: " + required("cdktf"));`);
    expect(output).toMatch(/^before: false .* after: true$/m);
    expect(output).toContain('{"restful_resource":{"object":{"body":{"id":"x","keep":7},"path":"/config/prune"}}}');
  });

  it("starts the command line from the bundle alone, without finding a library's files", () => {
    bundle({ programs: { cli: join(root, "cli", "main.ts") } });
    copyFileSync(join(root, "package.json"), join(folder, "package.json"));
    const output = run(`${REQUIRED}
      process.argv.push("bastide", "--help");
      process.once("exit", () => console.log("required: " + required("")));
      await import(${JSON.stringify(pathToFileURL(join(dist, "cli.mjs")).href)});`);
    expect(output).toContain("Start here:");
    expect(output).toContain("required: false");
  });

  it("gives site files the same classes as the command line has", () => {
    bundle({ libraries: { first: join(root, "model", "faults.ts"), second: join(root, "model", "index.ts") } });
    const [first, second] = ["first", "second"].map((name) => JSON.stringify(pathToFileURL(join(dist, `${name}.mjs`)).href));
    expect(
      run(
        `const [a, b] = [await import(${first}), await import(${second})]; console.log(a.UserError !== undefined && a.UserError === b.UserError);`,
      ),
    ).toBe("true\n");
  });
});

describe("what V8 has compiled", () => {
  const program = join(folder, "program.ts");
  const start = (): string => execFileSync(process.execPath, [join(dist, "main.mjs")], { encoding: "utf8" });

  it("is kept by the first start, used by the next, and made anew when it cannot be used", () => {
    rmSync(dist, { recursive: true, force: true });
    writeFileSync(program, `console.log("one");`);
    bundle({ programs: { main: program } });
    expect([compiled(), start(), compiled().length]).toEqual([[], "one\n", 1]);
    const code = join(dist, compiled()[0] ?? "");
    const { ino } = statSync(code);
    expect([start(), statSync(code).ino]).toEqual(["one\n", ino]);
    for (const broken of ["", "not what V8 has written"]) {
      writeFileSync(code, broken);
      expect([start(), readFileSync(code).length > 100]).toEqual(["one\n", true]);
    }
  });

  it("is never that of other sources, not even of the same length", () => {
    writeFileSync(program, `console.log("two");`);
    bundle({ programs: { main: program } });
    expect([start(), start()]).toEqual(["two\n", "two\n"]);
  });

  it("need not be kept: a folder that cannot be written only costs time", () => {
    const [code = ""] = compiled();
    for (const name of compiled()) rmSync(join(dist, name));
    // Where the file would stand lies a folder: also root cannot write it.
    mkdirSync(join(dist, code, "taken"), { recursive: true });
    expect(start()).toBe("two\n");
    expect(readdirSync(dist).filter((name) => name.includes(".code."))).toEqual([]);
  });
});
