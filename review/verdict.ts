import type { Finding } from "../policies/engine/finding";
import { FINDING_CLASSES, type ProtectionFinding } from "./finding";

/** What a change is, all in all; the worst first. */
export const RISK_CLASSES = [
  "loss of protection",
  "weakened protection",
  "unknown effect",
  "refused by a policy",
  "protection gained",
  "no effect on the protection",
] as const;
export type RiskClass = (typeof RISK_CLASSES)[number];

/** The first line of a review. */
export interface Verdict {
  readonly class: RiskClass;
  /** What it rests on, the worst first: `2 guests not backed up`. */
  readonly because: readonly string[];
  /** Findings that somebody has to approve: lost, weakened or unknown. */
  readonly toApprove: number;
}

/** Findings in the order of a review: worst class first, then as they were found. */
export const inReviewOrder = (findings: readonly ProtectionFinding[]): ProtectionFinding[] =>
  FINDING_CLASSES.flatMap((kind) => findings.filter((finding) => finding.class === kind));

export function verdictOf(
  findings: readonly ProtectionFinding[],
  newPolicyFindings: readonly Finding[],
  isReadable: boolean,
): Verdict {
  const ordered = inReviewOrder(findings);
  const errors = newPolicyFindings.filter(({ severity }) => severity === "error").length;
  return {
    class: riskClass(ordered[0]?.class, errors, isReadable),
    because: [
      ...(isReadable ? [] : ["what was before cannot be read"]),
      ...ordered.map(inShort),
      ...(errors === 0 ? [] : [`${counted(errors, "new policy error")}`]),
    ],
    toApprove: findings.filter((finding) => finding.class !== "gained").length,
  };
}

function riskClass(worst: ProtectionFinding["class"] | undefined, errors: number, isReadable: boolean): RiskClass {
  if (worst === "lost") return "loss of protection";
  if (worst === "weakened") return "weakened protection";
  if (worst === "unknown" || !isReadable) return "unknown effect";
  if (errors > 0) return "refused by a policy";
  return worst === "gained" ? "protection gained" : "no effect on the protection";
}

/** `retention of 101 ad, 103 erp: 31 points → 14 points`, with a count instead of more than two names. */
function inShort({ class: kind, aspect, subjects, before, after }: ProtectionFinding): string {
  const isGuests = subjects.every((subject) => /^\d+( |$)/.test(subject));
  const who = subjects.length <= 2 ? subjects.join(", ") : counted(subjects.length, isGuests ? "guest" : "object");
  if (kind === "unknown") return `${aspect} of ${who} unknown`;
  if (aspect === "coverage" && kind === "lost") return `${who} not backed up any more`;
  if (aspect === "reachability")
    return `${who} ${kind === "gained" ? "does not reach" : "reaches"} a backup server${kind === "gained" ? " any more" : ""}`;
  if (aspect === "privileges") return `${who} may do ${kind === "gained" ? "less" : "more"}`;
  return `${aspect} of ${who}: ${short(before)} → ${short(after)}`;
}

const LONGEST = 40;

/** Without what stands in brackets: it explains, and the table holds it. */
function short(text: string): string {
  const brief = text.replace(/ \(.*\)$/s, "");
  return brief.length <= LONGEST ? brief : `${brief.slice(0, LONGEST - 1)}…`;
}

/** `1 guest`, `3 guests`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
