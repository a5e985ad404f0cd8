import { isDeepStrictEqual } from "node:util";
import { type PlannedChange, type PlannedStack, plannedChanges } from "../../engine/planned-stack";
import { judged, type Verdict } from "../../engine/rule";
import { bodyOf, isDestroyed, kindOfChange, labelOf } from "./object-kind";

/** Judges every object of some kinds that is there before the plan: whether it stays. */
export function removals(stacks: readonly PlannedStack[], ...kinds: readonly string[]): Verdict[] {
  return plannedChanges(stacks)
    .filter((change) => change.action !== "create" && kinds.includes(kindOfChange(change)))
    .map((change) => judged(labelOf(change), isDestroyed(change) ? `the plan would ${told(change)}` : undefined));
}

/** `delete it`, `replace it (path)`. */
function told(change: PlannedChange): string {
  const reasons = change.action === "replace" ? reasonsOf(change) : [];
  return `${change.action} it${reasons.length > 0 ? ` (${reasons.join(", ")})` : ""}`;
}

/** The keys by which it cannot be updated; the engine itself only says that one in the body is among them. Never their values. */
function reasonsOf({ before, after, replacedBecause }: PlannedChange): readonly string[] {
  const fixed = Array.isArray(after?.force_new_attrs) ? after.force_new_attrs.map(String) : [];
  const [old, next] = [bodyOf(before), bodyOf(after)];
  const changed = fixed.filter((key) => !isDeepStrictEqual(old[key], next[key]));
  return changed.length > 0 ? changed : replacedBecause;
}
