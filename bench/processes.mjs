/** Child processes, measured from their start to their end. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * @typedef {object} Run
 * @property {number} ms from the start of the process to its end
 * @property {number} cpuMs processor time of the process and of the children that it waited for; NaN where the system does not tell
 * @property {string} stdout
 * @property {number} code
 */

/**
 * Runs a program to its end.
 * @param {readonly string[]} command
 * @param {{cwd?: string, env?: Readonly<Record<string, string>>, input?: string, codes?: readonly number[], timeoutMs?: number}} [options]
 *   `codes`: exit codes that are no failure, default 0
 * @returns {Promise<Run>}
 */
export async function run([program, ...args], { cwd, env, input, codes = [0], timeoutMs = 300_000 } = {}) {
  const cpuBefore = childrenCpuMs();
  const begin = performance.now();
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    timeout: timeoutMs,
  });
  child.stdin?.on("error", () => undefined).end(input);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve({ code: code ?? -1, signal, ms: performance.now() - begin }));
  });
  const closed = new Promise((resolve) => child.once("close", resolve));
  const { code, signal, ms } = await ended;
  const cpuMs = childrenCpuMs() - cpuBefore;
  await closed;
  if (!codes.includes(code)) {
    const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-20).join("\n");
    throw new Error(`${[program, ...args].join(" ")} ended with ${signal ?? code}\n${said}`);
  }
  return { ms, cpuMs, stdout, code };
}

/** Processor time of all children that have ended, as Linux counts it, in hundredths of a second. */
function childrenCpuMs() {
  if (process.platform !== "linux") return Number.NaN;
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  // cutime and cstime are the fields 16 and 17 of the whole line; two are cut off.
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/**
 * Measures several things in turn, so that a slow moment of the machine hits all of them.
 * @template Result
 * @param {number} repetitions
 * @param {Readonly<Record<string, () => Promise<Result>>>} subjects
 * @param {(line: string) => void} report
 * @returns {Promise<Record<string, Result[]>>}
 */
export async function inTurn(repetitions, subjects, report) {
  /** @type {Record<string, Result[]>} */
  const results = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round < repetitions; round++) {
    // Every other round backwards: who comes second meets the caches that the first one filled.
    const order = Object.entries(subjects);
    if (round % 2 === 1) order.reverse();
    for (const [name, measure] of order) {
      report(`${name}, ${round + 1} of ${repetitions}`);
      results[name].push(await measure());
    }
  }
  return results;
}
