import { join } from "node:path";
import { UserError } from "../model/faults";
import { cacheDirectory } from "./cache-directory";
import { engineVersion, isNewEnough } from "./engine-version";
import { findProgram } from "./find-program";
import { buildWithGo } from "./go-build";
import { withInstallLock } from "./install-lock";
import { type Report, withProgress } from "./progress";
import { minimumEngine, pinnedEngine } from "./versions";

/** The program that plans and applies. */
export interface Engine {
  readonly kind: "opentofu" | "terraform";
  readonly path: string;
  readonly version: string;
  /** Engines that were found and not taken, each with the reason: `/usr/bin/terraform is Terraform 1.11.4, needed is >= 1.12`. */
  readonly skipped: readonly string[];
}

const why = "an older engine stores no resource identity and stops at the first object that was deleted outside";
const least = minimumEngine.replace(/\.0$/, "");

/**
 * Finds or brings the engine: BASTIDE_ENGINE, tofu or terraform on PATH, the cache, else OpenTofu is built with Go.
 * @throws UserError when BASTIDE_ENGINE cannot be used, or when there is no engine and no Go
 */
export async function ensureEngine(report: Report): Promise<Engine> {
  const cache = await cacheDirectory();
  const wanted = process.env.BASTIDE_ENGINE;
  if (wanted) return await chosenEngine(wanted, cache);
  const skipped: string[] = [];
  for (const name of ["tofu", "terraform"]) {
    const path = await findProgram(name);
    if (path === undefined) continue;
    const found = await engineVersion(path, cache);
    if (found && isNewEnough(found.version)) return { ...found, path, skipped };
    skipped.push(refusal(path, found));
  }
  const path = join(cache, "engine", pinnedEngine.version, "tofu");
  if (!(await findProgram(path))) await bring(path, cache, skipped, report);
  return { kind: "opentofu", version: pinnedEngine.version, path, skipped };
}

/** A chosen engine is never replaced by another one: the user would not notice. */
async function chosenEngine(wanted: string, cache: string): Promise<Engine> {
  const path = await findProgram(wanted);
  const found = path && (await engineVersion(path, cache));
  if (path && found && isNewEnough(found.version)) return { ...found, path, skipped: [] };
  throw new UserError({
    what: path ? refusal(path, found || undefined) : `no program ${wanted}`,
    where: "BASTIDE_ENGINE",
    why,
    repair: `set BASTIDE_ENGINE to OpenTofu or Terraform >= ${least}, or unset it`,
  });
}

async function bring(target: string, cache: string, skipped: readonly string[], report: Report): Promise<void> {
  const instead = `or install OpenTofu >= ${least} (https://opentofu.org/docs/intro/install/) or Terraform >= ${least}`;
  const rejected = skipped.length > 0 ? ` (${skipped.join("; ")}: ${why})` : "";
  await withInstallLock(cache, report, async () => {
    if (await findProgram(target)) return;
    const what = `building OpenTofu ${pinnedEngine.version} with Go, once, 2 to 5 minutes`;
    await withProgress(what, report, () => buildWithGo(pinnedEngine, target, cache, `${instead}${rejected}`));
  });
}

function refusal(path: string, found: { kind: string; version: string } | undefined): string {
  if (found === undefined) return `${path} does not say its version as OpenTofu or Terraform does`;
  return `${path} is ${found.kind === "opentofu" ? "OpenTofu" : "Terraform"} ${found.version}, needed is >= ${least}`;
}
