import type { Finding } from "../../policies/engine/finding";
import type { ProtectionFinding } from "../../review/finding";
import { assembleReview, type Review, type ReviewParts } from "../../review/review";

/** A weakened retention of one guest, unless it says otherwise. */
export const finding = (more: Partial<ProtectionFinding> = {}): ProtectionFinding => ({
  class: "weakened",
  aspect: "retention",
  subjects: ["101 ad"],
  before: "31 points, oldest 10d (hourly 24, daily 7)",
  after: "7 points, oldest 7d (daily 7)",
  reversibility: "unrecoverable",
  evidence: "the next prune removes points",
  ...more,
});

export const policyFinding = (more: Partial<Finding> = {}): Finding => ({
  policy: "BKP-001",
  severity: "error",
  gate: "model",
  state: "non-compliant",
  object: "guests.ad",
  what: "is in no job",
  why: "it is lost with its disk",
  repair: "give it a tier",
  ...more,
});

export const NO_POLICIES = { appeared: [], repaired: [], acknowledged: [], standing: 0 };

/** A review of one site without any finding, unless it says otherwise. */
export const review = (more: Partial<ReviewParts> = {}): Review =>
  assembleReview({
    site: "ecosolar",
    environment: "production",
    before: "main (1a2b3c4d5e6f)",
    after: "working tree on 6f5e4d3c2b1a",
    change: { kind: "changed" },
    findings: [],
    crossActions: [],
    replaced: [],
    drift: [],
    policies: NO_POLICIES,
    references: {},
    approvals: [],
    notes: [],
    asides: [],
    faults: [],
    ...more,
  });
