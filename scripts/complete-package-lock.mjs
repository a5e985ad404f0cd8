/**
 * Adds to package-lock.json what npm leaves out when the registry at hand does not serve the packages of other platforms:
 * the optional dependencies for other systems and processors. Without them `npm ci` takes the file for out of date.
 * To be run after every change of the dependencies; does nothing when nothing is missing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Entries that the lock file should have and has not, by their path in it. */
export function missingEntries(packages) {
  const missing = {};
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!isResolved(packages, path, name)) missing[`node_modules/${name}`] = platformEntry(name, version, entry);
    }
  }
  return missing;
}

/** As Node looks a package up: from the folder of who asks for it to the root. */
function isResolved(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    if (`${folder === "" ? "" : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === "") return false;
  }
}

/** These packages name their platform: `@swc/core-linux-arm-gnueabihf`. */
function platformEntry(name, version, parent) {
  const parts = /-(android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)(?:-([a-z]+))?$/.exec(name);
  if (parts === null || !/^\d+\.\d+\.\d+$/.test(version))
    throw new Error(`${name}@${version} is not served here and is no package of a platform`);
  const [, os, cpu, abi = ""] = parts;
  const libc = os === "linux" && { libc: [abi.startsWith("musl") ? "musl" : "glibc"] };
  return {
    version,
    cpu: [cpu],
    ...(parent.dev && { dev: true }),
    ...(libc && abi !== "" && libc),
    license: parent.license,
    optional: true,
    os: [os],
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = new URL("../package-lock.json", import.meta.url);
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const missing = missingEntries(lock.packages);
  const entries = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, "en"));
  if (Object.keys(missing).length > 0)
    writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
  console.log(`${Object.keys(missing).length} packages of other platforms added to package-lock.json`);
}
