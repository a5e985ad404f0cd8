import type { Severity } from "../engine/policy";
import { fingerprints } from "./fingerprint";
import type { NoticedSite } from "./notice";
import { sentencesOf } from "./notice";

const SEVERITIES: Readonly<Record<Severity, string>> = { error: "critical", warning: "minor", note: "info" };

/**
 * GitLab's code quality report. It has no word for what is accepted: what is acknowledged is told as information, what the
 * baseline knows is left out.
 */
export function gitlab(sites: readonly NoticedSite[]): string {
  const notices = sites.flatMap((site) => site.notices).filter(({ accepted }) => accepted?.by !== "baseline");
  const prints = fingerprints(notices);
  const issues = notices.map((notice, index) => ({
    description: [notice.object, sentencesOf(notice).join(". ")].filter((part) => part !== "").join(": "),
    check_name: notice.rule,
    fingerprint: prints[index],
    severity: notice.accepted === undefined ? SEVERITIES[notice.severity] : "info",
    location: { path: notice.file, lines: { begin: notice.line } },
  }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}
