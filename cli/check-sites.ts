import { changedSites } from "../deploy/changed-sites";
import { listSites, loadSite, type SitesFolder } from "../deploy/site-loader";
import { type Fault, type SiteWarning, siteWarnings, UserError } from "../model";

/** What `check` found in one site file. */
export interface SiteReport {
  readonly site: string;
  readonly faults: readonly Fault[];
  readonly warnings: readonly SiteWarning[];
}

/** Checks one site, the changed ones or all of them; a broken file does not keep the others from being checked. */
export async function checkSites(folder: SitesFolder, select: { site?: string; changed?: string }): Promise<SiteReport[]> {
  const names =
    select.site !== undefined
      ? [select.site]
      : select.changed !== undefined
        ? await changedSites(folder, select.changed)
        : listSites(folder);
  const reports: SiteReport[] = [];
  for (const name of names) {
    try {
      const site = await loadSite(folder, name);
      reports.push({ site: name, faults: [], warnings: siteWarnings(site) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      reports.push({ site: name, faults: error.faults, warnings: [] });
    }
  }
  return reports;
}
