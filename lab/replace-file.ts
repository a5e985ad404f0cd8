import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";

/**
 * Replaces a file as a whole, readable by its owner only: a crash or a full disk at any moment leaves the old text or the new
 * one. A disk that runs full takes a part of a write and says how much, which is why the write goes on until all is taken or
 * refused: a torn file must never be renamed over the good one.
 */
export function replaceFile(file: string, text: string): void {
  // Several commands may write the same file at the same time.
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = openSync(temporary, "w", 0o600);
    try {
      const bytes = Buffer.from(text);
      for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
