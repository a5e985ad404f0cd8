import { spawn } from "node:child_process";
import { type CliOptions, cliCommand, cliEnvironment } from "./cli";

/** What a person types when the terminal shows something. */
export type Answer = readonly [shown: RegExp, typed: string];

/** How a command ended that ran on a terminal, and all that the terminal showed. */
export interface TerminalResult {
  readonly exitCode: number | null;
  readonly shown: string;
}

const LIMIT_MS = 120_000;

/**
 * Runs the command line on a terminal of its own, which `script` of util-linux makes, as a person does who reads and types.
 * @param answers in the order in which they are typed, each once what it waits for is shown
 */
export function runOnTerminal(args: readonly string[], answers: readonly Answer[], { env = {}, cwd }: CliOptions = {}) {
  const words = cliCommand(args).map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const child = spawn("script", ["-qec", words.join(" "), "/dev/null"], {
    cwd,
    env: { ...cliEnvironment(env), TERM: "xterm-256color" },
    timeout: LIMIT_MS,
  });
  const waiting = [...answers];
  let shown = "";
  let seen = 0;
  child.stdout.on("data", (part: Buffer) => {
    shown += part.toString("utf8");
    const [next] = waiting;
    if (next === undefined || !next[0].test(shown.slice(seen))) return;
    seen = shown.length;
    waiting.shift();
    child.stdin.write(`${next[1]}\r`);
  });
  return new Promise<TerminalResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, shown }));
  });
}
