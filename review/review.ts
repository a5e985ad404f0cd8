import type { Fault } from "../model";
import type { CrossAction } from "./cross-actions";
import type { ProtectionFinding } from "./finding";
import type { PolicyChanges } from "./policy-changes";
import { inReviewOrder, RISK_CLASSES, type Verdict, verdictOf } from "./verdict";

/** What a change does to the protection of one site in one environment. Every renderer shows this and nothing else. It holds no secret. */
export interface Review {
  readonly site: string;
  readonly environment: string;
  /** Names of what is compared: `main (1a2b3c4d5e6f)`, `working tree`. */
  readonly before: string;
  readonly after: string;
  readonly change: SiteChange;
  readonly verdict: Verdict;
  /** Lost first, gained last. Their numbers, from 1, are their places. */
  readonly findings: readonly ProtectionFinding[];
  readonly crossActions: readonly CrossAction[];
  /** Objects that are destroyed and made again; only a plan knows them. */
  readonly replaced: readonly Replacement[];
  /** What differs on the devices without having been changed here; only a plan knows it. */
  readonly drift: readonly string[];
  readonly policies: PolicyChanges;
  /** Controls of standards that the policies above give evidence for: `anssi-bp-100/R11`. Key: policy id. */
  readonly references: Readonly<Record<string, readonly string[]>>;
  /** Those that allow everything that has to be approved; empty where they do not, or nothing has to. */
  readonly approvals: readonly Approval[];
  /** What the reader has to know about the comparison itself. */
  readonly notes: readonly string[];
  /** What was seen and changes nothing: guests with another name. */
  readonly asides: readonly string[];
  /** Why what was before cannot be read. */
  readonly faults: readonly Fault[];
}

/** What happens to the site as a whole. A site with another name and the same guests is renamed. */
export type SiteChange = { readonly kind: "changed" | "new" | "deleted" } | { readonly kind: "renamed"; readonly from: string };

/** Somebody's word that the findings are accepted. */
export interface Approval {
  readonly who: string;
  readonly reason: string;
  /** Last day on which it holds, `YYYY-MM-DD`. */
  readonly expires: string;
}

export interface Replacement {
  /** `datastore pbs/proxmox-data`. */
  readonly object: string;
  /** Attributes that cannot be changed in place. */
  readonly because: readonly string[];
}

/** What a review is made from. */
export type ReviewParts = Omit<Review, "verdict">;

/** Puts a review together: order, and verdict. */
export function assembleReview(parts: ReviewParts): Review {
  const { findings, policies, faults } = parts;
  return {
    ...parts,
    findings: inReviewOrder(findings),
    verdict: verdictOf(findings, policies.appeared, faults.length === 0),
  };
}

/** The worst first, then by name. */
export function worstFirst(reviews: readonly Review[]): Review[] {
  const rank = ({ verdict }: Review) => RISK_CLASSES.indexOf(verdict.class);
  return [...reviews].sort(
    (one, other) =>
      rank(one) - rank(other) ||
      other.verdict.toApprove - one.verdict.toApprove ||
      (one.site < other.site ? -1 : one.site > other.site ? 1 : 0),
  );
}

/** 1: something could not be read. 3: something is weakened or not known and not approved, or newly breaks a policy. 0: neither. */
export function exitCodeOf(reviews: readonly Review[]): 0 | 1 | 3 {
  if (reviews.some(({ faults }) => faults.length > 0)) return 1;
  const mustStop = ({ verdict, policies, approvals }: Review) =>
    (verdict.toApprove > 0 && approvals.length === 0) || policies.appeared.some(({ severity }) => severity === "error");
  return reviews.some(mustStop) ? 3 : 0;
}
