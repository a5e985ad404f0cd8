import type { Severity } from "../../policies/engine/policy";
import { type Notice, type NoticedRule, type NoticedSite, noticesOf } from "../../policies/report/notice";
import { sarif } from "../../policies/report/sarif";
import type { Aspect, FindingClass, ProtectionFinding } from "../finding";
import { type Review, worstFirst } from "../review";
import { plainText } from "./plain-text";
import { subjectsText } from "./sections";

/** Where an object of a site stands. */
export interface Places {
  /** Path of the site's file from the root of the repository, with slashes. */
  readonly fileOf: (site: string) => string;
  /** Line of a path in the site file, from 1. */
  readonly lineOf: (site: string, object: string) => number;
}

const SEVERITIES: Readonly<Record<FindingClass, Severity>> = {
  lost: "error",
  weakened: "warning",
  unknown: "warning",
  gained: "note",
};

/** Guests that a message names. */
const SUBJECTS = 20;

/**
 * What a change does, as SARIF 2.1.0 for code scanning: what it takes from the protection or leaves unknown, and the findings of
 * the policies that are new with it.
 * @param policyRules the policies as their own report describes them
 */
export function renderSarif(
  reviews: readonly Review[],
  { fileOf, lineOf }: Places,
  policyRules: readonly NoticedRule[],
  version: string,
): string {
  const sites = worstFirst(reviews).map((review): NoticedSite => {
    const { site, environment, findings, policies } = review;
    const file = fileOf(site);
    const lines = (object: string) => lineOf(site, object);
    const appeared = { site, environment, gates: [], findings: policies.appeared, states: {}, counts: NO_COUNTS };
    const noticed = findings.filter(({ class: kind }) => kind !== "gained");
    return {
      site,
      environment,
      notices: [
        ...noticed.map((finding) => noticeOf(review, finding, file, lines)),
        ...review.faults.map(
          ({ where, what, repair }): Notice => ({
            rule: UNREADABLE.id,
            severity: UNREADABLE.severity,
            object: "",
            what: `${where}: ${what}`,
            repair,
            file,
            line: 1,
            key: `${site}/${environment} ${UNREADABLE.id} ${where}`,
          }),
        ),
        ...noticesOf(appeared, file, lines),
      ],
      states: {},
    };
  });
  return sarif(sites, [...Object.values(RULES), UNREADABLE, ...policyRules], version);
}

function noticeOf(
  { site, environment }: Review,
  { class: kind, aspect, subjects, before, after, reversibility, evidence }: ProtectionFinding,
  file: string,
  lineOf: (object: string) => number,
): Notice {
  const rule = RULES[aspect];
  const [first = ""] = subjects;
  // A guest is `104 glpi`; anything else is named as it is in the file, or not at all.
  const object = /^\d+ (.+)$/s.exec(first)?.[1];
  return {
    rule: rule.id,
    severity: SEVERITIES[kind],
    object: object === undefined ? "" : `guests.${object}`,
    what: plainText(`${aspect} ${kind}: ${subjectsText(subjects, SUBJECTS)}: ${before} → ${after}`, 2000),
    why: plainText(`${reversibility}: ${evidence}`, 2000),
    repair: rule.repair,
    file,
    line: object === undefined ? 1 : lineOf(`guests.${object}`),
    key: `${site}/${environment} ${rule.id} ${subjects.map((subject) => subject.replace(/^(\d+) .*$/s, "$1")).join(" ")}`,
  };
}

const rule = (id: string, sentence: string, why: string): NoticedRule => ({
  id,
  sentence,
  why,
  repair: "take the change back, or have it approved with its reason: ./bastide approve",
  severity: "error",
  tags: [],
});

const RULES: Readonly<Record<Aspect, NoticedRule>> = {
  coverage: rule("REV-001", "A change leaves every guest in its backup", "what is in no job is lost with its disk"),
  rpo: rule("REV-002", "A change backs nothing up less often", "the work since the last backup is lost"),
  retention: rule("REV-003", "A change keeps no fewer recovery points", "what was noticed late can no longer be taken back"),
  copies: rule("REV-004", "A change leaves every copy where it is", "one fire or one intruder then takes all copies at once"),
  encryption: rule("REV-005", "A change leaves backups encrypted", "whoever holds the disks reads the client's data"),
  verification: rule("REV-006", "A change verifies nothing less often", "a damaged backup is found on the day when it is needed"),
  consistency: rule(
    "REV-007",
    "A change leaves copies consistent",
    "a database that is copied while it runs may not start again",
  ),
  history: rule("REV-008", "A change leaves the history of a guest in one place", "another place begins without recovery points"),
  privileges: rule(
    "REV-009",
    "A change gives nobody more rights",
    "whoever takes over that account can delete or read the backups",
  ),
  reachability: rule("REV-010", "A change opens the backup server to nobody", "what reaches the port can attack the server"),
  detection: rule(
    "REV-011",
    "A change tells nobody less of failures",
    "backups that fail unseen are missing when they are needed",
  ),
  "restore tests": rule("REV-012", "A change tries restores no less often", "a backup that was never restored is a hope"),
  datastore: rule("REV-013", "A change leaves datastores in service", "a datastore that is replaced or full takes no backup"),
  promise: rule("REV-014", "A change promises no less", "what is promised is what the recovery plan counts on"),
};

const UNREADABLE = rule("REV-100", "What was before can be read", "nobody knows what the change takes away");

const NO_COUNTS = { compliant: 0, "non-compliant": 0, "not-applicable": 0, "not-judged": 0, unknown: 0 };
