import { posix } from "node:path";
import { git, type Repository } from "./repository";

/** A text in quotes that leaves its folder: what an import from elsewhere looks like, whatever else it may be. */
const LEAVING = "[\"'`](\\.\\./)[^\"'`]*[\"'`]";

/**
 * Files below the folder of the sites, relative to it, that import something changed from outside of the folder of their own
 * site. Of what lies outside of the sites altogether every change in the same top folder counts, since one file there may import
 * another. It may name too many, never too few.
 * @param changed paths from the root of the repository
 * @param head undefined: the working tree
 */
export async function importersOf(
  { root, prefix }: Repository,
  changed: readonly string[],
  head: string | undefined,
): Promise<string[]> {
  if (changed.length === 0) return [];
  const where = head === undefined ? ["--untracked"] : [head];
  const pathspec = prefix === "" ? "." : `:(top)${prefix}`;
  // It ends with 1 where there is no such text at all.
  const found = await git(root, "grep", "-I", "-z", "-o", "-E", "-e", LEAVING, ...where, "--", pathspec).catch(() => "");
  const importers = found.split("\n").flatMap((line) => {
    const [named = "", quoted = ""] = line.split("\0");
    const file = head === undefined ? named : named.slice(head.length + 1);
    const target = posix.join(posix.dirname(file), quoted.slice(1, -1)).replace(/\.[cm]?[jt]sx?$/, "");
    return isChanged(target, changed, prefix) && folderOf(file, prefix) !== folderOf(target, prefix)
      ? [file.slice(prefix.length)]
      : [];
  });
  return [...new Set(importers)];
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
