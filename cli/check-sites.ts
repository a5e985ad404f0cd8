import { changedSites } from "../deploy/changed-sites";
import { listSites, loadSite, type SitesFolder } from "../deploy/site-loader";
import { type Fault, type Site, UserError } from "../model";
import { evaluate } from "../policies/engine/evaluate";
import type { PolicyReport } from "../policies/engine/finding";
import { BASTIDE } from "../policies/packs/bastide";

/** What `check` found in one site file. */
export interface SiteReport {
  readonly site: string;
  readonly faults: readonly Fault[];
  /** Absent: the file has faults, so there is nothing to judge. */
  readonly policies?: PolicyReport;
}

export interface CheckChoices {
  readonly site?: string;
  /** Git revision. */
  readonly changed?: string;
  /** Default: the first that is no lab, because what is meant for real devices is judged as such. */
  readonly environment?: string;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

/** Checks one site, the changed ones or all of them; a broken file does not keep the others from being checked. */
export async function checkSites(folder: SitesFolder, choices: CheckChoices): Promise<SiteReport[]> {
  const names =
    choices.site !== undefined
      ? [choices.site]
      : choices.changed !== undefined
        ? await changedSites(folder, choices.changed)
        : listSites(folder);
  const reports: SiteReport[] = [];
  for (const name of names) {
    try {
      const site = await loadSite(folder, name);
      const environment = choices.environment ?? strictestEnvironment(site);
      reports.push({ site: name, faults: [], policies: evaluate(BASTIDE, { site, environment, today: choices.today }) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      reports.push({ site: name, faults: error.faults });
    }
  }
  return reports;
}

/** The first environment that is no lab, else the first. */
export function strictestEnvironment(site: Site): string {
  const all = Object.entries(site.environments);
  const [name] = all.find(([, { kind }]) => kind === "live") ?? all[0] ?? [];
  if (name === undefined) throw new Error(`${site.name} has no environment`);
  return name;
}
