/**
 * Runs a bundle with the code that V8 has compiled of it before: to read that takes a fraction of the time of compiling it again,
 * for every function that a command calls. Node offers this for CommonJS alone before its version 22.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

/**
 * @param {string} name of a file beside this one, named by its content: V8 itself tells sources apart by no more than their length
 * @returns {Record<string, () => object>} what the bundle exports
 */
export function load(name) {
  const url = new URL(name, import.meta.url);
  const file = fileURLToPath(url);
  const kept = `${file}.${process.version}-${process.arch}.code`;
  const cachedData = readIfThere(kept);
  // Outside of comments it is ASCII: so it is read as it stands, and takes half of the memory.
  const script = new Script(readFileSync(file, "latin1"), { filename: file, cachedData });
  // V8 refuses what another version of it, or other options, have compiled.
  if (script.cachedDataRejected !== false) process.once("exit", () => keep(kept, script.createCachedData()));
  const module = { exports: {} };
  script.runInThisContext()(module, module.exports, createRequire(url), url.href, (specifier) => import(specifier));
  return module.exports;
}

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** The next start is slower without it, and nothing else. */
function keep(file, data) {
  const temporary = `${file}.${process.pid}`;
  try {
    writeFileSync(temporary, data);
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}
