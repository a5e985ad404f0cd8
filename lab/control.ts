import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../model";
import { daemonOf } from "./beacon";
import type { LabDescription } from "./description";
import { LAB_FILES, readJson, writeJson } from "./files";
import { type LabSeed, withMachinesOf } from "./seed";
import { timingAtSpeed } from "./timing";

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 10_000;
const POLL_MS = 25;
const STARTING = "starting the lab's devices";
const RESTARTING = "restarting the lab's devices: the site's machines, or Bastide itself, have changed";

export interface LabUpOptions {
  /** Path of the daemon's bundle, `dist/lab.mjs`. */
  readonly daemon: string;
  /** Told what is being done, a line at a time. */
  readonly report?: (line: string) => void;
}

/** Whether a lab runs. */
export type LabStatus =
  | { readonly state: "down" }
  | { readonly state: "up"; readonly processId: number; readonly description: LabDescription };

/**
 * Brings the lab of a directory up and waits until every device answers; does nothing where it is up already. A changed seed
 * restarts it: new machines are added, what the devices hold stays, and so do machines that the seed has forgotten. Devices of
 * another build, as after an update of Bastide, are restarted too.
 * @throws UserError where the directory is not a lab's, or the devices do not start
 */
export async function labUp(directory: string, seed: LabSeed, options: LabUpOptions): Promise<LabDescription> {
  claim(directory);
  const earlier = readJson<LabSeed>(directory, LAB_FILES.seed);
  const grown = withMachinesOf(earlier, seed);
  const sameSeed = isDeepStrictEqual(earlier, grown);
  const build = buildOf(options.daemon);
  const daemon = await daemonOf(directory);
  const outdated = daemon !== undefined && !(sameSeed && daemon.build === build);
  if (!outdated) {
    const status = await labStatus(directory);
    if (status.state === "up") return status.description;
  }
  // What the daemon would stumble over is better told here than in its log.
  timingAtSpeed(process.env.BASTIDE_LAB_SPEED);
  options.report?.(outdated ? RESTARTING : STARTING);
  if (outdated) await stop(directory, daemon.pid);
  if (!sameSeed) writeJson(directory, LAB_FILES.seed, grown);
  return start(directory, options.daemon, build);
}

/** Stops the lab; what its devices hold stays. @returns whether one ran */
export async function labDown(directory: string): Promise<boolean> {
  const daemon = await daemonOf(directory);
  if (daemon === undefined) return false;
  await stop(directory, daemon.pid);
  return true;
}

/** Stops this very daemon: one that another command has started meanwhile goes on. */
async function stop(directory: string, processId: number): Promise<void> {
  if ((await daemonOf(directory))?.pid !== processId) return;
  process.kill(processId, "SIGTERM");
  await until(
    STOP_LIMIT_MS,
    async () => (isAlive(processId) ? undefined : true),
    () => fault(directory, `process ${processId} of the lab does not stop`, `kill ${processId}, then run the command again`),
  );
}

/** A daemon that has let go of its directory may still write; it is stopped when its process is gone. */
function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

export async function labStatus(directory: string): Promise<LabStatus> {
  const daemon = await daemonOf(directory);
  const description = readJson<LabDescription>(directory, LAB_FILES.description);
  if (daemon === undefined || description === undefined) return { state: "down" };
  return { state: "up", processId: daemon.pid, description };
}

/** Stops the lab and deletes everything that it holds. @throws UserError where the directory is not a lab's */
export async function labReset(directory: string): Promise<void> {
  if (!existsSync(directory)) return;
  if (!existsSync(join(directory, LAB_FILES.marker))) {
    throw fault(directory, "this is not a lab's directory", "name the directory that `lab up` made");
  }
  await labDown(directory);
  // A start that lost against the daemon may still be writing its last line.
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/**
 * Shell exports for curl and other clients. The first backup server is `BASTIDE_LAB_PBS_*`; each one is also
 * `BASTIDE_LAB_PBS_<NAME>_*` where there are several.
 */
export function labEnvironment(description: LabDescription, directory: string): string {
  const { hypervisor, backupServers, firewall } = description;
  const servers = Object.entries(backupServers);
  const variables: [string, string][] = [
    ["CA", join(resolve(directory), LAB_FILES.ca)],
    ["PVE_URL", hypervisor.url + hypervisor.apiBase],
    ["PVE_TOKEN", hypervisor.credential],
    ...servers.slice(0, 1).flatMap(([, server]) => pbsVariables("PBS", server)),
    ...(servers.length > 1 ? servers.flatMap(([name, server]) => pbsVariables(`PBS_${shellName(name)}`, server)) : []),
  ];
  if (firewall !== undefined) {
    variables.push(["PFSENSE_URL", firewall.url + firewall.apiBase], ["PFSENSE_KEY", firewall.credential]);
  }
  return variables.map(([name, value]) => `export BASTIDE_LAB_${name}='${value.replaceAll("'", "'\\''")}'\n`).join("");
}

function pbsVariables(prefix: string, server: LabDescription["hypervisor"]): [string, string][] {
  return [
    [`${prefix}_URL`, server.url + server.apiBase],
    [`${prefix}_TOKEN`, server.credential],
  ];
}

function shellName(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, "_");
}

/** Makes the directory a lab's; one that holds anything else is left alone. */
function claim(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const marker = join(directory, LAB_FILES.marker);
  if (existsSync(marker)) return;
  // Another start may have made its first files since.
  if (readdirSync(directory).length > 0 && !existsSync(marker)) {
    throw fault(directory, "the directory is not empty and is not a lab's", "name a new directory for the lab");
  }
  writeFileSync(marker, "The devices of a Bastide lab keep their state here. `./bastide lab reset` deletes this directory.\n");
}

/** The bundle's entry names its parts by their content, so its own content tells builds apart. A missing one fails at its start. */
const buildOf = (daemon: string): string =>
  existsSync(daemon) ? createHash("sha256").update(readFileSync(daemon)).digest("hex").slice(0, 16) : "none";

async function start(directory: string, daemon: string, build: string): Promise<LabDescription> {
  const log = openSync(join(directory, LAB_FILES.log), "w", 0o600);
  const child = spawn(process.execPath, [daemon, resolve(directory), build], {
    detached: true,
    env: process.env,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  let failed = false;
  let ended = false;
  child.once("error", () => {
    failed = true;
  });
  child.once("exit", (code) => {
    failed = code !== 0;
    ended = true;
  });
  return until(
    START_LIMIT_MS,
    async () => {
      const status = await labStatus(directory);
      // Where another start was faster, ours must be gone first: it would take the directory as soon as that one is stopped.
      if (status.state === "up" && (status.processId === child.pid || ended)) return status.description;
      if (failed) throw notStarted(directory);
      return undefined;
    },
    () => notStarted(directory),
  );
}

function notStarted(directory: string): UserError {
  const log = join(directory, LAB_FILES.log);
  const lines = readFileSync(log, "utf8").trim().split("\n").slice(-20).join("\n");
  return fault(directory, `the lab's devices did not start: ${lines || "no output"}`, `read ${log}, then run \`lab up\` again`);
}

function fault(directory: string, what: string, repair: string): UserError {
  return new UserError({ what, where: `lab ${directory}`, repair });
}

async function until<Value>(limitMs: number, look: () => Promise<Value | undefined>, late: () => Error): Promise<Value> {
  const end = Date.now() + limitMs;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (Date.now() > end) throw late();
    await sleep(POLL_MS);
  }
}
