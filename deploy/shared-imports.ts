import { posix } from "node:path";
import { git } from "./repository";

/** A text in quotes that leaves its folder: what an import from elsewhere looks like, whatever else it may be. */
const LEAVING = /["'`]\.\.\/[^"'`]*["'`]/g;

/** A file of the folder of the sites, and what it imports from elsewhere; both as paths from the root of the repository. */
export interface SharedImport {
  readonly file: string;
  /** Without its ending. */
  readonly target: string;
}

/**
 * Every import below a folder that leaves the folder of its file. It may name too many, never too few.
 * @param folder of the sites
 * @param head revision; default: the working tree
 */
export async function sharedImports(folder: string, head?: string): Promise<SharedImport[]> {
  const where = head === undefined ? ["--untracked"] : [head];
  // Git finds the lines, by a plain text because that is many times faster. It ends with 1 where there is none.
  const found = await git(folder, "grep", "-I", "-z", "--full-name", "-F", "-e", "../", ...where, "--", ".").catch(() => "");
  return found.split("\n").flatMap((line) => {
    const [named = "", text = ""] = line.split("\0");
    const file = head === undefined ? named : named.slice(head.length + 1);
    return [...text.matchAll(LEAVING)].map(([quoted]) => ({
      file,
      target: posix.join(posix.dirname(file), quoted.slice(1, -1)).replace(/\.[cm]?[jt]sx?$/, ""),
    }));
  });
}

/**
 * Files below the folder of the sites, relative to it, that import something changed from outside of the folder of their own
 * site. Of what lies outside of the sites altogether every change in the same top folder counts, since one file there may import
 * another.
 * @param prefix path of that folder from the root of the repository, with a final slash; empty for the root itself
 * @param changed paths from the root of the repository
 */
export function importersOf(prefix: string, imports: readonly SharedImport[], changed: readonly string[]): string[] {
  const importers = imports.filter(
    ({ file, target }) => isChanged(target, changed, prefix) && folderOf(file, prefix) !== folderOf(target, prefix),
  );
  return [...new Set(importers.map(({ file }) => file.slice(prefix.length)))];
}

function isChanged(target: string, changed: readonly string[], prefix: string): boolean {
  if (prefix !== "" && !target.startsWith(prefix)) {
    const top = `${target.split("/")[0]}/`;
    if (changed.some((path) => path.startsWith(top) && !path.startsWith(prefix))) return true;
  }
  return changed.some((path) => path === target || path.startsWith(`${target}.`) || path.startsWith(`${target}/`));
}

/** The folder of a site, or of what is none: its path as far as the first folder below the prefix. */
const folderOf = (path: string, prefix: string): string =>
  path.startsWith(prefix) ? `${prefix}${path.slice(prefix.length).split("/")[0]}` : "";
