/**
 * `npm run bench [-- row …] [-- --repetitions N] [--write]`: measures what the product costs, always as a ratio to something that is
 * measured in the same run on the same machine. Exit code 1 if a bar is missed. `--write` puts the figures into docs/performance.md.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { meets, table } from "./figures.mjs";
import { writePage } from "./page.mjs";
import { run } from "./processes.mjs";
import { checkChanged, checkOne } from "./rows/checks.mjs";
import { apply, plan } from "./rows/deployment.mjs";
import { gates, planGate, review } from "./rows/review.mjs";
import { synthesis } from "./rows/synthesis.mjs";

/** By name, in the order of the page. */
const ROWS = {
  synthesis,
  plan,
  apply,
  "check-one": checkOne,
  "check-changed": checkChanged,
  gates,
  review,
  "plan-gate": planGate,
};

/**
 * What a row works with.
 * @typedef {object} Bench
 * @property {string} root of the repository
 * @property {number} repetitions
 * @property {(line: string) => void} report progress
 * @property {(line: string) => void} detail said beside the figures
 * @property {(name: string) => string} folder a new or known temporary folder
 * @property {(name: string) => string} folderInRepository one from which Node finds the libraries
 */

const COMMAND = `npm run bench${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(" ")}` : ""}`;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { repetitions: { type: "string", default: "5" }, write: { type: "boolean", default: false } },
});
if (values.write && positionals.length > 0) {
  console.error("--write needs all rows: figures of different runs do not belong on one page");
  process.exit(64);
}
const unknown = positionals.filter((name) => !(name in ROWS));
if (unknown.length > 0) {
  console.error(`no row ${unknown.join(", ")}; there are ${Object.keys(ROWS).join(", ")}`);
  process.exit(64);
}
const chosen = Object.keys(ROWS).filter((name) => positionals.length === 0 || positionals.includes(name));

mkdirSync(join(root, ".bastide"), { recursive: true });
const outside = realpathSync(mkdtempSync(join(tmpdir(), "bastide-bench-")));
const inside = mkdtempSync(join(root, ".bastide", "bench-"));
const begin = Date.now();
const report = (/** @type {string} */ line) =>
  console.error(`[${((Date.now() - begin) / 1000).toFixed(0).padStart(4)} s] ${line}`);
const folderOf = (/** @type {string} */ base) => (/** @type {string} */ name) => {
  const path = join(base, name);
  mkdirSync(path, { recursive: true });
  return path;
};

// Ctrl-C ends the child; what was begun is then taken down below.
let interrupted = false;
process.on("SIGINT", () => {
  interrupted = true;
});

try {
  await run([join(root, "bastide"), "--version"]);
  const figures = [];
  for (const name of chosen) {
    const found = await ROWS[name]({
      root,
      repetitions: Number(values.repetitions),
      report: (line) => report(`${name}: ${line}`),
      detail: (line) => report(`${name}:   ${line}`),
      folder: folderOf(join(outside, name)),
      folderInRepository: folderOf(join(inside, name)),
    });
    figures.push(...found);
  }
  console.log(table(figures));
  if (values.write) writePage({ root, command: COMMAND, table: table(figures), seconds: (Date.now() - begin) / 1000 });
  const missed = figures.filter((figure) => !meets(figure));
  console.log(missed.length === 0 ? "every bar is met" : `${missed.length} bar${missed.length > 1 ? "s are" : " is"} missed`);
  process.exitCode = missed.length === 0 ? 0 : 1;
} catch (error) {
  if (!interrupted) throw error;
  process.exitCode = 130;
} finally {
  rmSync(outside, { recursive: true, force: true });
  rmSync(inside, { recursive: true, force: true });
}
