import type { GuestId } from "../../model";
import type { Aspect } from "../../review/finding";
import type { Copy, GuestProtection } from "../../review/protection";
import { reversibilityOf, type Undoing, type Whole } from "../../review/reversibility";
import { protectionOfSite, SITES } from "./sites";

const site = protectionOfSite(SITES.ecosolar);
const [ad, files] = site.guests;
if (ad === undefined || files === undefined) throw new Error("two guests");

const copy = (name: string, more: Partial<Copy> = {}): Copy => ({
  name,
  place: "off-site",
  safeFromDeletion: false,
  gapMs: 1,
  followsRemovals: false,
  restrictions: [],
  ...more,
});
const guest = (id: number, more: Partial<GuestProtection> = {}): GuestProtection => ({
  ...(ad as GuestProtection),
  id: id as GuestId,
  places: ["pbs:data:a"],
  copies: [],
  ...more,
});

interface Given {
  readonly before?: readonly GuestProtection[];
  readonly after?: readonly GuestProtection[];
  readonly gone?: readonly string[];
  readonly finding?: Partial<Undoing>;
}

/** `reversible: why`, of a finding on guest 1, which both sides have and which loses nothing else. */
function judged(aspect: Aspect, { before = [guest(1)], after = before, gone = [], finding = {} }: Given = {}): string {
  const whole: Whole = {
    before: { ...site, guests: before },
    after: { ...site, guests: after },
    gone: new Set(gone),
    touched: 1,
  };
  const undoing: Undoing = { class: "weakened", aspect, subjects: ["1 a"], guests: [1 as GuestId], ...finding };
  const { reversibility, evidence } = reversibilityOf(undoing, whole);
  return `${reversibility}: ${evidence}`;
}

const both = [1, 2] as GuestId[];

