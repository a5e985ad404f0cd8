import type { Aspect, FindingClass } from "../finding";
import { isUnknown, type Known } from "../known";
import type { GuestProtection, Protection } from "../protection";

/** What a change does to one aspect of one subject, in words. */
export interface Change {
  readonly class: FindingClass;
  readonly before: string;
  readonly after: string;
}

export interface SubjectChange extends Change {
  readonly subject: string;
}

/** Compares an aspect of one guest that both sides cover. */
export interface GuestAspect {
  readonly aspect: Aspect;
  readonly compare: (before: GuestProtection, after: GuestProtection) => readonly Change[];
}

/** Compares an aspect of the site. */
export interface SiteAspect {
  readonly aspect: Aspect;
  readonly compare: (before: Protection, after: Protection) => readonly SubjectChange[];
}

export type Verdict = "worse" | "same" | "better";

/** How the values of a fact are compared and shown. */
export interface Measure<Value> {
  readonly judge: (before: Value, after: Value) => Verdict;
  readonly show: (value: Value) => string;
  /** Nothing is better, so that it is good news also where nothing is known of the other side. Default: no value is. */
  readonly isBest?: (value: Value) => boolean;
}

/** What became of a fact. What one side does not know is no good news, unless the other side could not be better. */
export function changeOf<Value>(before: Known<Value>, after: Known<Value>, measure: Measure<Value>): Change[] {
  const { judge, show, isBest } = measure;
  if (isUnknown(after))
    return isUnknown(before) ? [] : [{ class: "unknown", before: show(before), after: unknownBecause(after.unknown) }];
  if (isUnknown(before)) {
    return [{ class: isBest?.(after) ? "gained" : "unknown", before: unknownBecause(before.unknown), after: show(after) }];
  }
  const verdict = judge(before, after);
  if (verdict === "same") return [];
  return [{ class: verdict === "worse" ? "weakened" : "gained", before: show(before), after: show(after) }];
}

/** A fact that is good while it holds. */
export const flag = (good: string, bad: string): Measure<boolean> => ({
  judge: (before, after) => (before === after ? "same" : before ? "worse" : "better"),
  show: (value) => (value ? good : bad),
  isBest: (value) => value,
});

/** A number of which less is better. */
export const lessIsBetter = (show: (value: number) => string): Measure<number> => ({
  judge: (before, after) => (after > before ? "worse" : after < before ? "better" : "same"),
  show,
});

/** Worse if one of the pairs is, whatever the others are; better if one is and none is worse. */
export function verdictOf(pairs: readonly (readonly [before: number, after: number])[]): Verdict {
  if (pairs.some(([before, after]) => after < before)) return "worse";
  return pairs.some(([before, after]) => after > before) ? "better" : "same";
}

const unknownBecause = (reason: string): string => `unknown: ${reason}`;
