import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import { access, type FileHandle, open } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../model";
import type { Cancellation } from "./cancellation";
import { LineSplitter } from "./events";
import { identityOf, type ProcessIdentity } from "./process-identity";

/** One start of the engine. */
export interface EngineCall {
  readonly program: string;
  /** Visible to every user of this machine: holds nothing secret. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the child; the only way that a secret takes to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly cancellation: Cancellation;
  /** Called with each line of standard output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Called with standard output as it comes, for what may be large. */
  readonly onOutput?: (chunk: Buffer) => void;
  /** Called with each line of the log that TF_LOG asks for. */
  readonly onLogLine?: (line: string) => void;
  /**
   * File that takes standard output, for calls that hold a lock or change something. With a pipe, the death of this
   * process would kill the engine at its next line, between a call to a device and the note of it in the state. What is in
   * the file stays: an interrupted run left it there.
   */
  readonly journal?: string;
  /** Text for standard input. */
  readonly input?: string;
  readonly onStarted?: (engine: ProcessIdentity) => Promise<void>;
}

export interface EngineOutcome {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** Empty with `journal`, `onLine` or `onOutput`. */
  readonly stdout: string;
  readonly stderr: string;
}

export type RunEngine = (call: EngineCall) => Promise<EngineOutcome>;

/** Milliseconds between the second request to stop, which the engine still hears, and its end by force. */
const FORCE_AFTER_MS = 3_000;
const POLL_MS = 40;
const READ_BYTES = 65_536;
const KEPT_LOG_CHARACTERS = 65_536;

/**
 * Runs the engine in a process group of its own, so that Ctrl-C of the terminal does not reach it and its providers
 * behind our back: it gets one SIGINT from here, and ends after its calls in progress with its locks released.
 */
export const runEngine: RunEngine = async (call) => {
  const journal = call.journal === undefined ? undefined : await openJournal(call.journal);
  try {
    return await runWith(journal, call);
  } finally {
    await journal?.handle.close();
  }
};

interface Journal {
  readonly handle: FileHandle;
  /** Where the lines of this call begin. */
  readonly start: number;
}

async function openJournal(file: string): Promise<Journal> {
  const handle = await open(file, "a", 0o600);
  // The line that a killed engine has not finished ends here.
  if ((await handle.stat()).size > 0) await handle.write("\n");
  return { handle, start: (await handle.stat()).size };
}

async function runWith(journal: Journal | undefined, call: EngineCall): Promise<EngineOutcome> {
  await access(call.program, constants.X_OK).catch((error: Error) => Promise.reject(startFault(call.program, error)));
  const watchdog = startWatchdog();
  // Not execa: it cannot hand an open file to the child.
  const child = spawn("/bin/sh", ["-c", GATE, call.program, ...call.args], {
    cwd: call.cwd,
    env: call.env,
    detached: true,
    stdio: [call.input === undefined ? "ignore" : "pipe", journal?.handle.fd ?? "pipe", "pipe", "pipe"],
  });
  const ended = waitForEnd(child);
  const { pid } = child;
  if (pid === undefined) return await ended.then(endedBeforeStart, (error) => Promise.reject(startFault("/bin/sh", error)));
  const stop = forwardCancellation(pid, call.cancellation);
  const stdout = call.onOutput === undefined ? collect(child.stdout, call.onLine) : passOn(child.stdout, call.onOutput);
  const stderr = collect(child.stderr, call.onLogLine, KEPT_LOG_CHARACTERS);
  try {
    const reader = call.journal && journal ? follow(call.journal, journal.start, ended, call.onLine) : undefined;
    await openGate(child, pid, watchdog, call);
    const [exitCode, signal] = await ended;
    await reader;
    return { exitCode: exitCode ?? undefined, signal: signal ?? undefined, stdout: stdout(), stderr: stderr() };
  } finally {
    stop();
    watchdog.kill("SIGKILL");
  }
}

/**
 * The child becomes the engine only when it is told so on a pipe of its own. Until then the death of this process ends it,
 * so that at no moment an engine works that neither the watchdog nor the note for the next run knows.
 */
