import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../model/faults";
import { cacheFault } from "./cache-directory";
import { findProgram } from "./find-program";
import { buildFolder, type GoProgram, minimumGo } from "./versions";

const run = promisify(execFile);

/**
 * Builds a program from its pinned Go module. It appears at the target in one step, or not at all; what an interrupted
 * build compiled stays in Go's own cache, so the next one continues there.
 * @param instead what the user can do without Go: `or install OpenTofu >= 1.12`
 */
export async function buildWithGo(program: GoProgram, target: string, cache: string, instead: string): Promise<void> {
  const go = await findProgram("go");
  if (go === undefined) {
    throw new UserError({
      what: `${program.package.split("/").pop()} ${program.version} is not here and cannot be built: no Go on PATH`,
      where: "PATH",
      repair: `install Go >= ${minimumGo} (https://go.dev/dl/), ${instead}`,
    });
  }
  const temporary = await temporaryDirectory(cache);
  try {
    const built = join(temporary, basename(target));
    await compile(go, program, built, cache);
    await mkdir(dirname(target), { recursive: true });
    await rename(built, target);
  } catch (error) {
    throw cacheFault(error, cache) ?? error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * A fresh directory on the file system of the cache, so that a rename out of it is atomic.
 * Called under the install lock only: whatever else stands there was left by a start that was killed.
 */
export async function temporaryDirectory(cache: string): Promise<string> {
  const parent = join(cache, "tmp");
  try {
    await rm(parent, { recursive: true, force: true });
    await mkdir(parent, { recursive: true });
    return await mkdtemp(join(parent, "build-"));
  } catch (error) {
    throw cacheFault(error, cache) ?? error;
  }
}

async function compile(go: string, program: GoProgram, target: string, cache: string): Promise<void> {
  const folder = join(buildFolder, program.folder);
  const args = [
    "build",
    "-mod=readonly",
    "-trimpath",
    "-buildvcs=false",
    `-ldflags=${program.linkerFlags}`,
    "-o",
    target,
    program.package,
  ];
  try {
    await run(go, args, { cwd: folder, env: goEnvironment(cache), maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    throw buildFault(error as GoFailure, program, folder);
  }
}

/** The pinned sums decide what is built: no flag, workspace or toolchain of the user changes it. */
function goEnvironment(cache: string): NodeJS.ProcessEnv {
  const pinned = { GOTOOLCHAIN: "local", CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" };
  const homeless = process.env.HOME ? {} : { GOPATH: join(cache, "go"), GOCACHE: join(cache, "go-build") };
  return { ...homeless, ...process.env, ...pinned };
}

interface GoFailure extends Error {
  readonly stderr?: string;
  readonly signal?: string;
}

function buildFault(error: GoFailure, program: GoProgram, folder: string): Error {
  const text = error.stderr ?? "";
  const name = `${program.package.split("/").pop()} ${program.version}`;
  if (error.signal) {
    return new UserError({
      what: `building ${name} was interrupted`,
      where: folder,
      repair: "run the same command again: it continues",
    });
  }
  const running = /requires go >= \S+ \(running go (\S+?)[;)]/.exec(text)?.[1];
  // Before 1.21 Go does not say that it is too old; it stumbles over what it does not know.
  if (running !== undefined || /unknown directive: t|invalid go version/.test(text)) {
    return new UserError({
      what: `${name} needs Go >= ${minimumGo}, ${running === undefined ? "an older one" : `Go ${running}`} is installed`,
      where: "PATH",
      repair: `install Go >= ${minimumGo} (https://go.dev/dl/)`,
    });
  }
  const lastLines = text.trim().split("\n").slice(-6).join("\n");
  return new UserError({
    what: `building ${name} failed:\n${lastLines || error.message}`,
    where: folder,
    why: "it is in no registry that answers, so it is built from its pinned Go module",
    repair:
      "check the disk space and that the Go module proxy answers (go env GOPROXY), then run the same command again: it continues",
  });
}
