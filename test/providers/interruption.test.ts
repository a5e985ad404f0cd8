import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import { type Engine, ensureProviders } from "../../providers/toolchain";
import { Sandbox } from "./sandbox";

jest.setTimeout(30_000);

const root = join(__dirname, "..", "..");
// One level below the root, as the bundle: the pinned modules are found from there.
const bundle = join(root, ".bastide", `toolchain-of-test-${process.pid}.mjs`);
const engine: Engine = { kind: "opentofu", path: "/nonexistent/tofu", version: "1.12.6", skipped: [] };

let sandbox: Sandbox;
beforeAll(() => {
  mkdirSync(join(root, ".bastide"), { recursive: true });
  buildSync({
    absWorkingDir: root,
    entryPoints: ["providers/toolchain.ts"],
    outfile: bundle,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
  });
});
afterAll(() => rmSync(bundle, { force: true }));
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

/** Starts ensureProviders in a process group of its own and kills all of it once the build has begun. */
async function interrupt(signal: NodeJS.Signals): Promise<void> {
  const script = `const { ensureProviders } = await import(${JSON.stringify(pathToFileURL(bundle).href)});
    await ensureProviders(${JSON.stringify(engine)}, () => undefined);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    detached: true,
    stdio: "ignore",
    env: process.env,
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  while (sandbox.log("go.log").length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  process.kill(-(child.pid as number), signal);
  await ended;
}

it.each(["SIGINT", "SIGKILL"] as const)(
  "after %s in the middle of a build nothing half is in the mirror, and the next start builds it",
  async (signal) => {
    sandbox.go(20);
    await interrupt(signal);
    expect(sandbox.files().filter((path) => path.startsWith("mirror"))).toEqual([]);

    sandbox.go();
    const begin = Date.now();
    await ensureProviders(engine, sandbox.report);
    expect(sandbox.files().filter((path) => path.startsWith("mirror"))).toHaveLength(2);
    expect(readdirSync(join(sandbox.cache, "tmp"))).toEqual([]);
    // The lock of a killed process is taken over 5 s after its last sign of life; a signal that can be caught removes it.
    expect(Date.now() - begin).toBeLessThan(signal === "SIGKILL" ? 15_000 : 5_000);
  },
);