const GATE = 'read -r go <&3 && exec "$0" "$@" 3<&-';

async function openGate(child: ChildProcess, pid: number, watchdog: Watchdog, call: EngineCall): Promise<void> {
  const gate = child.stdio[3] as Writable;
  // A child that was ended meanwhile, or an engine that does not read all of its input, says so by how it ends.
  for (const pipe of [gate, child.stdin]) pipe?.on("error", () => undefined);
  child.stdin?.end(call.input);
  watchdog.stdin.write(`${pid}\n`);
  try {
    await call.onStarted?.(identityOf(pid));
    gate.end("go\n");
  } finally {
    gate.end();
  }
}

const endedBeforeStart = (): never => {
  throw new Error("the engine has ended without a process number");
};

/** Resolves when the child has ended and all that it wrote was read. */
async function waitForEnd(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return (await once(child, "close")) as [number | null, NodeJS.Signals | null];
}

type Watchdog = ChildProcessByStdio<Writable, null, null>;

/**
 * A process that outlives us by a moment: when our end of its input closes, because we were killed, it asks the engine
 * to stop cleanly, so that no engine goes on with nobody watching.
 */
function startWatchdog(): Watchdog {
  const script = 'read -r pid && read -r _; [ -n "$pid" ] && kill -INT "$pid" 2>/dev/null';
  const watchdog = spawn("/bin/sh", ["-c", script], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  watchdog.on("error", () => undefined);
  watchdog.stdin.on("error", () => undefined);
  watchdog.unref();
  return watchdog;
}

function forwardCancellation(pid: number, cancellation: Cancellation): () => void {
  let force: NodeJS.Timeout | undefined;
  let asked = 0;
  const listener = (level: number) => {
    if (level <= asked) return;
    asked = level;
    send(pid, "SIGINT");
    if (level === 2) force = setTimeout(() => send(-pid, "SIGKILL"), FORCE_AFTER_MS);
  };
  const unsubscribe = cancellation.subscribe(listener);
  listener(cancellation.level);
  return () => {
    unsubscribe();
    clearTimeout(force);
    // Providers that a killed engine left behind.
    if (asked === 2) send(-pid, "SIGKILL");
  };
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Reads a stream by lines, or as a whole where nobody wants the lines. @returns what gives the text at the end */
function collect(stream: Readable | null, onLine: ((line: string) => void) | undefined, keep?: number): () => string {
  const lines = new LineSplitter((line) => onLine?.(line));
  const whole = onLine === undefined || keep !== undefined;
  let text = "";
  stream?.setEncoding("utf8").on("data", (piece: string) => {
    lines.push(piece);
    if (whole) text = keep === undefined ? text + piece : (text + piece).slice(-keep);
  });
  return () => {
    lines.end();
    return text;
  };
}

/** Hands on what a stream brings. @returns what gives the text at the end, of which nothing is kept */
function passOn(stream: Readable | null, onOutput: (chunk: Buffer) => void): () => string {
  stream?.on("data", onOutput);
  return () => "";
}

/** Reads what the engine appends to the file, until it has ended. */
async function follow(
  file: string,
  start: number,
  ended: Promise<unknown>,
  onLine: ((line: string) => void) | undefined,
): Promise<void> {
  const output = new LineSplitter((line) => onLine?.(line));
  const decoder = new TextDecoder();
  const handle = await open(file, "r");
  try {
    for (let [position, last] = [start, false]; ; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(READ_BYTES), 0, READ_BYTES, position);
      position += bytesRead;
      output.push(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
      if (bytesRead > 0) continue;
      if (last) return output.end();
      last = await Promise.race([ended.then(() => true), delay(POLL_MS, false)]);
    }
  } finally {
    await handle.close();
  }
}

function startFault(program: string, error: Error): UserError {
  return new UserError({
    where: program,
    what: `the engine does not start: ${error.message}`,
    repair: "run bastide doctor; it says which engine is used and whether it works",
  });
}
