import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { onFiles } from "../deploy/file-faults";
import type { SitesFolder } from "../deploy/site-loader";
import { type LabStatus, labStatus, labUp } from "../lab/control";
import type { LabDescription } from "../lab/description";
import { EMPTY_SEED } from "../lab/seed";
import { type Site, UserError } from "../model";
import { labSeed } from "./lab-seed";
import { installationRoot } from "./paths";

/** A lab of this sites folder: that of a site's environment, or the empty one. */
export interface LabPlace {
  /** What `lab status` calls it: `ecosolar lab`, `empty`. */
  readonly name: string;
  readonly directory: string;
}

const workFolder = (folder: SitesFolder): string => join(folder.path, ".bastide");

export const emptyLab = (folder: SitesFolder): LabPlace => ({ name: "empty", directory: join(workFolder(folder), "empty-lab") });

export const siteLab = (folder: SitesFolder, site: string, environment: string): LabPlace => ({
  name: `${site} ${environment}`,
  directory: join(workFolder(folder), site, environment, "devices"),
});

/** Every lab that was ever brought up from this folder. */
export function knownLabs(folder: SitesFolder): LabPlace[] {
  const base = workFolder(folder);
  const children = (path: string): string[] =>
    existsSync(path)
      ? readdirSync(path, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map(({ name }) => name)
          .sort()
      : [];
  const ofSites = children(base).flatMap((site) =>
    children(join(base, site)).map((environment) => siteLab(folder, site, environment)),
  );
  return [emptyLab(folder), ...ofSites].filter(({ directory }) => existsSync(directory));
}

/** Labs that are up now, with their description. */
async function runningLabs(folder: SitesFolder): Promise<{ place: LabPlace; status: LabStatus & { state: "up" } }[]> {
  const all = await Promise.all(knownLabs(folder).map(async (place) => ({ place, status: await labStatus(place.directory) })));
  return all.flatMap(({ place, status }) => (status.state === "up" ? [{ place, status }] : []));
}

/** The one lab that a command without a name means. */
export async function onlyRunningLab(folder: SitesFolder): Promise<{ place: LabPlace; status: LabStatus & { state: "up" } }> {
  const running = await runningLabs(folder);
  const [first] = running;
  if (first !== undefined && running.length === 1) return first;
  throw new UserError({
    where: `labs of ${folder.path}`,
    what: running.length === 0 ? "no lab is up" : `several labs are up: ${running.map(({ place }) => place.name).join(", ")}`,
    repair: running.length === 0 ? "start one: ./bastide lab up SITE, or ./bastide lab up --empty" : "name the site, or --empty",
  });
}

/** Starts the lab of a site, or finds it running. */
export function startLab(place: LabPlace, site: Site | undefined, report: (line: string) => void): Promise<LabDescription> {
  const daemon = join(installationRoot(), "dist", "lab.mjs");
  return onFiles(place.directory, () =>
    labUp(place.directory, site === undefined ? EMPTY_SEED : labSeed(site), { daemon, report }),
  );
}
