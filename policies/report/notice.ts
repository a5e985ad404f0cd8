import type { Acknowledgement } from "../../model";
import { type Finding, findingKey, type PolicyReport, type PolicyState } from "../engine/finding";
import type { Policy, Severity, Standard } from "../engine/policy";

/** One message about one place of a file: what every format of a report is made of. Holds no secret. */
export interface Notice {
  /** Id of its rule: `PBS-001`, or `SITE-FILE` for a fault that keeps the file from being judged. */
  readonly rule: string;
  readonly severity: Severity;
  /** Path in the site file, `guests.erp`. Empty: the file as a whole. */
  readonly object: string;
  readonly what: string;
  readonly why?: string;
  readonly repair: string;
  /** From the root of the repository, with slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The same from one run to the next, whatever its words and its line: `ecosolar/production PBS-001 guests.erp`. */
  readonly key: string;
  /** Why it stops nothing; undefined: it is open. */
  readonly accepted?: Acceptance;
}

/** Somebody's acknowledgement in the site file, or the baseline beside it. */
export interface Acceptance {
  readonly by: "acknowledgement" | "baseline";
  /** Who, until when and why, in one sentence. */
  readonly text: string;
}

/** What is said of one site in one environment. */
export interface NoticedSite {
  readonly site: string;
  /** Undefined where the file has faults, so that nothing was judged. */
  readonly environment?: string;
  readonly notices: readonly Notice[];
  /** State of each rule by id, for formats that also name what holds. */
  readonly states: Readonly<Record<string, PolicyState>>;
}

/** What a format says of a rule, beside its findings. */
export interface NoticedRule {
  readonly id: string;
  /** The good state, as a sentence. */
  readonly sentence: string;
  readonly why: string;
  readonly repair: string;
  /** On real devices. */
  readonly severity: Severity;
  /** Controls of standards that it gives evidence for: `anssi-bp-100/R11`. */
  readonly tags: readonly string[];
}

/** The rule of faults in a site file. */
export const SITE_FILE: NoticedRule = {
  id: "SITE-FILE",
  sentence: "The site file has no fault",
  why: "a file with a fault describes no site, so nothing in it can be judged or applied",
  repair: "repair the fault at its place",
  severity: "error",
  tags: [],
};

/** The rules of policies, with the controls that standards name them for. */
export const rulesOf = (policies: readonly Policy[], standards: readonly Standard[]): NoticedRule[] =>
  policies.map(({ id, rule, why, repair, severity }) => ({
    id,
    sentence: rule.sentence,
    why,
    repair,
    severity: severity.live,
    tags: standards.flatMap(({ name, controls }) =>
      controls.filter((control) => control.policies.includes(id)).map((control) => `${name}/${control.id}`),
    ),
  }));

/** @param lineOf line of an object in the site file, from 1 */
export function noticesOf(report: PolicyReport, file: string, lineOf: (object: string) => number): Notice[] {
  return report.findings.map((finding) => {
    const accepted = acceptanceOf(finding);
    return {
      rule: finding.policy,
      severity: finding.severity,
      object: finding.object,
      what: finding.what,
      why: finding.why,
      repair: finding.repair,
      file,
      line: lineOf(finding.object),
      key: `${report.site}/${report.environment} ${findingKey(finding)}`,
      ...(accepted === undefined ? {} : { accepted }),
    };
  });
}

function acceptanceOf({ acknowledged, known }: Finding): Acceptance | undefined {
  if (acknowledged !== undefined) return { by: "acknowledgement", text: acknowledgementText(acknowledged) };
  return known === undefined ? undefined : { by: "baseline", text: "known before, from the site's baseline" };
}

/** Who accepted it, until when and why. */
export function acknowledgementText({ owner, expires, reason, ticket }: Acknowledgement): string {
  const by = [owner, `until ${expires}`, ...(ticket === undefined ? [] : [ticket])].join(", ");
  return `acknowledged (${by}): ${reason}`;
}

/** What stands after the place: what is wrong, why that matters, what to do. */
export const sentencesOf = ({ what, why, repair, accepted }: Notice): string[] => [
  what,
  ...(why === undefined ? [] : [`Why: ${why}`]),
  accepted === undefined ? `Repair: ${repair}` : accepted.text,
];
