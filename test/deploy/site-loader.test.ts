import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

jest.setTimeout(60_000);

const root = join(__dirname, "..", "..");
// Inside the repository, so that Node finds the libraries.
mkdirSync(join(root, ".bastide"), { recursive: true });
const folder = mkdtempSync(join(root, ".bastide", "site-loader-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dist = join(folder, "dist");
const sites = join(folder, "sites");
const siteFile = join(sites, "ecosolar", "site.ts");
let caches = 0;
let cache = "";

/** Loads the site in a process of its own, as a command does. @returns what it says of the site, or the fault */
async function load(path = sites): Promise<string> {
  const script = `
    const { loadSite } = await import(${JSON.stringify(pathToFileURL(join(dist, "loader.mjs")).href)});
    const folder = { path: ${JSON.stringify(path)}, modelUrl: ${JSON.stringify(pathToFileURL(join(dist, "model.mjs")).href)} };
    try { console.log((await loadSite(folder, "ecosolar")).client); }
    catch (error) { if (!error.faults) throw error; console.log(error.faults.map(({ where, what }) => where + ": " + what).join("\\n")); }`;
  const options = { cwd: folder, env: { ...process.env, BASTIDE_CACHE: cache } };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], options);
  return stdout.trim();
}

const kept = (ending: string): string[] => readdirSync(join(cache, "sites")).filter((name) => name.endsWith(ending));

beforeAll(async () => {
  const libraries = { loader: join(root, "deploy", "site-loader.ts"), model: join(root, "model", "index.ts") };
  const builder = pathToFileURL(join(root, "build.mjs")).href;
  const script = `const { build } = await import(${JSON.stringify(builder)}); await build(${JSON.stringify({ libraries, dist })});`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { cwd: root });
});

beforeEach(() => {
  rmSync(sites, { recursive: true, force: true });
  cpSync(join(root, "sites", "ecosolar"), join(sites, "ecosolar"), { recursive: true });
  cache = join(folder, `cache-${caches++}`);
});

function rewrite(from: string, to: string, file = siteFile): void {
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

describe("a site file that is loaded", () => {
  it("is compiled once, and again when it or a file that it imports has changed", async () => {
    writeFileSync(join(sites, "client.ts"), 'export const client: string = "First";\n');
    rewrite("import { defineSite", 'import { client } from "../client";\nimport { defineSite');
    rewrite('client: "EcoSolar Solutions"', "client");
    expect(await load()).toBe("First");
    expect(await load()).toBe("First");
    expect(kept(".mjs")).toHaveLength(1);
    writeFileSync(join(sites, "client.ts"), 'export const client: string = "Second";\n');
    expect(await load()).toBe("Second");
    expect(kept(".mjs")).toHaveLength(2);
    rewrite('name: "ecosolar"', 'name: "other"');
    expect(await load()).toMatch(/"other" but lies in the folder "ecosolar"/);
  });

  it("is compiled once for all places where it lies with the same files, and for each that imports another", async () => {
    writeFileSync(join(sites, "client.ts"), 'export const client: string = "First";\n');
    rewrite("import { defineSite", 'import { client } from "../client";\nimport { defineSite');
    rewrite('client: "EcoSolar Solutions"', "client");
    const elsewhere = join(folder, `elsewhere-${caches}`);
    cpSync(sites, elsewhere, { recursive: true });
    expect([await load(), await load(elsewhere)]).toEqual(["First", "First"]);
    expect(kept(".mjs")).toHaveLength(1);
    writeFileSync(join(elsewhere, "client.ts"), 'export const client: string = "Second";\n');
    expect([await load(elsewhere), await load()]).toEqual(["Second", "First"]);
  });

  it("is compiled again when what was kept is torn or gone", async () => {
    await load();
    const [compiled = ""] = kept(".mjs");
    const [index = ""] = kept(".json");
    const path = (name: string) => join(cache, "sites", name);
    const whole = readFileSync(path(compiled), "utf8");
    for (const text of ["", whole.slice(0, -20), `${whole}\n`]) {
      writeFileSync(path(compiled), text);
      expect(await load()).toBe("EcoSolar Solutions");
      expect(readFileSync(path(compiled), "utf8")).toBe(whole);
    }
    rmSync(path(compiled));
    expect(await load()).toBe("EcoSolar Solutions");
    for (const text of ["", "{}", `{"inputs":{},"output":"${path(compiled)}"}`]) {
      writeFileSync(path(index), text);
      expect(await load()).toBe("EcoSolar Solutions");
    }
  });

  it("may be loaded for the first time by several commands at once", async () => {
    expect(new Set(await Promise.all([load(), load(), load(), load()]))).toEqual(new Set(["EcoSolar Solutions"]));
    expect(kept(".tmp")).toEqual([]);
    expect(kept(".mjs")).toHaveLength(1);
  });

  it("says where it cannot be kept, and what to do", async () => {
    mkdirSync(join(cache, "sites"), { recursive: true });
    expect(await load()).toBe("EcoSolar Solutions");
    const [index = ""] = kept(".json");
    rmSync(join(cache, "sites", index));
    mkdirSync(join(cache, "sites", index));
    expect(await load()).toBe(`${join(cache, "sites")}: compiled site files cannot be kept there (EISDIR)`);
    expect(kept(".tmp")).toEqual([]);
  });
});
