import { onceFor } from "./once-for";
import type { Rule } from "./rule";

/** `error` stops a change (exit code 3), `warning` and `note` are shown. */
export type Severity = "error" | "warning" | "note";

/** A rule under the id by which people know and acknowledge it. Its title is the rule's sentence. */
export interface Policy {
  /** Three letters and three digits, `PBS-001`. It never changes and is never given again: acknowledgements name it. */
  readonly id: string;
  readonly rule: Rule;
  readonly severity: { readonly lab: Severity; readonly live: Severity };
  /** What happens on a bad day where the rule is broken: one to three sentences for somebody who has never heard of it. */
  readonly why: string;
  /** What to do, as an instruction. */
  readonly repair: string;
}

/** Each policy of a list by its id. */
export const policiesById = onceFor(
  (policies: readonly Policy[]): ReadonlyMap<string, Policy> => new Map(policies.map((policy) => [policy.id, policy])),
);

/** A published standard, and which policies give evidence for which of its controls. */
export interface Standard {
  /** Name on the command line, `anssi-bp-100`. */
  readonly name: string;
  readonly title: string;
  readonly controls: readonly Control[];
}

/** A control of a standard, by the id that its text prints. */
export interface Control {
  readonly id: string;
  /** What it asks for, in our words. */
  readonly gist: string;
  /** Ids of the policies that look at it. A control without any is not claimed to be looked at. */
  readonly policies: readonly string[];
}
