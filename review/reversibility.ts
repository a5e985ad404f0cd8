import type { GuestId } from "../model";
import type { Aspect, FindingClass, Reversibility } from "./finding";
import { isUnknown } from "./known";
import type { Copy, GuestProtection, Protection } from "./protection";
import { listed } from "./words";

/** What of a finding decides whether it can be taken back. */
export interface Undoing {
  readonly class: FindingClass;
  readonly aspect: Aspect;
  readonly subjects: readonly string[];
  /** Ids of the guests among the subjects. */
  readonly guests: readonly GuestId[];
}

export interface Judgement {
  readonly reversibility: Reversibility;
  readonly evidence: string;
}

/** Both sides of a change, and what it does as a whole. */
export interface Whole {
  readonly before: Protection;
  readonly after: Protection;
  /** Datastores that are gone or made anew at another path. */
  readonly gone: ReadonlySet<string>;
  /** Objects that lose something. */
  readonly touched: number;
}

/** From what can be undone by itself to what cannot be undone at all; what nobody knows stands before the worst. */
const TIERS: readonly Reversibility[] = [
  "reversible",
  "recoverable with effort",
  "recoverable from backup",
  "needs review",
  "unrecoverable",
];

/** From so many objects on a change is more than one person undoes at once, or than one looks at. */
const MANY = 10;
const VERY_MANY = 50;

/** Whether what a finding tells can be taken back, judged with everything else that the same change does. */
export function reversibilityOf(finding: Undoing, whole: Whole): Judgement {
  if (finding.class === "gained") return { reversibility: "reversible", evidence: "nothing is taken away" };
  if (finding.class === "unknown") return { reversibility: "needs review", evidence: "what it becomes is not known" };
  return inBulk(whole.touched, ofAspect(finding, whole));
}

function inBulk(touched: number, judgement: Judgement): Judgement {
  if (touched < MANY) return judgement;
  const least = touched < VERY_MANY ? "recoverable with effort" : "needs review";
  const raised = TIERS.indexOf(judgement.reversibility) < TIERS.indexOf(least) ? least : judgement.reversibility;
  return { reversibility: raised, evidence: `${judgement.evidence}; ${touched} objects in one change` };
}

function ofAspect(finding: Undoing, whole: Whole): Judgement {
  const guests = whole.before.guests.filter(({ id }) => finding.guests.includes(id));
  switch (finding.aspect) {
    case "coverage":
      return ofCoverage(guests, whole);
    case "retention":
      return ofRetention(guests, whole);
    case "copies":
      return ofCopies(finding, guests, whole);
    case "encryption":
      return ofEncryption(guests, whole);
    case "history":
      return ofHistory(guests, whole);
    case "datastore":
      return ofDatastore(finding, whole);
    case "privileges":
      return {
        reversibility: "recoverable with effort",
        evidence: "the right can be taken away again; what was done with it cannot",
      };
    case "reachability":
      return { reversibility: "recoverable with effort", evidence: "the firewall's rules can be put back and loaded again" };
    case "rpo":
      return {
        reversibility: "reversible",
        evidence: "the old schedule can be put back; points that were not made stay missing",
      };
    default:
      return { reversibility: "reversible", evidence: "the old setting can be put back" };
  }
}

const placesOf = ({ places }: GuestProtection): readonly string[] => (isUnknown(places) ? [] : places);

const storeOf = (place: string): string => place.split(":").slice(0, 2).join(":");

const liesOnGone = (guests: readonly GuestProtection[], { gone }: Whole): readonly string[] => [
  ...new Set(
    guests
      .flatMap(placesOf)
      .map(storeOf)
      .filter((store) => gone.has(store)),
  ),
];

function ofCoverage(guests: readonly GuestProtection[], whole: Whole): Judgement {
  const stores = liesOnGone(guests, whole);
  const destroyed = guests.filter(({ id, owned }) => owned && !whole.after.guests.some((guest) => guest.id === id));
  const names = destroyed.map(({ id }) => id).join(", ");
  if (stores.length > 0) {
    const guest = destroyed.length > 0 ? `${names} is destroyed, and ` : "";
    return {
      reversibility: "unrecoverable",
      evidence: `${guest}the datastore with its backups goes in the same change: ${stores.join(", ")}`,
    };
  }
  if (destroyed.length > 0) {
    return {
      reversibility: "needs review",
      evidence: `${names} is destroyed in the same change, and no verified recovery point of it is named here`,
    };
  }
  const places = [...new Set(guests.flatMap(placesOf))].sort();
  return {
    reversibility: "reversible",
    evidence:
      places.length === 0
        ? "a job can take it"
        : `the backups on ${places.join(", ")} stay; new ones are made once this is taken back`,
  };
}

