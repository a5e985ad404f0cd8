/**
 * Bundles the command line to dist/ so that it starts as fast as plain JavaScript. Needs nothing but Node and node_modules.
 *
 * dist/cli.mjs        the command line
 * dist/model.mjs      what a site file gets for `import … from "bastide"`: the same modules, so the same classes, as the command line
 * dist/lab.mjs        the process of the embedded devices
 * dist/toolchain.mjs  engine and providers, for scripts
 *
 * Libraries stay in node_modules and are loaded by Node, but for the few that every command needs: finding and translating their
 * files takes Node longer than running them. Large ones that are CommonJS, cdktf above all, are loaded with `require`: an import
 * makes Node look for the names of their exports in the text of all their files, which takes as long as running them. Named and
 * namespace imports of them work unchanged in the sources (test/launcher proves it).
 * Splitting keeps what is imported dynamically in files of its own: a command that needs no cdktf never loads it.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build as bundle } from "esbuild";
import { generateBindings } from "./providers/generate-bindings.mjs";

const require = createRequire(import.meta.url);
const root = dirname(fileURLToPath(import.meta.url));
const productEntries = { cli: "cli/main.ts", model: "model/index.ts", lab: "lab/main.ts", toolchain: "providers/toolchain.ts" };
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
const COMMON_JS = /^(cdktf|constructs|esbuild|proper-lockfile|typescript|undici)$/;

const packageFile = (name, file) => join(root, "node_modules", name, file);

/**
 * Brings bindings and bundle up to date with the sources as they were when it began. An entry that does not exist is left out.
 * @param options.entries name of the bundle to its source
 */
export async function build({ entries = productEntries, dist = join(root, "dist") } = {}) {
  // The kernel stamps files by a clock that lags by up to a tick: what is edited just now must count as edited after this.
  const begin = new Date(Date.now() - TICK_MS);
  await generateBindings();
  await mkdir(join(root, ".bastide"), { recursive: true });
  const temporary = await mkdtemp(join(root, ".bastide", "dist-"));
  try {
    await bundle({
      absWorkingDir: root,
      entryPoints: Object.fromEntries(Object.entries(entries).filter(([, source]) => existsSync(resolve(root, source)))),
      outdir: temporary,
      outExtension: { ".js": ".mjs" },
      chunkNames: "part-[hash]",
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20",
      packages: "external",
      alias: Object.fromEntries(Object.entries(BUNDLED).map(([name, file]) => [name, packageFile(name, file)])),
      plugins: [requireCommonJs],
      // For what is loaded with `require`: the libraries above, and the builtin modules of a bundled one.
      banner: { js: `import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);` },
      sourcemap: "linked",
      sourcesContent: false,
      logLevel: "warning",
    });
    await publish(temporary, dist, begin);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Puts a module that requires the library and exports what it has in the place of each import of it. */
const requireCommonJs = {
  name: "require CommonJS",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: COMMON_JS }, ({ path, namespace }) =>
      namespace === "commonjs" ? { path, external: true } : { path, namespace: "commonjs" },
    );
    onLoad({ filter: COMMON_JS, namespace: "commonjs" }, ({ path }) => {
      const names = Object.keys(require(path)).filter((name) => name !== "default");
      const library = `require(${JSON.stringify(path)})`;
      return { contents: `const library = ${library}; export default library; export const { ${names.join(", ")} } = library;` };
    });
  },
};

/**
 * Parts first, entries after them, the stamp last: at any moment dist/ holds a whole command line, the old or the new one.
 * Parts of earlier builds stay for a while, because a command that runs now may still load them.
 */
async function publish(from, to, begin) {
  await mkdir(to, { recursive: true });
  const files = await readdir(from);
  const isPart = (name) => name.startsWith("part-");
  for (const name of [...files.filter(isPart), ...files.filter((name) => !isPart(name))])
    await rename(join(from, name), join(to, name));
  for (const name of await readdir(to)) {
    if (files.includes(name) || !isPart(name)) continue;
    const path = join(to, name);
    if (Date.now() - (await stat(path)).mtimeMs > 24 * hourMs) await rm(path, { force: true });
  }
  // What was edited while this ran is newer than the stamp, so the next start builds again.
  await writeFile(join(from, ".stamp"), "");
  await utimes(join(from, ".stamp"), begin, begin);
  await rename(join(from, ".stamp"), join(to, ".stamp"));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await build();
  } catch (error) {
    // What is wrong with a source, esbuild has shown already.
    if (!error.errors) throw error;
    process.exitCode = 1;
  }
}
