import { openRevisions } from "../deploy/repository";
import { RevisionSites } from "../deploy/revision-sites";
import type { SitesFolder } from "../deploy/site-loader";
import type { Site } from "../model";
import { installationRoot } from "./paths";

/**
 * A site as a git revision has it; undefined: it was not there.
 * @param base a revision that was merged: its own model is run where today's does not read the site
 * @throws UserError with what git or the site file of that revision has against it
 */
export async function siteBefore(folder: SitesFolder, site: string, base: string): Promise<Site | undefined> {
  const [repository, [revision]] = await openRevisions(folder.path, [base]);
  if (revision === undefined) throw new Error(`no revision for ${base}`);
  const { modelUrl } = folder;
  const sites = await RevisionSites.open(revision, repository, { installation: installationRoot(), modelUrl });
  try {
    return sites.names.includes(site) ? (await sites.load(site, true)).site : undefined;
  } finally {
    sites.close();
  }
}

/** How many people have to approve: who lowers their number needs the number of before. */
export function peopleNeeded(environment: string, ...sites: readonly (Site | undefined)[]): 1 | 2 {
  return sites.some((site) => site?.environments[environment]?.approvals === 2) ? 2 : 1;
}
