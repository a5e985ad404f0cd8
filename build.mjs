/**
 * Bundles the command line to dist/ so that it starts fast. Needs nothing but Node and node_modules.
 *
 * dist/cli.mjs        the command line
 * dist/lab.mjs        the process of the embedded devices
 * dist/model.mjs      what a site file gets for `import … from "bastide"`: the same modules, so the same classes, as the command line
 * dist/toolchain.mjs  engine and providers, for scripts
 * dist/bundle-*.cjs   the code of all of them, and beside it what V8 compiled of it (see load-bundle.mjs)
 *
 * It is one CommonJS file because V8 keeps what it compiled of a script, not of an ES module. A module runs when it is first
 * needed, so a command that needs no cdktf never loads it. Libraries stay in node_modules, but for the few that every command
 * needs: finding their files takes Node longer than running them.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build as bundle } from "esbuild";
import { generateBindings } from "./providers/generate-bindings.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const product = {
  programs: { cli: "cli/main.ts", lab: "lab/main.ts" },
  libraries: { model: "model/index.ts", toolchain: "providers/toolchain.ts" },
};
/** Runs the bundle; copied to dist/. */
const LOADER = "load-bundle.mjs";
const hourMs = 60 * 60 * 1000;
const TICK_MS = 10;

/**
 * The libraries that go into the bundle, with their main file. An alias to a file is no package any more, so it is not external.
 * zod's file is the one behind its front door: of that esbuild takes what is used, not fifty languages. So import it as
 * `import * as z from "zod"`.
 */
const BUNDLED = {
  commander: "index.js",
  "fastest-levenshtein": "esm/mod.js",
  "ipaddr.js": "lib/ipaddr.js",
  picocolors: "picocolors.js",
  zod: "v4/classic/external.js",
};
const packageFile = (name, file) => join(root, "node_modules", name, file);

/**
 * Brings bindings and bundle up to date with the sources as they were when it began.
 * @param options.programs   name in dist/ to the source that runs there
 * @param options.libraries  name in dist/ to the source whose exports it has
 */
export async function build({ programs = {}, libraries = {}, dist } = { ...product, dist: join(root, "dist") }) {
  // The kernel stamps files by a clock that lags by up to a tick: what is edited just now must count as edited after this.
  const begin = new Date(Date.now() - TICK_MS);
  await generateBindings();
  await mkdir(join(root, ".bastide"), { recursive: true });
  const temporary = await mkdtemp(join(root, ".bastide", "dist-"));
  try {
    const entries = Object.entries({ ...programs, ...libraries });
    const loaders = entries.map(
      ([name, source]) => `  ${JSON.stringify(name)}: () => require(${JSON.stringify(resolve(root, source))}),`,
    );
    const { metafile } = await bundle({
      absWorkingDir: root,
      stdin: { contents: `module.exports = {\n${loaders.join("\n")}\n};`, resolveDir: root, sourcefile: "entries.js" },
      outdir: temporary,
      outExtension: { ".js": ".cjs" },
      entryNames: "bundle-[hash]",
      bundle: true,
      metafile: true,
      format: "cjs",
      platform: "node",
      target: "node20",
      packages: "external",
      alias: Object.fromEntries(Object.entries(BUNDLED).map(([name, file]) => [name, packageFile(name, file)])),
      // A script cannot import by itself: libraries are required, and what is no library is imported by load-bundle.mjs.
      supported: { "dynamic-import": false },
      plugins: [importByLoader],
      define: { "import.meta.url": "bundleUrl" },
      banner: { js: "(function (module, exports, require, bundleUrl, importModule) {" },
      footer: { js: "})" },
      sourcemap: "linked",
      sourcesContent: false,
      logLevel: "warning",
    });
    const [file] = Object.keys(metafile.outputs).filter((name) => name.endsWith(".cjs"));
    await copyFile(join(root, LOADER), join(temporary, LOADER));
    await writeEntries(temporary, basename(file), programs, libraries);
    await publish(temporary, dist, begin);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Leaves the import of a file that is only known while Bastide runs to the loader of the bundle. */
const importByLoader = {
  name: "import by the loader of the bundle",
  setup({ onLoad }) {
    onLoad({ filter: /\/deploy\/import-module\.ts$/ }, () => ({ contents: "module.exports = { importModule };" }));
  },
};

/** The modules by which Node gets at the bundle. */
async function writeEntries(folder, file, programs, libraries) {
  const { load } = await import(pathToFileURL(join(folder, LOADER)).href);
  await writeFile(
    join(folder, "bundle.mjs"),
    `import { load } from "./${LOADER}";\nexport const entries = load(${JSON.stringify(file)});\n`,
  );
  const entry = async (name, text) =>
    await writeFile(join(folder, `${name}.mjs`), `// ${file}\nimport { entries } from "./bundle.mjs";\n${text}\n`);
  for (const name of Object.keys(programs)) await entry(name, `entries[${JSON.stringify(name)}]();`);
  const entries = load(file);
  for (const name of Object.keys(libraries)) {
    const exported = Object.keys(entries[name]());
    await entry(name, `export const { ${exported.join(", ")} } = entries[${JSON.stringify(name)}]();`);
  }
}

/**
 * The bundle first, entries after it, the stamp last: at any moment dist/ holds a whole command line, the old or the new one.
 * Earlier bundles stay for a while, because a command that starts now may be about to load one.
 */
async function publish(from, to, begin) {
  await mkdir(to, { recursive: true });
  const files = await readdir(from);
  const isBundle = (name) => name.startsWith("bundle-");
  for (const name of [...files.filter(isBundle), ...files.filter((name) => !isBundle(name))])
    await rename(join(from, name), join(to, name));
  for (const name of await readdir(to)) {
    if (!isBundle(name) || files.some((file) => name.startsWith(file))) continue;
    const path = join(to, name);
    if (Date.now() - (await stat(path)).mtimeMs > hourMs) await rm(path, { force: true });
  }
  // What was edited while this ran is newer than the stamp, so the next start builds again.
  await writeFile(join(from, ".stamp"), "");
  await utimes(join(from, ".stamp"), begin, begin);
  await rename(join(from, ".stamp"), join(to, ".stamp"));
}

/**
 * Lets V8 compile what nearly every command runs, once and for all: the check of the examples, whatever comes of it. The command
 * leaves what was compiled in dist/.
 */
async function compile() {
  const cache = await mkdtemp(join(root, ".bastide", "compiled-"));
  try {
    const check = [join(root, "dist", "cli.mjs"), "check", "--sites", join(root, "sites")];
    const child = spawn(process.execPath, check, { stdio: "ignore", env: { ...process.env, BASTIDE_CACHE: cache } });
    await once(child, "close");
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await build();
    await compile();
  } catch (error) {
    // What is wrong with a source, esbuild has shown already.
    if (!error.errors) throw error;
    process.exitCode = 1;
  }
}
