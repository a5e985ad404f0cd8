/**
 * Generates the typed classes of the providers' resources, `.gen/providers/<name>/<resource>/index.ts`, from the reduced
 * schemas in providers/schemas. Needs neither network nor engine; does nothing while schemas and generator are the same.
 */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { quietRequire } from "./quiet-require.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
const marker = "// Generated from providers/schemas by providers/generate-bindings.mjs. Do not edit.\n// @ts-nocheck\n";

/**
 * @param options.schemas folder of the schemas
 * @param options.target folder that is replaced as a whole
 * @returns whether anything had to be generated
 */
export async function generateBindings({ schemas = join(here, "schemas"), target = join(root, ".gen") } = {}) {
  const inputs = await readInputs(schemas);
  const stamp = join(target, ".stamp");
  const digest = await inputDigest(inputs);
  if ((await readFile(stamp, "utf8").catch(() => "")) === digest) return false;

  await mkdir(join(root, ".bastide"), { recursive: true });
  const temporary = await mkdtemp(join(root, ".bastide", "gen-"));
  try {
    const fresh = join(temporary, "new");
    await mkdir(fresh);
    const { generateProviderBindingsFromSchema: generate } = quietRequire("@cdktn/provider-generator");
    // One call per provider: a call with two mixes their provider classes up.
    for (const { schema } of inputs) await generate(fresh, schema);
    await adaptSources(fresh);
    await writeFile(join(fresh, ".stamp"), digest);
    await mkdir(dirname(target), { recursive: true });
    await rename(target, join(temporary, "old")).catch(ignoreMissing);
    await rename(fresh, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return true;
}

async function readInputs(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  return await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), "utf8");
      return { text, schema: JSON.parse(text) };
    }),
  );
}

/** Changes with the schemas, with the generator's version and with this file. */
async function inputDigest(inputs) {
  const { version } = createRequire(import.meta.url)("@cdktn/provider-generator/package.json");
  const hash = createHash("sha256")
    .update(`${version}\n`)
    .update(await readFile(fileURLToPath(import.meta.url)));
  for (const { text } of inputs) hash.update(text);
  return hash.digest("hex");
}

/** The library is installed under the name `cdktf`; a second copy under its own name would be another set of classes. */
async function adaptSources(folder) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const text = await readFile(file, "utf8");
    await writeFile(file, marker + text.replaceAll("from 'cdktn'", "from 'cdktf'"));
  }
}

function ignoreMissing(error) {
  if (error.code !== "ENOENT") throw error;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const begin = performance.now();
  const generated = await generateBindings();
  console.log(generated ? `bindings generated in ${Math.round(performance.now() - begin)} ms` : "bindings are up to date");
}
