import { existsSync } from "node:fs";
import { UserError } from "../model";
import { git, openRepository, paths, saidByGit } from "./repository";
import { importersOf, type SharedImport, sharedImports } from "./shared-imports";
import { listSites, type SitesFolder, siteFile } from "./site-loader";

/**
 * Sites with a file that differs from a git revision, or that import one, changes of the working tree included, in alphabetical
 * order. Deleted sites are left out. Files that lie beside the sites' folders count for every site: they may be shared.
 */
export async function changedSites(folder: SitesFolder, revision: string): Promise<string[]> {
  let changed: string[];
  try {
    changed = await changedPaths(folder.path, revision);
  } catch (error) {
    throw new UserError({
      where: `--changed ${revision}`,
      what: `git cannot compare with it: ${error instanceof UserError ? error.faults[0]?.what : saidByGit(error)}`,
      repair: "name a branch, tag or commit of the repository that holds the sites; in CI fetch it first",
    });
  }
  const isThere = (name: string) => existsSync(siteFile(folder, name));
  return sitesOfPaths(changed, isThere, () => listSites(folder)).filter(isThere);
}

/**
 * Paths below the folder of the sites, relative to it, that differ from a revision, changes that are not committed and not
 * ignored included, or that import what differs.
 * @throws UserError where the folder lies in no repository that git opens
 */
async function changedPaths(folder: string, revision: string): Promise<string[]> {
  const answers = Promise.all([
    differingPaths(folder, revision),
    git(folder, "ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ":/"),
    sharedImports(folder),
  ]);
  // Whether there is a repository at all is told first. Git is asked for everything at once: each question takes it as long.
  answers.catch(() => undefined);
  const { prefix } = await openRepository(folder);
  const [differing, untracked, imports] = await answers;
  return concernedPaths(prefix, [...differing, ...paths(untracked)], imports);
}

/** Paths from the root of the repository that differ between two revisions; without the second, from what lies in the folders. */
export const differingPaths = async (folder: string, ...revisions: readonly string[]): Promise<string[]> =>
  paths(await git(folder, "diff", "--name-only", "--no-renames", "--no-relative", "-z", "--end-of-options", ...revisions, "--"));

/**
 * Those of changed paths that lie below the folder of the sites, relative to it, and those that import one of them.
 * @param prefix path of that folder from the root of the repository, with a final slash; empty for the root itself
 * @param changed paths from the root of the repository
 */
export function concernedPaths(prefix: string, changed: readonly string[], imports: readonly SharedImport[]): string[] {
  const inside = changed.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  return [...new Set([...inside, ...importersOf(prefix, imports, changed)])];
}

/**
 * Sites that changed paths concern, those that are gone included, in alphabetical order. A path in no site's folder counts for
 * every site: it may be shared. What runs leave behind (`.bastide`) is no source.
 * @param isThere whether there is a site of this name
 * @param all names of the sites that there are, asked for only where a path concerns them all
 */
export function sitesOfPaths(
  changed: readonly string[],
  isThere: (name: string) => boolean,
  all: () => readonly string[],
): string[] {
  const gone = new Set(changed.filter((path) => /^[^/]+\/site\.ts$/.test(path)).map(folderOf));
  const sources = changed.filter((path) => !/^\.[^/]*\//.test(path));
  const names = new Set(sources.map(folderOf));
  const isOfSites = [...names].every((name) => gone.has(name) || (name !== "" && isThere(name)));
  return [...(isOfSites ? names : new Set([...all(), ...gone]))].sort();
}

/** The first folder of a path; empty for a file that lies in none. */
const folderOf = (path: string): string => path.slice(0, Math.max(path.indexOf("/"), 0));
