import { execFile } from "node:child_process";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheDirectory, cacheFault } from "./cache-directory";
import type { Engine } from "./engine";
import { findProgram } from "./find-program";
import { buildWithGo, temporaryDirectory } from "./go-build";
import { withInstallLock } from "./install-lock";
import { type Report, withProgress } from "./progress";
import { registryOffers, registryService } from "./registry";
import { replaceFile } from "./replace-file";
import { type PinnedProvider, pinnedProviders, registryHost } from "./versions";

const run = promisify(execFile);

/** Where the engine finds the providers. */
export interface Providers {
  /** For the engine's variable TF_CLI_CONFIG_FILE. */
  readonly cliConfigFile: string;
  readonly mirror: string;
}

/**
 * Makes the pinned providers available to the engine: from the cache, else from the registry when it answers, else built
 * with Go. The engine is told to look nowhere else, so that what was brought once is what runs.
 */
export async function ensureProviders(engine: Engine, report: Report): Promise<Providers> {
  const cache = await cacheDirectory();
  const mirror = join(cache, "mirror");
  if ((await missing(mirror)).length > 0) await withInstallLock(cache, report, () => bring(engine, cache, mirror, report));
  return { cliConfigFile: await writeConfiguration(cache, mirror), mirror };
}

async function bring(engine: Engine, cache: string, mirror: string, report: Report): Promise<void> {
  const service = registryService();
  if ((await missing(mirror)).length > 0 && service !== undefined) await fromRegistry(engine, service, cache, mirror, report);
  for (const provider of await missing(mirror)) {
    const what = `building the provider ${provider.source} ${provider.version} with Go, once, about a minute`;
    const instead = "or make registry.terraform.io reachable (see BASTIDE_REGISTRY)";
    await withProgress(what, report, () => buildWithGo(provider, binary(mirror, provider), cache, instead));
  }
}

/** The engine itself downloads, because it checks sums and signatures. What fails here is built instead. */
async function fromRegistry(engine: Engine, service: string, cache: string, mirror: string, report: Report): Promise<void> {
  if (!(await withProgress(`asking ${service} for the providers`, report, () => registryOffers(service)))) return;
  const temporary = await temporaryDirectory(cache);
  try {
    await writeFile(join(temporary, "main.tf.json"), JSON.stringify({ terraform: { required_providers: requirements() } }));
    const configuration = join(temporary, "registry.tfrc");
    await writeFile(configuration, `host "${registryHost}" {\n  services = { "providers.v1" = ${JSON.stringify(service)} }\n}\n`);
    const env = {
      ...process.env,
      CHECKPOINT_DISABLE: "1",
      TF_CLI_CONFIG_FILE: configuration,
      TF_DATA_DIR: join(temporary, "data"),
    };
    await withProgress("downloading the providers", report, () =>
      run(engine.path, ["init", "-backend=false", "-input=false", "-no-color"], { cwd: temporary, env, timeout: 600_000 }),
    );
    for (const provider of await missing(mirror)) {
      const target = packageFolder(mirror, provider);
      await mkdir(dirname(target), { recursive: true });
      await rm(target, { recursive: true, force: true });
      await rename(packageFolder(join(temporary, "data", "providers"), provider), target);
    }
  } catch (error) {
    const fault = cacheFault(error, cache);
    if (fault) throw fault;
    const said = (error as { stderr?: string }).stderr || (error as Error).message;
    const reason = said
      .slice(Math.max(0, said.indexOf("Error: ")))
      .replaceAll(/\s+/g, " ")
      .trim()
      .slice(0, 300);
    report({ what: `the download failed, so the providers are built here: ${reason}`, state: "done", elapsedMs: 0 });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function requirements(): Record<string, { source: string; version: string }> {
  const entry = ({ source, version }: PinnedProvider) => ({ source: `${registryHost}/${source}`, version });
  return Object.fromEntries(pinnedProviders.map((provider) => [provider.name, entry(provider)]));
}

async function missing(mirror: string): Promise<PinnedProvider[]> {
  const present = await Promise.all(pinnedProviders.map((provider) => findProgram(binary(mirror, provider))));
  return pinnedProviders.filter((_, index) => present[index] === undefined);
}

function packageFolder(root: string, { source, version }: PinnedProvider): string {
  const machine = arch() === "x64" ? "amd64" : arch();
  return join(root, registryHost, source, version, `${platform()}_${machine}`);
}

function binary(mirror: string, provider: PinnedProvider): string {
  return join(packageFolder(mirror, provider), `terraform-provider-${provider.source.split("/")[1]}_v${provider.version}`);
}

async function writeConfiguration(cache: string, mirror: string): Promise<string> {
  const include = pinnedProviders.map(({ source }) => `${registryHost}/${source}`);
  const text = `disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ${JSON.stringify(include)}
  }
}
`;
  const file = join(cache, "engine.tfrc");
  if ((await readFile(file, "utf8").catch(() => undefined)) === text) return file;
  try {
    await replaceFile(file, text);
  } catch (error) {
    throw cacheFault(error, cache) ?? error;
  }
  return file;
}
