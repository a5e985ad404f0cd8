/** The page that holds the figures: its text is written by people, what stands between the marks by the bench. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

const BEGIN = "<!-- bench: begin -->";
const END = "<!-- bench: end -->";

/**
 * A text with a part replaced.
 * @param {string} page
 * @param {string} part
 */
function withFigures(page, part) {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the page has no part between ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n${part}\n${page.slice(end)}`;
}

/** @param {{root: string, command: string, table: string, seconds: number}} options */
export function writePage({ root, command, table, seconds }) {
  const path = join(root, "docs", "performance.md");
  const part = [
    "```",
    `$ ${command}`,
    "```",
    `${new Date().toISOString().slice(0, 10)}, ${machine()}, revision ${revision(root)}, ${Math.round(seconds / 60)} minutes.`,
    "",
    table,
  ].join("\n");
  writeFileSync(path, withFigures(readFileSync(path, "utf8"), part));
}

function machine() {
  const [processor] = cpus();
  return `${cpus().length} × ${processor?.model.trim() ?? "unknown processor"}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform}, Node ${process.version}`;
}

const revision = (/** @type {string} */ root) =>
  execFileSync("git", ["-C", root, "rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
