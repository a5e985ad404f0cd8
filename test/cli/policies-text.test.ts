import pc from "picocolors";
import { explained, explanationText, policiesText, standardText } from "../../cli/policies-text";
import type { Policy, Standard } from "../../policies/engine/policy";

const plain = pc.createColors(false);
const POLICY: Policy = {
  id: "TST-001",
  rule: { sentence: "All is well", model: () => [], plan: () => [] },
  severity: { lab: "note", live: "error" },
  why: "it is lost on a bad day",
  repair: "repair it",
};
const STANDARD: Standard = {
  name: "std",
  title: "A Standard",
  controls: [
    { id: "R1", gist: "copies", policies: ["TST-001"] },
    { id: "R2", gist: "order", policies: [] },
  ],
};

test("a policy is explained with what it looks at, its evidence and an acknowledgement to paste", () => {
  expect(explanationText(explained(POLICY, [STANDARD]), "2027-05-21", plain)).toBe(`TST-001 All is well.

why:      it is lost on a bad day
repair:   repair it
severity: error on real devices, note in the lab; an error stops every change
looks at: site file, plan
evidence: std R1: copies

To accept one finding for a while, add to the site file:

  acknowledgements: [
    {
      rule: "TST-001",
      object: "<the path that check shows>",
      reason: "<why this is acceptable here>",
      owner: "<who answers for it>",
      expires: "2027-05-21",
    },
  ],`);
});

test("a policy about acknowledgements offers none", () => {
  const text = explanationText(explained({ ...POLICY, id: "ACK-001" }, []), "2027-05-21", plain);
  expect(text).toContain("cannot be acknowledged itself");
  expect(text).not.toContain("expires:");
});

test("the list has a line for each policy, and a standard one for each control, also for those that nobody looks at", () => {
  const policies = [explained(POLICY, [STANDARD])];
  expect(policiesText(policies, plain)).toMatch(/TST-001 +error +note +site file, plan +All is well\n\n1 policy\./);
  expect(standardText(STANDARD, policies, plain)).toBe(
    "A Standard (std)\n\nR1 copies\n  TST-001  All is well\n\nR2 order\n  no policy looks at it",
  );
});
