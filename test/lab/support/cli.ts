import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { join } from "node:path";

/** Root of the repository. */
export const ROOT = join(__dirname, "..", "..", "..");
const CLI = join(ROOT, "dist", "cli.mjs");
/** Longest that one command may take on a machine that does other things as well. */
const LIMIT_MS = 240_000;

/** Starts of the command line in a test need it built from the sources under test; the launcher builds only what changed. */
export function buildCli(): void {
  execFileSync(join(ROOT, "bastide"), ["--version"], { stdio: "ignore", timeout: LIMIT_MS });
}

/** Program and arguments of a command. */
export const cliCommand = (args: readonly string[]): string[] => [process.execPath, CLI, ...args];

/** How a command ended and what it said. */
export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Standard input; it is never a terminal. */
  readonly input?: string;
}

/** A command that runs. */
export interface CliProcess {
  readonly processId: number;
  readonly ended: Promise<CliResult>;
}

/** Starts the command line as a user without a terminal does. */
export function startCli(args: readonly string[], { env = {}, cwd = ROOT, input = "" }: CliOptions = {}): CliProcess {
  const [program = "", ...words] = cliCommand(args);
  const child: ChildProcessWithoutNullStreams = spawn(program, words, {
    cwd,
    env: cliEnvironment(env),
    timeout: LIMIT_MS,
  });
  child.stdin.end(input);
  const stdout = collected(child.stdout);
  const stderr = collected(child.stderr);
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, stdout: stdout(), stderr: stderr() }));
  });
  return { processId: child.pid ?? 0, ended };
}

/** Runs the command line to its end. */
export const runCli = (args: readonly string[], options?: CliOptions): Promise<CliResult> => startCli(args, options).ended;

/** The command that a text names, typed as it stands: without anything that the text does not say. */
export function runNamedCommand(text: string, command: string, options?: CliOptions): Promise<CliResult> {
  const named = text.split("./bastide ").find((part) => part.startsWith(command));
  if (named === undefined) throw new Error(`no ./bastide ${command} in: ${text}`);
  const words = (named.split("\n")[0] ?? "").trim().split(" ");
  return runCli(words, options);
}

/** The test's own environment without what would change the commands, and with devices that wait less than real ones. */
export function cliEnvironment(more: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(BASTIDE_(?!CACHE|ENGINE|REGISTRY)|TF_|NO_COLOR|FORCE_COLOR)/.test(name),
  );
  return { ...Object.fromEntries(own), BASTIDE_LAB_SPEED: "10", ...more };
}

function collected(stream: NodeJS.ReadableStream): () => string {
  const parts: Buffer[] = [];
  stream.on("data", (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString("utf8");
}
