import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { SitesFolder } from "../deploy/site-loader";

/** Folder of this installation: the one above dist/. */
export const installationRoot = (): string => dirname(dirname(fileURLToPath(import.meta.url)));

/** The folder of the sites: as given, else `sites` where the command is run, else the examples of this installation. */
export function sitesFolder(given: string | undefined): SitesFolder {
  const here = resolve("sites");
  const path = given !== undefined ? resolve(given) : existsSync(here) ? here : join(installationRoot(), "sites");
  return { path, modelUrl: pathToFileURL(join(installationRoot(), "dist", "model.mjs")).href };
}
