/** What a change does to one aspect of the protection of one or more subjects. */
export interface ProtectionFinding {
  readonly class: FindingClass;
  readonly aspect: Aspect;
  /** Guests (`101 ad`) or objects that it concerns, in order; the same change of several is one finding. */
  readonly subjects: readonly string[];
  /** As it is shown: `4h`, `31 points, oldest 7d`. Holds no secret. */
  readonly before: string;
  readonly after: string;
  readonly reversibility: Reversibility;
  /** What `reversibility` rests on. */
  readonly evidence: string;
}

/** In the order in which a review shows them. */
export const FINDING_CLASSES = ["lost", "weakened", "unknown", "gained"] as const;
export type FindingClass = (typeof FINDING_CLASSES)[number];

export type Aspect =
  | "coverage"
  | "rpo"
  | "retention"
  | "copies"
  | "encryption"
  | "verification"
  | "consistency"
  | "history"
  | "privileges"
  | "reachability"
  | "detection"
  | "restore tests"
  | "datastore"
  | "promise";

/** Whether what is done can be taken back, and from what. */
export type Reversibility =
  | "reversible"
  | "recoverable with effort"
  | "recoverable from backup"
  | "unrecoverable"
  | "needs review";
