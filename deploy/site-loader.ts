import { createHash, randomUUID } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { closest, distance } from "fastest-levenshtein";
import { type Fault, type Site, UserError } from "../model";
import { importModule } from "./import-module";

/** A folder that holds sites: `<folder>/<site>/site.ts`. */
export interface SitesFolder {
  /** Absolute. */
  readonly path: string;
  /** URL of the built model, which `import … from "bastide"` of a site file means. */
  readonly modelUrl: string;
  /** Where compiled site files are kept. Default: the user's cache. */
  readonly cache?: string;
}

/** Names of the sites of a folder, in alphabetical order. */
export function listSites(folder: SitesFolder): string[] {
  if (!existsSync(folder.path)) {
    throw new UserError({ where: folder.path, what: "no such folder", repair: "give the folder of the sites with --sites DIR" });
  }
  return readdirSync(folder.path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(siteFile(folder, entry.name)))
    .map((entry) => entry.name)
    .sort();
}

/** Path of the file that describes a site. */
export const siteFile = (folder: SitesFolder, site: string): string => join(folder.path, site, "site.ts");

/**
 * Loads and checks one site.
 * @throws UserError with every fault of the file, each with the file's path before the path in the model
 */
export async function loadSite(folder: SitesFolder, name: string): Promise<Site> {
  const file = siteFile(folder, name);
  if (!existsSync(file)) {
    const names = listSites(folder);
    const near = names.length > 0 ? closest(name, names) : undefined;
    const hint = near !== undefined && distance(near, name) <= 3 ? `; did you mean "${near}"?` : "";
    throw new UserError({
      where: folder.path,
      what: `no site "${name}"${hint}`,
      repair:
        names.length > 0
          ? `choose one of: ${names.join(", ")}`
          : `write ${relative(process.cwd(), file)}, or give the folder with --sites DIR`,
    });
  }
  const label = relative(process.cwd(), file);
  const compiled = await compiledFile(file, folder, label);
  let loaded: { default?: Site };
  try {
    loaded = (await importModule(pathToFileURL(compiled).href)) as { default?: Site };
  } catch (error) {
    throw error instanceof UserError ? located(error.faults, label) : thrownBySite(error, label);
  }
  const site = loaded.default;
  if (site === undefined || typeof site !== "object" || !("environments" in site)) {
    throw new UserError({ where: label, what: "does not export a site", repair: "write: export default defineSite({ … });" });
  }
  if (site.name !== name) {
    throw new UserError({
      where: `${label} name`,
      what: `the site is called "${site.name}" but lies in the folder "${name}"`,
      why: "stacks, state and secrets are found by the name",
      repair: `rename the folder to "${site.name}", or the site to "${name}"`,
    });
  }
  return site;
}

function located(faults: readonly Fault[], label: string): UserError {
  return new UserError(faults.map((fault) => ({ ...fault, where: `${label} ${fault.where}` })));
}

function thrownBySite(error: unknown, label: string): UserError {
  const message = error instanceof Error ? error.message : String(error);
  return new UserError({ where: label, what: `stops while it is read: ${message}`, repair: "repair the code of the site file" });
}

interface Compilation {
  /** Every file that went in, by its path from the site's folder, with its content's hash. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The path of the JavaScript, and its content's hash. */
  readonly output: readonly [path: string, hash: string];
}

/**
 * The site as JavaScript, from the cache when the same files were compiled before, wherever they lay: the compiler is then not
 * even loaded, also for another revision's tree.
 */
async function compiledFile(file: string, folder: SitesFolder, label: string): Promise<string> {
  const { modelUrl, cache = siteCache() } = folder;
  const directory = dirname(file);
  const index = join(cache, `${sha256(`${modelUrl}\0${hashOf(file)}`)}.json`);
  const known = readCompilation(index);
  if (
    known !== undefined &&
    hashOf(known.output[0]) === known.output[1] &&
    Object.entries(known.inputs).every(([path, hash]) => hashOf(resolve(directory, path)) === hash)
  ) {
    return known.output[0];
  }
  const { build } = await import("esbuild");
  const result = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    metafile: true,
    absWorkingDir: directory,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "silent",
    plugins: [
      {
        name: "bastide",
        setup(setup) {
          setup.onResolve({ filter: /^bastide$/ }, () => ({ path: modelUrl, external: true }));
        },
      },
    ],
  }).catch((error: unknown) => {
    throw compilerFaults(error, label);
  });
  const text = result.outputFiles[0]?.text ?? "";
  const hash = sha256(text);
  const output = join(cache, `${hash}.mjs`);
  const inputs = Object.fromEntries(
    Object.keys(result.metafile.inputs).map((input) => [input, hashOf(resolve(directory, input)) ?? ""]),
  );
  keep(output, text);
  keep(index, JSON.stringify({ inputs, output: [output, hash] } satisfies Compilation));
  return output;
}

/** Several commands may write the same file at the same time. Not flushed to the disk: what a power cut tears is not used. */
function keep(file: string, text: string): void {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw unwritable(dirname(file), (error as NodeJS.ErrnoException).code);
  }
}

function unwritable(where: string, code?: string): UserError {
  return new UserError({
    where,
    what: `compiled site files cannot be kept there${code === undefined ? "" : ` (${code})`}`,
    repair: "free space, or set BASTIDE_CACHE to a folder that can be written",
  });
}

function compilerFaults(error: unknown, label: string): UserError {
  const errors = (error as { errors?: { text: string; location?: { line: number; column: number } | null }[] }).errors;
  if (errors === undefined || errors.length === 0) throw error;
  return new UserError(
    errors.map(({ text, location }) => ({
      where: location ? `${label}:${location.line}:${location.column + 1}` : label,
      what: text.charAt(0).toLowerCase() + text.slice(1),
      repair: "repair the syntax at this place; an editor with TypeScript shows it too",
    })),
  );
}

/** Under the user's cache, else under the temporary folder: a cache must never be the reason for a failure. */
function siteCache(): string {
  const home = process.env.HOME ?? "";
  const base =
    process.env.BASTIDE_CACHE ??
    (process.env.XDG_CACHE_HOME
      ? join(process.env.XDG_CACHE_HOME, "bastide")
      : home === ""
        ? ""
        : join(homedir(), ".cache", "bastide"));
  for (const folder of [
    base === "" ? undefined : join(base, "sites"),
    join(tmpdir(), `bastide-${process.getuid?.() ?? 0}`, "sites"),
  ]) {
    if (folder === undefined) continue;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      accessSync(folder, constants.W_OK);
      return folder;
    } catch {
      // Read-only or not ours: the next one.
    }
  }
  throw unwritable(tmpdir());
}

function readCompilation(index: string): Compilation | undefined {
  try {
    const { inputs, output } = JSON.parse(readFileSync(index, "utf8")) as Partial<Compilation>;
    return inputs !== undefined && Array.isArray(output) ? { inputs, output } : undefined;
  } catch {
    return undefined;
  }
}

function hashOf(path: string): string | undefined {
  try {
    return sha256(readFileSync(path));
  } catch {
    return undefined;
  }
}

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
