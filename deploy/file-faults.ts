import { UserError } from "../model";

const REASONS: Readonly<Record<string, { readonly what: string; readonly repair: string }>> = {
  ENOSPC: { what: "the file system is full", repair: "make room there, then run the same command again: it continues" },
  EDQUOT: { what: "the disk quota is used up", repair: "make room there, then run the same command again: it continues" },
  EROFS: { what: "the file system is read-only", repair: "mount it writable, or give another directory with --sites" },
  EACCES: {
    what: "the directory may not be written",
    repair: "grant this user write access, or give another directory with --sites",
  },
  EPERM: {
    what: "the directory may not be written",
    repair: "grant this user write access, or give another directory with --sites",
  },
  ENOTDIR: { what: "a part of the path is not a directory", repair: "move the file that stands there out of the way" },
  EEXIST: { what: "a file stands where a directory should be", repair: "move the file that stands there out of the way" },
  ENAMETOOLONG: { what: "the path is too long", repair: "use a directory nearer to the root, or shorter names" },
};

/**
 * Runs work on files; what the user can repair about the file system becomes a UserError.
 * @param path what the work is about, named when the system's error does not name a file
 */
export async function onFiles<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileFault(error, path) ?? error;
  }
}

/** The same for an error that is already there; undefined when it is no error of the file system. */
export function fileFault(error: unknown, path: string): UserError | undefined {
  const { code, path: named } = error as NodeJS.ErrnoException;
  const reason = code === undefined ? undefined : REASONS[code];
  if (reason === undefined) return undefined;
  return new UserError({ where: named ?? path, why: "state, plans and reports of the run are kept there", ...reason });
}
