import type { Site } from "../../model";
import type { PlannedStack } from "./planned-stack";
import type { SynthesizedStack } from "./synthesized-stack";

/**
 * A rule says what a good protection looks like and judges every object that it applies to, at one or more of three gates: on
 * the model, on the synthesized files (which also hold what an escape hatch added), on the plan (which also knows what is
 * destroyed). Its checks are pure functions; its ids, severities and references are the business of the packs.
 */
export interface Rule {
  /** The good state as an affirmative sentence: `Every guest is in a backup job, or exempt with a reason`. */
  readonly sentence: string;
  readonly model?: (context: ModelContext) => readonly Verdict[];
  readonly synthesized?: (context: SynthesizedContext) => readonly Verdict[];
  readonly plan?: (context: PlanContext) => readonly Verdict[];
}

/** The gate at which something is seen, in the order in which they are passed. */
export type Gate = "model" | "synthesized" | "plan";

export interface ModelContext {
  readonly site: Site;
  /** Name of the environment. */
  readonly environment: string;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

export interface SynthesizedContext extends ModelContext {
  readonly stacks: readonly SynthesizedStack[];
}

export interface PlanContext extends ModelContext {
  readonly stacks: readonly PlannedStack[];
}

/** The judgement of one rule on one object. No verdict at all: the rule does not apply to this site. */
export type Verdict = { readonly object: string; readonly state: "compliant" } | Complaint;

/** A judgement that something is not as it should be, or that it cannot be seen whether it is. */
export interface Complaint {
  /** Path in the site file (`guests.erp`), or `<layer> <object>` at the later gates. */
  readonly object: string;
  /** `unknown`: nothing was found to be wrong, and it could not be seen that all is well. It counts as a failure. */
  readonly state: "non-compliant" | "unknown";
  /** Lower case, without a final stop. Never a secret: values only of attributes that the rule names. */
  readonly what: string;
  /** An instruction for this object, where that of the pack is too general. */
  readonly repair?: string;
}

/** A verdict that the object is as it should be. */
export const compliant = (object: string): Verdict => ({ object, state: "compliant" });

/** A verdict that it is not. */
export const violation = (object: string, what: string, repair?: string): Verdict => ({
  object,
  state: "non-compliant",
  what,
  ...(repair === undefined ? {} : { repair }),
});

/** A verdict that it cannot be seen whether it is. */
export const unknown = (object: string, what: string, repair?: string): Verdict => ({
  object,
  state: "unknown",
  what,
  ...(repair === undefined ? {} : { repair }),
});

/** One of the two: a violation if `what` is a text. */
export const judged = (object: string, what: string | undefined, repair?: string): Verdict =>
  what === undefined ? compliant(object) : violation(object, what, repair);
