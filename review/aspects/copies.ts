import { isUnknown } from "../known";
import type { Copy } from "../protection";
import { interval } from "../words";
import { changeOf, type GuestAspect, type Measure, type SiteAspect, type SubjectChange, type Verdict, verdictOf } from "./aspect";

/** Where the copies are, how fresh, and who can delete them (3-2-1-1-0). */
export const copies: GuestAspect = {
  aspect: "copies",
  compare: (before, after) => changeOf(before.copies, after.copies, COPIES),
};

/** Copies that are held here for somebody else. */
export const pulled: SiteAspect = {
  aspect: "copies",
  compare: (before, after) => {
    if (isUnknown(before.pulled) || isUnknown(after.pulled)) {
      return changeOf(before.pulled, after.pulled, COPIES).map((change) => ({ ...change, subject: "copies held for others" }));
    }
    const held = { before: before.pulled, after: after.pulled };
    const names = [...new Set([...held.before, ...held.after].map(({ name }) => name))].sort();
    return names.flatMap((name): SubjectChange[] => {
      const named = (list: readonly Copy[]) => list.filter((copy) => copy.name === name);
      return changeOf(named(held.before), named(held.after), COPIES).map((change) => ({ ...change, subject: name }));
    });
  },
};

const COPIES: Measure<readonly Copy[]> = {
  judge,
  show: (list) => (list.length === 0 ? "no copy" : list.map(shown).join(" + ")),
};

/** By their qualities and not by their names: a copy under another name is the same copy. */
function judge(before: readonly Copy[], after: readonly Copy[]): Verdict {
  const both = Math.min(before.length, after.length);
  const qualities: ((list: readonly Copy[]) => number)[] = [
    (list) => list.length,
    (list) => list.filter(({ place }) => place !== "host").length,
    (list) => list.filter(({ place }) => place === "off-site").length,
    (list) => list.filter(({ safeFromDeletion }) => safeFromDeletion).length,
    (list) => list.filter(({ followsRemovals }) => !followsRemovals).length,
    (list) => -restrictionsOf(list, both),
    (list) => -bestGap(list.filter(({ gapMs }) => gapMs > 0)),
    (list) => -bestGap(list.filter(({ place }) => place === "off-site")),
    (list) => -bestGap(list.filter(({ safeFromDeletion }) => safeFromDeletion)),
  ];
  return verdictOf(qualities.map((quality) => [quality(before), quality(after)]));
}

/** What the least restricted copies leave out: one more copy of a part is more than none. */
function restrictionsOf(list: readonly Copy[], count: number): number {
  const counts = list.map(({ restrictions }) => restrictions.length).sort((one, other) => one - other);
  return counts.slice(0, count).reduce((sum, one) => sum + one, 0);
}

const bestGap = (list: readonly Copy[]): number => Math.min(Number.POSITIVE_INFINITY, ...list.map(({ gapMs }) => gapMs));

function shown({ name, place, safeFromDeletion, gapMs, followsRemovals, restrictions }: Copy): string {
  const qualities = [
    place === "host" ? "on the hypervisor" : place === "site" ? "on site" : "off-site",
    ...(gapMs > 0 ? [`every ${interval(gapMs)}`] : []),
    ...(safeFromDeletion ? ["safe from deletion"] : []),
    ...(followsRemovals ? ["follows removals"] : []),
    ...restrictions.map((one) => `only ${one}`),
  ];
  return `${name} (${qualities.join(", ")})`;
}
