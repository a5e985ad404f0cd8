import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { SitesFolder } from "../deploy/site-loader";
import { UserError } from "../model";
import { baselineText, type KnownFinding, parseBaseline } from "../policies/report/baseline";

/** Path of the file that holds what a site's findings were when somebody began to look at them. */
const baselineFile = (folder: SitesFolder, site: string): string => join(folder.path, site, "baseline.json");

/** The findings that a site's baseline knows; none where there is no such file. @throws UserError with every fault of the file */
export async function readBaseline(folder: SitesFolder, site: string): Promise<KnownFinding[]> {
  const file = baselineFile(folder, site);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT") return [];
    throw new UserError({ where: label(file), what: `cannot be read (${code})`, repair: "give this user the right to read it" });
  }
  return parseBaseline(text, label(file));
}

/** Writes it as a whole. @throws UserError when the site's folder does not take it */
export async function writeBaseline(folder: SitesFolder, site: string, known: readonly KnownFinding[]): Promise<void> {
  const file = baselineFile(folder, site);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, baselineText(known));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const repair = "make room there, and give this user the right to write into the folder";
    throw new UserError({ where: label(file), what: `cannot be written (${codeOf(error)})`, repair });
  }
}

/** From where the command runs, as faults of site files are told. */
const label = (file: string): string => relative(process.cwd(), file);
const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
