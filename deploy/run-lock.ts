import { readFile, rm, stat, utimes } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { UserError } from "../model";
import type { Cancellation } from "./cancellation";
import { onFiles } from "./file-faults";
import { fateOf, identityOf, type ProcessIdentity } from "./process-identity";
import { replaceFile } from "./secrets/files";

/** Who works on a site and environment at present. */
export interface Holder extends ProcessIdentity {
  /** `plan`, `apply`, `destroy`. */
  readonly operation: string;
  readonly user: string;
  /** ISO 8601. */
  readonly since: string;
}

export interface RunLockOptions {
  /** Directory of the site and environment; must exist. */
  readonly directory: string;
  readonly operation: string;
  /** Seconds to wait for another run; 0 refuses at once. */
  readonly waitSeconds: number;
  readonly cancellation: Cancellation;
  /** Called once when another run is waited for. */
  readonly onWait?: (holder: Holder) => void;
}

/** A holder on another machine shows that it lives by touching the file; without a sign for this long it is taken over. */
const FOREIGN_SILENCE_MS = 60_000;
const HEARTBEAT_MS = 10_000;
const POLL_MS = 200;

/**
 * Runs work while no other process plans, applies or destroys the same site and environment. The lock of a killed process
 * is taken over at once, because pid, start time and host say that it is gone.
 * @throws UserError naming the holder, when it keeps the lock for longer than is waited
 */
export async function withRunLock<T>(options: RunLockOptions, work: () => Promise<T>): Promise<T> {
  const file = join(options.directory, "run.json");
  const mine = { ...identityOf(process.pid), operation: options.operation, user: userName(), since: new Date().toISOString() };
  await onFiles(file, () => acquire(file, mine, options));
  const heartbeat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    // A lock that cannot be removed is taken over: its process is gone.
    await release(file, mine).catch(() => undefined);
  }
}

async function acquire(file: string, mine: Holder, options: RunLockOptions): Promise<void> {
  const deadline = Date.now() + options.waitSeconds * 1000;
  for (let told = false; ; ) {
    const holder = await exclusively(options.directory, () => takeOver(file, mine));
    if (holder === undefined) return;
    if (Date.now() >= deadline || options.cancellation.level > 0) throw heldFault(holder, options);
    if (!told) options.onWait?.(holder);
    told = true;
    await delay(POLL_MS);
  }
}

/** @returns the living holder, or undefined when the lock is ours now */
async function takeOver(file: string, mine: Holder): Promise<Holder | undefined> {
  const holder = await readHolder(file);
  if (holder !== undefined && (await isAlive(file, holder))) return holder;
  await replaceFile(file, `${JSON.stringify(mine)}\n`);
  return undefined;
}

async function release(file: string, mine: Holder): Promise<void> {
  const holder = await readHolder(file);
  if (holder?.pid === mine.pid && holder.since === mine.since && holder.host === mine.host) await rm(file, { force: true });
}

async function isAlive(file: string, holder: Holder): Promise<boolean> {
  const fate = fateOf(holder);
  if (fate !== "elsewhere") return fate === "running";
  return Date.now() - (await stat(file)).mtimeMs < FOREIGN_SILENCE_MS;
}

/** Undefined where there is none, or where a crash left a torn one. */
async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Holder;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && code !== "ENOENT") throw error;
    return undefined;
  }
}

/** The moment of reading and writing the holder; what a killed process leaves of this lock is stale after 5 s. */
async function exclusively<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const free = await lock(directory, {
    lockfilePath: join(directory, "run.lock"),
    stale: 5_000,
    retries: { retries: 200, factor: 1, minTimeout: 20, maxTimeout: 60, randomize: true },
    onCompromised: () => undefined,
  });
  try {
    return await work();
  } finally {
    await free().catch(() => undefined);
  }
}

function heldFault(holder: Holder, { directory, operation }: RunLockOptions): UserError {
  const since = new Date(holder.since).toLocaleString("sv-SE");
  return new UserError({
    where: directory,
    what: `${holder.user} runs "${holder.operation}" on this site and environment since ${since} (process ${holder.pid} on ${holder.host})`,
    why: `two runs at once would overwrite each other's plans; this ${operation} has changed nothing`,
    repair: "wait until it has ended, or give --wait to wait for it",
  });
}

/** Who runs this process, for locks and reports. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // No entry in the system's list of users, as in many containers.
    return process.env.USER ?? `uid ${process.getuid?.() ?? "?"}`;
  }
}
