import pc from "picocolors";
import { toApproveText } from "../../cli/to-approve-text";
import type { Weakening } from "../../review/approval/weakening";
import type { ProtectionFinding } from "../../review/finding";

const plain = pc.createColors(false);
const same = { class: "weakened", before: "31 points", after: "7 points" } as const;
const finding: ProtectionFinding = {
  ...same,
  aspect: "retention",
  subjects: ["101 ad", "103 erp"],
  reversibility: "unrecoverable",
  evidence: "the next prune removes them",
};
const told: Weakening = { ...same, aspect: "retention", subject: "101" };

test("what is to be approved is shown with its evidence, and nothing that is signed is left out", () => {
  const hidden: Weakening = { ...same, aspect: "reachability", subject: "the internet" };
  const promise: Weakening = { ...same, aspect: "retention", subject: "103" };
  const weakenings = { devices: [told, hidden], promises: [promise] };
  expect(toApproveText({ findings: [finding, { ...finding, class: "gained", aspect: "rpo" }], weakenings }, plain)).toBe(
    [
      "weakened retention: 31 points -> 7 points",
      "    of:      101 ad, 103 erp",
      "    back:    unrecoverable (the next prune removes them)",
      "as the devices see it, without what the site file said before:",
      "  weakened reachability of the internet: 31 points -> 7 points",
      "of this, no device is told:",
      "  weakened retention of 103: 31 points -> 7 points",
    ].join("\n"),
  );
});

test("where nothing is weakened nothing is asked for", () => {
  expect(toApproveText({ findings: [], weakenings: { devices: [], promises: [] } }, plain)).toContain(
    "nothing needs an approval",
  );
});
