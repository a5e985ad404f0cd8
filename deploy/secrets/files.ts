import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../../model";

const FULL = { what: "no room is left to write it", repair: "free space there, then run the same command again" };
const FORBIDDEN = { what: "access is refused", repair: "give this user the right to read and write the file and its folder" };
const REASONS: Readonly<Record<string, { readonly what: string; readonly repair: string }>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: FULL,
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EROFS: { what: "the file system is read-only", repair: "mount it writable, then run the same command again" },
  EIO: { what: "the disk reports an error", repair: "copy what can still be read to another disk, then check this one" },
  ENOTDIR: { what: "a part of its path is not a folder", repair: "move the file that stands there out of the way" },
  EISDIR: { what: "a folder stands in its place", repair: "move the folder out of the way" },
  ELOOP: { what: "its symbolic links lead in a circle", repair: "remove the circle" },
};

/** Runs work on one file; what the user can repair about the file system becomes a UserError that says that nothing was changed. */
export async function onFile<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === undefined ? undefined : REASONS[code];
    if (reason === undefined) throw error;
    throw new UserError({ where: file, ...reason, why: `the secrets on disk are as they were before (${code})` });
  }
}

/** The text of a file, or undefined where there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Replaces a file as a whole, readable by its owner only: a crash or a full disk at any moment leaves the old text or the new
 * one. write-file-atomic is not used here, because it takes a short write for a whole one and then renames the torn file over
 * the good one, which is what a full disk causes. The temporary file has a fixed name, so that what a crash left behind is
 * swept by the next write; callers exclude each other.
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const temporary = `${target}.tmp`;
  await rm(temporary, { force: true });
  try {
    await writeNew(temporary, text);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await flushFolder(dirname(target));
}

/** Creates a file with its whole text at once, readable by its owner only; false where another process was first. */
export async function createFile(file: string, text: string): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeNew(temporary, text);
    await link(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
  await flushFolder(dirname(file));
  return true;
}

async function writeNew(file: string, text: string): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename survives a power cut only once the folder that holds the name is on the disk. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
