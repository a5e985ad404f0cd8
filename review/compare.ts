import type { GuestId } from "../model";
import type { Change, GuestAspect, SiteAspect } from "./aspects/aspect";
import { consistency } from "./aspects/consistency";
import { copies, pulled } from "./aspects/copies";
import { coverageChange, leftOut } from "./aspects/coverage";
import { datastore } from "./aspects/datastore";
import { detection } from "./aspects/detection";
import { encryption } from "./aspects/encryption";
import { history } from "./aspects/history";
import { privileges } from "./aspects/privileges";
import { promise } from "./aspects/promise";
import { reachability } from "./aspects/reachability";
import { restoreTests } from "./aspects/restore-tests";
import { retention } from "./aspects/retention";
import { rpo } from "./aspects/rpo";
import { verification } from "./aspects/verification";
import { type Aspect, FINDING_CLASSES, type ProtectionFinding } from "./finding";
import { isUnknown } from "./known";
import type { GuestProtection, Protection } from "./protection";
import { reversibilityOf, type Whole } from "./reversibility";
import { underNamesOf } from "./same-names";

/** In the order in which findings of one class are shown. */
const OF_GUESTS: readonly GuestAspect[] = [
  leftOut,
  rpo,
  retention,
  copies,
  encryption,
  verification,
  consistency,
  history,
  promise,
];
const OF_SITE: readonly SiteAspect[] = [datastore, pulled, privileges, reachability, detection, restoreTests];
const ASPECTS = [...new Set([...OF_GUESTS, ...OF_SITE].map(({ aspect }) => aspect))];

/** The same change of one or more subjects. */
interface Merged extends Change {
  readonly aspect: Aspect;
  readonly subjects: string[];
  readonly guests: GuestId[];
}

/**
 * What a change does to the protection, the worst first. Guests are compared by their ids, so a renamed one is the same. Of a
 * guest that is no longer backed up only that is said. The same two protections always give the same findings in the same order.
 */
export function compareProtection(before: Protection, after: Protection): readonly ProtectionFinding[] {
  const former = underNamesOf(before, after);
  const merged = new Map<string, Merged>();
  const add = (aspect: Aspect, change: Change, subject: string, guest?: GuestId) => {
    const key = JSON.stringify([change.class, aspect, change.before, change.after]);
    const same = merged.get(key) ?? { ...change, aspect, subjects: [], guests: [] };
    merged.set(key, same);
    if (!same.subjects.includes(subject)) same.subjects.push(subject);
    if (guest !== undefined) same.guests.push(guest);
  };
  for (const [old, now] of pairs(former, after)) compareGuest(old, now, add);
  for (const { aspect, compare } of OF_SITE) {
    const changes = [...compare(former, after)].sort((one, other) =>
      one.subject < other.subject ? -1 : one.subject > other.subject ? 1 : 0,
    );
    for (const { subject, ...change } of changes) add(aspect, change, subject);
  }
  const all = ASPECTS.flatMap((aspect) => [...merged.values()].filter((one) => one.aspect === aspect));
  const whole = wholeOf(former, after, all);
  return FINDING_CLASSES.flatMap((kind) => all.filter((one) => one.class === kind)).map((one): ProtectionFinding => {
    const { class: kind, aspect, subjects, before: had, after: has } = one;
    return { class: kind, aspect, subjects, before: had, after: has, ...reversibilityOf(one, whole) };
  });
}

/** Every guest of either side, by ascending id. */
function pairs(before: Protection, after: Protection): (readonly [GuestProtection | undefined, GuestProtection | undefined])[] {
  const index = ({ guests }: Protection) => new Map(guests.map((guest) => [guest.id, guest]));
  const [old, now] = [index(before), index(after)];
  const ids = [...new Set([...old.keys(), ...now.keys()])].sort((one, other) => one - other);
  return ids.map((id) => [old.get(id), now.get(id)]);
}

function compareGuest(
  old: GuestProtection | undefined,
  now: GuestProtection | undefined,
  add: (aspect: Aspect, change: Change, subject: string, guest: GuestId) => void,
): void {
  const guest = now ?? old;
  if (guest === undefined) return;
  const name = now?.name ?? old?.name;
  const subject = name === undefined ? String(guest.id) : `${guest.id} ${name}`;
  const coverage = coverageChange(old, now);
  if (coverage !== undefined) add("coverage", coverage, subject, guest.id);
  if (old === undefined || now === undefined || coverage !== undefined || (old.covered === false && now.covered === false))
    return;
  for (const { aspect, compare } of OF_GUESTS) {
    for (const change of compare(old, now)) add(aspect, change, subject, guest.id);
  }
}

function wholeOf(before: Protection, after: Protection, changes: readonly Merged[]): Whole {
  const losses = changes.filter((one) => one.class === "lost" || one.class === "weakened");
  const paths = new Map((isUnknown(after.datastores) ? [] : after.datastores).map(({ name, path }) => [name, path]));
  const stores = isUnknown(before.datastores) || isUnknown(after.datastores) ? [] : before.datastores;
  const replaced = stores.filter(({ name, path }) => typeof path === "string" && paths.get(name) !== path);
  return {
    before,
    after,
    gone: new Set(replaced.map(({ name }) => name)),
    touched: new Set(losses.flatMap(({ subjects }) => subjects)).size,
  };
}