test.each<[string, Aspect, Given, string]>([
  ["coverage, with nothing backed up", "coverage", { before: [guest(1, { places: [] })] }, "reversible: a job can take it"],
  [
    "coverage, in no known place",
    "coverage",
    { before: [guest(1, { places: { unknown: "x" } })] },
    "reversible: a job can take it",
  ],
  [
    "coverage of two guests, each place once and in order",
    "coverage",
    { before: [guest(2, { places: ["pbs:z"] }), guest(1), guest(3, { places: ["pbs:other"] })], finding: { guests: both } },
    "reversible: the backups on pbs:data:a, pbs:z stay; new ones are made once this is taken back",
  ],
  [
    "coverage, of machines that go",
    "coverage",
    { before: [guest(1, { owned: true }), guest(2, { owned: true })], after: [], finding: { guests: both } },
    "needs review: 1, 2 is destroyed in the same change, and no verified recovery point of it is named here",
  ],
  [
    "coverage, with its datastores",
    "coverage",
    {
      before: [guest(1), guest(2, { places: ["pbs:two", "pbs:three"] })],
      gone: ["pbs:two", "pbs:data"],
      finding: { guests: both },
    },
    "unrecoverable: the datastore with its backups goes in the same change: pbs:data, pbs:two",
  ],
  [
    "coverage, with machine and datastore",
    "coverage",
    { before: [guest(1, { owned: true })], after: [], gone: ["pbs:data"] },
    "unrecoverable: 1 is destroyed, and the datastore with its backups goes in the same change: pbs:data",
  ],
  [
    "retention, beside a safe copy and another guest's",
    "retention",
    {
      before: [
        guest(1, { copies: [copy("b", { safeFromDeletion: true }), copy("c"), copy("b", { safeFromDeletion: true })] }),
        guest(2, { copies: [copy("x", { followsRemovals: true })] }),
      ],
    },
    "needs review: the next prune removes points; whether b still has them is not known here",
  ],
  [
    "retention, beside two that follow",
    "retention",
    { before: [guest(1, { copies: [copy("b", { followsRemovals: true }), copy("c", { followsRemovals: true })] })] },
    "unrecoverable: the next prune removes points that nothing brings back, and the copy on b, c follows (remove-vanished)",
  ],
  [
    "retention, where the backup itself is no copy",
    "retention",
    { before: [guest(1, { copies: [copy("b", { gapMs: 0, safeFromDeletion: true })] })] },
    "unrecoverable: the next prune removes points that nothing brings back: there is no copy that keeps them",
  ],
  [
    "retention, where copies are unknown",
    "retention",
    { before: [guest(1, { copies: { unknown: "x" } })] },
    "unrecoverable: the next prune removes points that nothing brings back: there is no copy that keeps them",
  ],
  [
    "a copy that begins to follow",
    "copies",
    {
      before: [guest(1, { copies: [copy("b"), copy("c", { followsRemovals: true })] })],
      after: [
        guest(1, {
          copies: [
            copy("b", { followsRemovals: true }),
            copy("c", { followsRemovals: true }),
            copy("d", { followsRemovals: true }),
          ],
        }),
      ],
    },
    "unrecoverable: the next run removes from b what its source no longer has",
  ],
  [
    "a copy of unknown past",
    "copies",
    { before: [guest(1, { copies: { unknown: "x" } })], after: [guest(1, { copies: [copy("b", { followsRemovals: true })] })] },
    "reversible: what was copied stays where it is; new copies are made once this is taken back",
  ],
  [
    "a copy with the datastore",
    "copies",
    { gone: ["pbs:data"] },
    "unrecoverable: the copy and its datastore pbs:data go in the same change",
  ],
  [
    "a copy for others with its datastore",
    "copies",
    { gone: ["pbs:data", "pbs:two"], finding: { guests: [], subjects: ["south:x on pbs:data", "south:y on pbs:twos"] } },
    "unrecoverable: the copy and its datastore pbs:data go in the same change",
  ],
  [
    "encryption, with the datastore",
    "encryption",
    { gone: ["pbs:data"] },
    "unrecoverable: the key and the datastore pbs:data go in the same change",
  ],
  [
    "history, with the datastore",
    "history",
    { gone: ["pbs:data"] },
    "unrecoverable: the old backups lie on pbs:data, which goes in the same change",
  ],
  [
    "history of no known place",
    "history",
    { before: [guest(1, { places: { unknown: "x" } })] },
    "recoverable with effort: the old backups stay on the old place, and belong to who wrote them",
  ],
  [
    "history of two guests, each place once and in order",
    "history",
    { before: [guest(2, { places: ["pbs:z"] }), guest(1)], finding: { guests: both } },
    "recoverable with effort: the old backups stay on pbs:data:a, pbs:z, and belong to who wrote them",
  ],
  [
    "a datastore that stays",
    "datastore",
    { finding: { subjects: ["pbs:data"], guests: [] } },
    "reversible: the old setting can be put back",
  ],
  [
    "a datastore that held backups",
    "datastore",
    {
      before: [guest(1), guest(2), guest(3, { places: ["pbs:other"] }), guest(4, { places: { unknown: "x" } })],
      gone: ["pbs:data"],
      finding: { subjects: ["pbs:data"], guests: [] },
    },
    "unrecoverable: it held the backups of 1, 2, and no copy is safe from deletion",
  ],
  [
    "a datastore that held backups of which there is a safe copy",
    "datastore",
    {
      before: [guest(1, { copies: [copy("b", { safeFromDeletion: true })] })],
      gone: ["pbs:data"],
      finding: { subjects: ["pbs:data"], guests: [] },
    },
    "needs review: whether what lies on its disk is still needed is not known here",
  ],
  [
    "an empty datastore",
    "datastore",
    { before: [guest(1, { places: ["pbs:other"] })], gone: ["pbs:data"], finding: { subjects: ["pbs:data"], guests: [] } },
    "needs review: whether what lies on its disk is still needed is not known here",
  ],
  [
    "coverage, of a machine that stays",
    "coverage",
    { before: [guest(1, { owned: true }), guest(2, { owned: true })], after: [guest(1, { owned: true })] },
    "reversible: the backups on pbs:data:a stay; new ones are made once this is taken back",
  ],
  [
    "a datastore that held backups of which there is a copy within reach",
    "datastore",
    { before: [guest(1, { copies: [copy("b")] })], gone: ["pbs:data"], finding: { subjects: ["pbs:data"], guests: [] } },
    "unrecoverable: it held the backups of 1, and no copy is safe from deletion",
  ],
  ["what is gained", "retention", { finding: { class: "gained" } }, "reversible: nothing is taken away"],
  ["what becomes unknown", "retention", { finding: { class: "unknown" } }, "needs review: what it becomes is not known"],
])("%s", (_, aspect, given, expected) => {
  expect(judged(aspect, given)).toBe(expected);
});

test("many objects at once are never easier to take back, and what is worse stays as bad", () => {
  const of = (aspect: Aspect, touched: number) => {
    const whole: Whole = { before: site, after: site, gone: new Set(), touched };
    const { reversibility, evidence } = reversibilityOf({ class: "weakened", aspect, subjects: [], guests: [] }, whole);
    return `${reversibility}: ${evidence.slice(-26)}`;
  };
  expect(of("rpo", 9)).not.toContain("objects in one change");
  expect(of("rpo", 10)).toBe("recoverable with effort: ; 10 objects in one change");
  expect(of("retention", 50)).toBe("unrecoverable: ; 50 objects in one change");
  expect(of("privileges", 49)).toBe("recoverable with effort: ; 49 objects in one change");
  expect(of("privileges", 50)).toBe("needs review: ; 50 objects in one change");
});
