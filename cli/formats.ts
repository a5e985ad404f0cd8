import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SitesFolder } from "../deploy/site-loader";
import { STANDARDS } from "../policies/packs";
import { BASTIDE } from "../policies/packs/bastide";
import { github } from "../policies/report/github";
import { gitlab } from "../policies/report/gitlab";
import { junit } from "../policies/report/junit";
import { rulesOf, SITE_FILE } from "../policies/report/notice";
import { sarif } from "../policies/report/sarif";
import type { SiteReport } from "./check-sites";
import { noticedSites } from "./notices";
import { installationRoot } from "./paths";

/** Formats that other programs read, beside our own JSON. */
export type ProgramFormat = "sarif" | "junit" | "github" | "gitlab";

/** What was found in site files, in the format of another program. */
export async function formatted(format: ProgramFormat, folder: SitesFolder, reports: readonly SiteReport[]): Promise<string> {
  const sites = await noticedSites(folder, reports);
  const rules = [SITE_FILE, ...rulesOf(BASTIDE, STANDARDS)];
  switch (format) {
    case "sarif":
      return sarif(sites, rules, version());
    case "junit":
      return junit(sites, rules);
    case "github":
      return github(sites);
    case "gitlab":
      return gitlab(sites);
  }
}

const version = (): string =>
  (JSON.parse(readFileSync(join(installationRoot(), "package.json"), "utf8")) as { version: string }).version;
