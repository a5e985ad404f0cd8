import { readFileSync, realpathSync } from "node:fs";
import { relative, sep } from "node:path";
import { openRepository } from "../deploy/repository";
import { type SitesFolder, siteFile } from "../deploy/site-loader";
import { type Fault, UserError } from "../model";
import { type Notice, type NoticedSite, noticesOf, SITE_FILE } from "../policies/report/notice";
import type { SiteReport } from "./check-sites";
import { siteLines } from "./site-lines";

/** What was found in site files, each with the place of its object: path from the root of the repository, and line. */
export async function noticedSites(folder: SitesFolder, reports: readonly SiteReport[]): Promise<NoticedSite[]> {
  const root = await rootOf(folder.path);
  return reports.map((report): NoticedSite => {
    const path = siteFile(folder, report.site);
    const file = relative(root, realOf(path)).split(sep).join("/");
    const lineOf = lines(path);
    const { policies } = report;
    if (policies === undefined) {
      const notices = report.faults.map((fault) => noticeOf(fault, { site: report.site, path, file, lineOf }));
      return { site: report.site, notices, states: { [SITE_FILE.id]: "non-compliant" } };
    }
    return {
      site: report.site,
      environment: policies.environment,
      notices: noticesOf(policies, file, lineOf),
      states: policies.states,
    };
  });
}

interface Place {
  readonly site: string;
  /** Absolute. */
  readonly path: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly lineOf: (object: string) => number;
}

/** A fault's place begins with the path of the file, from where the command runs: `sites/a/site.ts guests.erp`, `…/site.ts:3:7`. */
function noticeOf({ where, what, why, repair }: Fault, { site, path, file, lineOf }: Place): Notice {
  const label = relative(process.cwd(), path);
  const inside = where === label || where.startsWith(`${label} `) || where.startsWith(`${label}:`);
  const [, line] = /^:(\d+):\d+$/.exec(inside ? where.slice(label.length) : "") ?? [];
  const object = inside && line === undefined ? where.slice(label.length + 1) : "";
  return {
    rule: SITE_FILE.id,
    severity: "error",
    object,
    // What is no place in the file is said in words: another file, the command line.
    what: inside ? what : `${where}: ${what}`,
    ...(why === undefined ? {} : { why }),
    repair,
    file,
    line: line === undefined ? lineOf(object) : Number(line),
    key: `${site} ${SITE_FILE.id} ${object} ${what}`,
  };
}

function lines(path: string): (object: string) => number {
  try {
    return siteLines(readFileSync(path, "utf8"));
  } catch {
    // There is no such file, which is a fault that the report tells.
    return () => 1;
  }
}

/** The working tree that holds the sites; without git the folder where the command runs. */
async function rootOf(folder: string): Promise<string> {
  try {
    return realOf((await openRepository(folder)).root);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return realOf(process.cwd());
  }
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
