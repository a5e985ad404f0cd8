import { isUnknown } from "../known";
import type { GuestProtection } from "../protection";
import type { Change, GuestAspect } from "./aspect";

/**
 * Whether a guest is backed up, also of a guest that only one side has. A loss by intent (exempt, or gone from the site file) is
 * a loss: the reviewer decides whether it was meant.
 */
export function coverageChange(before: GuestProtection | undefined, after: GuestProtection | undefined): Change | undefined {
  const states = { before: stateOf(before), after: stateOf(after) };
  const loss = lossOf(states.before, states.after);
  return loss === undefined ? undefined : { class: loss, before: textOf(before), after: textOf(after) };
}

type State = "absent" | "exempt" | "covered" | "uncovered" | "unknown";

function stateOf(guest: GuestProtection | undefined): State {
  if (guest === undefined) return "absent";
  if (isUnknown(guest.covered)) return "unknown";
  if (guest.covered) return "covered";
  return guest.exempt === undefined ? "uncovered" : "exempt";
}

function lossOf(before: State, after: State): Change["class"] | undefined {
  if (before === after) return undefined;
  if (after === "covered") return "gained";
  if (after === "unknown") return "unknown";
  if (before === "covered" || after === "uncovered") return "lost";
  return before === "unknown" ? "unknown" : undefined;
}

function textOf(guest: GuestProtection | undefined): string {
  if (guest === undefined) return "not in the site";
  const { covered, exempt, uncovered } = guest;
  if (isUnknown(covered)) return `unknown: ${covered.unknown}`;
  if (covered) return "backed up";
  return exempt === undefined ? `not backed up: ${uncovered ?? "no enabled job takes it"}` : `exempt: ${exempt}`;
}

/** Disks and paths that the backups of a covered guest leave out. */
export const leftOut: GuestAspect = {
  aspect: "coverage",
  compare: (before, after) => {
    const added = after.leftOut.filter((part) => !before.leftOut.includes(part));
    const removed = before.leftOut.filter((part) => !after.leftOut.includes(part));
    if (added.length === 0 && removed.length === 0) return [];
    const show = (parts: readonly string[]) => (parts.length === 0 ? "everything is backed up" : `without ${parts.join(", ")}`);
    return [{ class: added.length > 0 ? "lost" : "gained", before: show(before.leftOut), after: show(after.leftOut) }];
  },
};
