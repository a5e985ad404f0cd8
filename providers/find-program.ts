import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";

/** Path of a program: taken as it stands when it has a slash, else searched on PATH. */
export async function findProgram(name: string): Promise<string | undefined> {
  const candidates = name.includes("/")
    ? [resolve(name)]
    : (process.env.PATH ?? "")
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => join(folder, name));
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate;
  return undefined;
}

/** Changes whenever the file behind the path does. */
export async function fileIdentity(path: string): Promise<{ key: string; size: number }> {
  const real = await realpath(path);
  const { mtimeMs, size, ino } = await stat(real);
  return { key: `${real} ${mtimeMs} ${size} ${ino}`, size };
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
