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

const accepted = (more: object) => ({
  ...policyFinding({ policy: "BKP-002", object: "guests.erp", what: "is copied nowhere" }),
  acknowledged: {
    rule: "BKP-002",
    object: "guests.erp",
    reason: "moves out",
    owner: "alice",
    expires: "2026-12-31",
    ticket: "T-7",
    ...more,
  },
});

/** A review that has something to say in every part of its page. */
export const EVERYTHING: Review = review({
  change: { kind: "renamed", from: "solar" },
  findings: [
    finding(),
    finding({ class: "lost", aspect: "coverage", subjects: ["104 glpi"], before: "backed up", after: "not in the site" }),
    finding({ class: "unknown", aspect: "rpo", subjects: ["102 files"], before: "4h", after: "unknown: no plan" }),
    finding({ class: "gained", aspect: "copies", subjects: ["101 ad"], before: "no copy", after: "bands" }),
    finding({ aspect: "privileges", subjects: ["x@pbs"], before: "nothing", after: "role Admin", evidence: "take it away" }),
    finding({
      aspect: "reachability",
      subjects: ["laptop"],
      before: "stopped",
      after: "let through",
      reversibility: "reversible",
    }),
    finding({ class: "gained", aspect: "privileges", subjects: ["y@pbs"], before: "role Admin", after: "nothing" }),
  ],
  crossActions: [
    { severity: "severe", what: "both keys go", reversibility: "unrecoverable", evidence: "nobody has them" },
    { severity: "warning", what: "nobody is told", reversibility: "reversible", evidence: "put it back" },
  ],
  replaced: [{ object: "datastore pbs/data", because: ["body.path", "body.name"] }],
  drift: ["backup job critical"],
  policies: {
    appeared: [policyFinding(), policyFinding({ policy: "BKP-009", severity: "warning" })],
    repaired: [policyFinding({ object: "guests.mail" })],
    acknowledged: [
      { ...accepted({}), isNew: true },
      { ...accepted({ ticket: undefined }), object: "guests.dns", isNew: true },
      { ...accepted({}), isNew: false },
    ],
    standing: 2,
  },
  references: { "BKP-001": ["anssi-bp-100/R11", "3-2-1"] },
  approvals: [],
  notes: ["the plan is of yesterday"],
  asides: ["1 guest renamed"],
  faults: [{ where: "sites/ecosolar/site.ts", what: "is no site", repair: "write one" }],
});

/** Paint that shows itself. */
export const MARKS = {
  bold: (text: string) => `*${text}*`,
  dim: (text: string) => `_${text}_`,
  red: (text: string) => `r(${text})`,
  yellow: (text: string) => `y(${text})`,
  green: (text: string) => `g(${text})`,
};