/** Copies of the guests that stay after the change, beside the backups themselves. */
function remaining(guests: readonly GuestProtection[], { after }: Whole): readonly Copy[] {
  const ids = guests.map(({ id }) => id);
  return after.guests
    .filter(({ id }) => ids.includes(id))
    .flatMap(({ copies }) => (isUnknown(copies) ? [] : copies))
    .filter(({ gapMs }) => gapMs > 0);
}

function ofRetention(guests: readonly GuestProtection[], whole: Whole): Judgement {
  const copies = remaining(guests, whole);
  const follows = copies.filter(({ followsRemovals }) => followsRemovals);
  const pruned = "the next prune removes points that nothing brings back";
  if (follows.length > 0) {
    const names = [...new Set(follows.map(({ name }) => name))].join(", ");
    return { reversibility: "unrecoverable", evidence: `${pruned}, and the copy on ${names} follows (remove-vanished)` };
  }
  const safe = [...new Set(copies.filter(({ safeFromDeletion }) => safeFromDeletion).map(({ name }) => name))];
  if (safe.length === 0) return { reversibility: "unrecoverable", evidence: `${pruned}: there is no copy that keeps them` };
  return {
    reversibility: "needs review",
    evidence: `the next prune removes points; whether ${safe.join(", ")} still has them is not known here`,
  };
}

function ofCopies(finding: Undoing, guests: readonly GuestProtection[], whole: Whole): Judgement {
  const stores = finding.guests.length > 0 ? liesOnGone(guests, whole) : goneIn(finding.subjects, whole);
  if (stores.length > 0) {
    return { reversibility: "unrecoverable", evidence: `the copy and its datastore ${stores.join(", ")} go in the same change` };
  }
  const had = guests.flatMap(({ copies }) => (isUnknown(copies) ? [] : copies));
  const follows = remaining(guests, whole).filter(
    ({ name, followsRemovals }) => followsRemovals && had.some((copy) => copy.name === name && !copy.followsRemovals),
  );
  if (follows.length > 0) {
    const names = [...new Set(follows.map(({ name }) => name))].join(", ");
    return { reversibility: "unrecoverable", evidence: `the next run removes from ${names} what its source no longer has` };
  }
  return {
    reversibility: "reversible",
    evidence: "what was copied stays where it is; new copies are made once this is taken back",
  };
}

const goneIn = (subjects: readonly string[], { gone }: Whole): readonly string[] =>
  [...gone].filter((store) => subjects.some((subject) => subject === store || subject.endsWith(` on ${store}`)));

function ofEncryption(guests: readonly GuestProtection[], whole: Whole): Judgement {
  const stores = liesOnGone(guests, whole);
  if (stores.length > 0) {
    return { reversibility: "unrecoverable", evidence: `the key and the datastore ${stores.join(", ")} go in the same change` };
  }
  return {
    reversibility: "recoverable with effort",
    evidence:
      "the old backups need the old key, wherever it is escrowed; what is written in the meantime stays as it was written",
  };
}

function ofHistory(guests: readonly GuestProtection[], whole: Whole): Judgement {
  const stores = liesOnGone(guests, whole);
  if (stores.length > 0) {
    return {
      reversibility: "unrecoverable",
      evidence: `the old backups lie on ${stores.join(", ")}, which goes in the same change`,
    };
  }
  const places = listed([...new Set(guests.flatMap(placesOf))].sort(), "the old place");
  return {
    reversibility: "recoverable with effort",
    evidence: `the old backups stay on ${places}, and belong to who wrote them`,
  };
}

function ofDatastore(finding: Undoing, whole: Whole): Judgement {
  const stores = goneIn(finding.subjects, whole);
  if (stores.length === 0) return { reversibility: "reversible", evidence: "the old setting can be put back" };
  const lies = ({ places }: GuestProtection) => !isUnknown(places) && places.some((place) => stores.includes(storeOf(place)));
  const guests = whole.before.guests.filter(lies);
  const kept = remaining(guests, whole).filter(({ safeFromDeletion }) => safeFromDeletion);
  if (guests.length > 0 && kept.length === 0) {
    return {
      reversibility: "unrecoverable",
      evidence: `it held the backups of ${guests.map(({ id }) => id).join(", ")}, and no copy is safe from deletion`,
    };
  }
  return { reversibility: "needs review", evidence: "whether what lies on its disk is still needed is not known here" };
}
