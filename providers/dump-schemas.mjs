/**
 * Asks the real binaries for their schemas, reduces them to the resources of versions.json and compares them with the
 * committed ones. Exit code 2: they differ. `--write` accepts the difference.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { quietRequire } from "./quiet-require.mjs";
import { compareSchemas, reduceSchema, stableText } from "./reduce-schema.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const pinned = JSON.parse(await readFile(join(here, "versions.json"), "utf8"));

/** The whole schema of every pinned provider, from the binaries that the engine will run. */
async function askProviders() {
  const { ensureEngine, ensureProviders } = await loadToolchain();
  const engine = await ensureEngine(report);
  const { cliConfigFile } = await ensureProviders(engine, report);
  const folder = await mkdtemp(join(tmpdir(), "bastide-schemas-"));
  const env = { ...process.env, TF_CLI_CONFIG_FILE: cliConfigFile, CHECKPOINT_DISABLE: "1" };
  const run = (...args) => promisify(execFile)(engine.path, args, { cwd: folder, env, maxBuffer: 256 * 1024 * 1024 });
  try {
    await writeFile(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers: requirements() } }));
    await run("init", "-backend=false", "-input=false");
    return JSON.parse((await run("providers", "schema", "-json")).stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bundled apart from the command line: schemas can be dumped while that one does not compile. */
async function loadToolchain() {
  const outfile = join(here, "..", ".bastide", `toolchain-${process.pid}.mjs`);
  const entryPoints = [join(here, "toolchain.ts")];
  await build({ entryPoints, outfile, bundle: true, format: "esm", platform: "node", packages: "external" });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(outfile, { force: true });
  }
}

function requirements() {
  const entries = Object.entries(pinned.providers);
  return Object.fromEntries(
    entries.map(([name, { source, version }]) => [name, { source: `${pinned.registry}/${source}`, version }]),
  );
}

function report({ what, state, elapsedMs }) {
  if (state !== "running") console.error(`${what}: ${state} (${Math.round(elapsedMs / 1000)} s)`);
}

const accept = process.argv.includes("--write");
const { sanitizeProviderSchema } = quietRequire("@cdktn/provider-schema/build/provider-schema.js");
const whole = await askProviders();
let differs = false;
for (const [name, provider] of Object.entries(pinned.providers)) {
  const file = join(here, "schemas", `${name}.json`);
  const fresh = reduceSchema(whole, `${pinned.registry}/${provider.source}`, provider, sanitizeProviderSchema);
  const committed = JSON.parse(await readFile(file, "utf8").catch(() => "{}"));
  const differences = compareSchemas(committed, fresh);
  if (differences.length === 0) {
    console.log(`${name} ${provider.version}: as committed`);
    continue;
  }
  console.log(`${name} ${provider.version}: ${differences.length} differences\n  ${differences.join("\n  ")}`);
  if (accept) await writeFile(file, stableText(fresh));
  else differs = true;
}
if (differs) {
  console.log("Accept them with: npm run schemas -- --write");
  process.exitCode = 2;
}
