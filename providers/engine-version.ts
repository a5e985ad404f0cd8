import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { fileIdentity } from "./find-program";
import { replaceFile } from "./replace-file";
import { minimumEngine } from "./versions";

const run = promisify(execFile);

export interface EngineVersion {
  readonly kind: "opentofu" | "terraform";
  readonly version: string;
}

/** Below this size a program is a script that picks the real one by directory or variable: it is asked each time. */
const smallestBinary = 1024 * 1024;

/** What the program says it is, remembered as long as the file is the same; undefined when it is no such engine. */
export async function engineVersion(path: string, cache: string): Promise<EngineVersion | undefined> {
  const { key, size } = await fileIdentity(path);
  const file = join(cache, "engines.json");
  const known = await readKnown(file);
  const remembered = known[key];
  if (remembered) return remembered;
  const found = await ask(path, cache);
  if (found && size >= smallestBinary) {
    // What cannot be remembered is asked again; that is no reason to stop.
    await replaceFile(file, `${JSON.stringify({ ...known, [key]: found }, null, 2)}\n`).catch(() => undefined);
  }
  return found;
}

/** True when the version is at least the minimum that the providers need; a pre-release counts as its release. */
export function isNewEnough(version: string): boolean {
  const [have, need] = [version, minimumEngine].map((text) => text.split(/[-+]/)[0]?.split(".").map(Number) ?? []);
  for (const [index, least] of (need ?? []).entries()) {
    const part = have?.[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

async function ask(path: string, cache: string): Promise<EngineVersion | undefined> {
  // CHECKPOINT_DISABLE: Terraform would ask its vendor for news first.
  const env = { ...process.env, CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: "/dev/null", TF_LOG: "" };
  try {
    const { stdout } = await run(path, ["version"], { cwd: cache, env, timeout: 20_000 });
    const [, name, version] = /^(OpenTofu|Terraform) v(\S+)$/m.exec(stdout) ?? [];
    return name && version ? { kind: name === "OpenTofu" ? "opentofu" : "terraform", version } : undefined;
  } catch {
    return undefined;
  }
}

async function readKnown(file: string): Promise<Record<string, EngineVersion>> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Record<string, EngineVersion>;
  } catch {
    return {};
  }
}
