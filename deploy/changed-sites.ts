import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { UserError } from "../model";
import { listSites, type SitesFolder, siteFile } from "./site-loader";

/** Bytes of paths that git may answer: a million of them. */
const LONGEST_LIST = 128 * 1024 * 1024;

/**
 * Sites with a file that differs from a git revision, changes of the working tree included, in alphabetical order.
 * Deleted sites are left out. Files that lie beside the sites' folders count for every site: they may be shared.
 */
export async function changedSites(folder: SitesFolder, revision: string): Promise<string[]> {
  const git = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)("git", ["-C", folder.path, ...args], { maxBuffer: LONGEST_LIST });
    return stdout.split("\0").filter((line) => line !== "");
  };
  let paths: string[];
  try {
    const [differing, untracked] = await Promise.all([
      git("diff", "--name-only", "--relative", "-z", "--end-of-options", revision, "--", "."),
      git("ls-files", "--others", "--exclude-standard", "-z", "--", "."),
    ]);
    paths = [...differing, ...untracked];
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split("\n")[0] ?? String(error);
    throw new UserError({
      where: `--changed ${revision}`,
      what: `git cannot compare with it: ${said}`,
      repair: "name a branch, tag or commit of the repository that holds the sites; in CI fetch it first",
    });
  }
  if (paths.some((path) => !path.includes("/"))) return listSites(folder);
  const names = new Set(paths.map((path) => path.slice(0, path.indexOf("/"))));
  return [...names].filter((name) => existsSync(siteFile(folder, name))).sort();
}
