import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "bastide-bindings-"));
const schemas = join(folder, "schemas");
const target = join(folder, "generated");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Generates in a process of its own, as the launcher and npm do; returns whether anything was generated, and the time. */
function generate(): { generated: boolean; milliseconds: number } {
  const module = pathToFileURL(join(root, "providers", "generate-bindings.mjs")).href;
  const script = `const { generateBindings } = await import(${JSON.stringify(module)});
    console.log("RESULT", await generateBindings(JSON.parse(process.argv[1])));
    const { user, system } = process.cpuUsage();
    console.log("PROCESSOR", Math.round((user + system) / 1000));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script, JSON.stringify({ schemas, target })], {
    encoding: "utf8",
  });
  expect(output).not.toContain("ERROR");
  return { generated: /RESULT true/.test(output), milliseconds: Number(/PROCESSOR (\d+)/.exec(output)?.[1]) };
}

function sources(): string[] {
  return readdirSync(target, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
}

describe("the bindings", () => {
  beforeAll(() => cpSync(join(root, "providers", "schemas"), schemas, { recursive: true }));

  it("are generated from the committed schemas in less than 2 s of processor time", () => {
    const { generated, milliseconds } = generate();
    expect(generated).toBe(true);
    expect(milliseconds).toBeLessThan(2000);
    expect(sources()).toEqual(
      expect.arrayContaining([
        "providers/restful/resource/index.ts",
        "providers/restful/provider/index.ts",
        "providers/proxmox/virtual-environment-vm/index.ts",
      ]),
    );
  });

  it("carry a marker and import the library under the one name that is installed", () => {
    for (const name of sources()) {
      const text = readFileSync(join(target, name), "utf8");
      expect(text).toMatch(/^\/\/ Generated from providers\/schemas .*\n\/\/ @ts-nocheck\n/);
      expect(text).not.toMatch(/from ['"]cdktn['"]/);
    }
  });

  it("keep each provider's own address and version", () => {
    const provider = (name: string) => readFileSync(join(target, "providers", name, "provider", "index.ts"), "utf8");
    expect(provider("restful")).toContain("registry.terraform.io/magodo/restful");
    expect(provider("restful")).toContain("0.25.2");
    expect(provider("proxmox")).toContain("registry.terraform.io/bpg/proxmox");
    expect(provider("proxmox")).toContain("0.112.0");
  });

  it("are not generated again while the schemas are the same", () => {
    expect(generate().generated).toBe(false);
  });

  it("are replaced as a whole when a schema changed", () => {
    writeFileSync(join(target, "left-over.ts"), "");
    const file = join(schemas, "proxmox.json");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("virtual_environment_pool", "virtual_environment_basin"));
    expect(generate().generated).toBe(true);
    expect(sources()).toContain("providers/proxmox/virtual-environment-basin/index.ts");
    expect(sources()).not.toContain("providers/proxmox/virtual-environment-pool/index.ts");
    expect(existsSync(join(target, "left-over.ts"))).toBe(false);
  });
});
