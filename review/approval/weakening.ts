import { createHash } from "node:crypto";
import type { Aspect, FindingClass, ProtectionFinding } from "../finding";

/** One aspect of the protection of one subject that gets worse, or of which nobody can see that it does not. */
export interface Weakening {
  readonly class: Exclude<FindingClass, "gained">;
  readonly aspect: Aspect;
  /** Id of a guest, or name of an object. */
  readonly subject: string;
  readonly before: string;
  readonly after: string;
}

/** What somebody has to approve before it is applied. */
export interface Weakenings {
  /** What the devices are told: the same whether two revisions or the two sides of a plan are compared. */
  readonly devices: readonly Weakening[];
  /** What only the site file promises, such as a restore test: no plan holds it. */
  readonly promises: readonly Weakening[];
}

/**
 * The weakenings among findings, one for each subject, in one order: neither the order nor the grouping of the findings
 * matters, nor the name of a guest, which a plan may not know.
 */
export function weakeningsOf(findings: readonly ProtectionFinding[]): Weakening[] {
  const all = findings.flatMap(({ class: kind, aspect, subjects, before, after }): Weakening[] =>
    kind === "gained"
      ? []
      : subjects.map((subject) => ({ class: kind, aspect, subject: subject.replace(/^(\d+) .*$/s, "$1"), before, after })),
  );
  const byKey = new Map(all.map((one) => [weakeningKey(one), one]));
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, weakening]) => weakening);
}

/** SHA-256 of a set of weakenings, in hexadecimal. */
export const hashOf = (weakenings: readonly Weakening[]): string =>
  createHash("sha256")
    .update(JSON.stringify(weakenings.map(weakeningKey).sort()))
    .digest("hex");

/** `weakened retention of 101: 31 points, oldest 7d -> 7 points, oldest 7d` */
export const weakeningText = ({ class: kind, aspect, subject, before, after }: Weakening): string =>
  `${kind} ${aspect} of ${subject}: ${before} -> ${after}`;

/** What a weakening is told apart by. */
export const weakeningKey = ({ class: kind, aspect, subject, before, after }: Weakening): string =>
  JSON.stringify([kind, aspect, subject, before, after]);
