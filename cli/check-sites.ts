import { listSites, loadSite, type SitesFolder } from "../deploy/site-loader";
import { type Fault, type Site, UserError } from "../model";
import { BASTIDE } from "../policies/packs/bastide";
import { baselineOf } from "../policies/report/baseline";
import { readBaseline, writeBaseline } from "./baseline";
import { noEnvironment } from "./options";
import { type Judgement, judge } from "./policy-gates";

/** What `check` found in one site file. What is judged is absent where the file has faults. */
export interface SiteReport extends Partial<Judgement> {
  readonly site: string;
  readonly faults: readonly Fault[];
}

export interface CheckChoices {
  /** Names; default: all. */
  readonly sites?: readonly string[];
  /** Default: the first that is no lab, because what is meant for real devices is judged as such. */
  readonly environment?: string;
  /** `YYYY-MM-DD`. */
  readonly today: string;
  /** Write the findings that are open now into the sites' baselines first. */
  readonly writeBaseline?: boolean;
}

/** Checks one site, the changed ones or all of them; a broken file does not keep the others from being checked. */
export async function checkSites(folder: SitesFolder, choices: CheckChoices): Promise<SiteReport[]> {
  const names = choices.sites ?? listSites(folder);
  const reports: SiteReport[] = [];
  for (const name of names) {
    try {
      reports.push({ site: name, faults: [], ...(await checkSite(folder, name, choices)) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      reports.push({ site: name, faults: error.faults });
    }
  }
  return reports;
}

async function checkSite(folder: SitesFolder, name: string, choices: CheckChoices): Promise<Judgement> {
  const site = await loadSite(folder, name);
  const environment = choices.environment ?? strictestEnvironment(site);
  if (!(environment in site.environments)) throw noEnvironment(site, environment);
  const evidence = { site, environment, today: choices.today };
  const judgement = await judge(folder, evidence);
  if (choices.writeBaseline !== true) return judgement;
  await writeBaseline(folder, name, baselineOf(BASTIDE, judgement.policies, await readBaseline(folder, name)));
  return await judge(folder, evidence);
}

/** The first environment that is no lab, else the first. */
export function strictestEnvironment(site: Site): string {
  const all = Object.entries(site.environments);
  const [name] = all.find(([, { kind }]) => kind === "live") ?? all[0] ?? [];
  if (name === undefined) throw new Error(`${site.name} has no environment`);
  return name;
}
