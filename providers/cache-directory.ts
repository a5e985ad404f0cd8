import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UserError } from "../model/faults";

/** Where engine, providers and what is known about them are kept; shared by every clone of this user. */
export async function cacheDirectory(): Promise<string> {
  const directory = cachePath();
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    throw cacheFault(error, directory) ?? error;
  }
  return directory;
}

function cachePath(): string {
  const { BASTIDE_CACHE, XDG_CACHE_HOME, HOME } = process.env;
  if (BASTIDE_CACHE) return resolve(BASTIDE_CACHE);
  if (XDG_CACHE_HOME) return join(resolve(XDG_CACHE_HOME), "bastide");
  // Not os.homedir(), which falls back to the password file: a home that the environment does not name is not ours to write to.
  if (HOME) return join(resolve(HOME), ".cache", "bastide");
  throw new UserError({
    what: "no place for the engine and the providers: HOME, XDG_CACHE_HOME and BASTIDE_CACHE are all unset",
    where: "environment",
    repair: "set BASTIDE_CACHE to a directory that may be written, with 1 GB free",
  });
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "the directory may not be written",
  EPERM: "the directory may not be written",
  EROFS: "the file system is read-only",
  ENOSPC: "the file system is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of the path is not a directory",
  EEXIST: "a file stands where the directory should be",
};

/** Turns an error of the file system into what the user can repair; anything else is not ours. */
export function cacheFault(error: unknown, path: string): UserError | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const what = code === undefined ? undefined : reasons[code];
  if (what === undefined) return undefined;
  return new UserError({
    what,
    where: path,
    why: "the engine and the providers are kept there",
    repair: "make room and grant write access there, or set BASTIDE_CACHE to another directory",
  });
}
