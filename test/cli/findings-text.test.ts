import pc from "picocolors";
import { findingsText } from "../../cli/findings-text";
import type { Finding, PolicyReport } from "../../policies/engine/finding";

const plain = pc.createColors(false);
const open: Finding = {
  policy: "NET-001",
  severity: "error",
  gate: "model",
  state: "non-compliant",
  object: "backupServers.pbs",
  what: 'pbs is in the network "lan" like pve1',
  why: "traffic inside one subnet never passes the firewall",
  repair: "move pbs to a network of its own",
};
const report = (finding: Finding): PolicyReport => ({
  site: "ecosolar",
  environment: "production",
  gates: ["model"],
  findings: [finding],
  states: { [finding.policy]: "non-compliant" },
  counts: { compliant: 0, "non-compliant": 1, "not-applicable": 0, "not-judged": 0, unknown: 0 },
});

test("an open finding is shown with its policy and its repair", () => {
  expect(findingsText(report(open), plain)).toBe(
    [
      '✗ backupServers.pbs: pbs is in the network "lan" like pve1 (NET-001)',
      "    why:    traffic inside one subnet never passes the firewall",
      "    repair: move pbs to a network of its own",
    ].join("\n"),
  );
});

test("an acknowledged one is shown with who did and why, and asks for nothing", () => {
  const acknowledged = {
    rule: open.policy,
    object: open.object,
    reason: "one subnet at the client's",
    owner: "WildCorp",
    expires: "2027-06-30",
    ticket: "T-42",
  };
  expect(findingsText(report({ ...open, acknowledged }), plain)).toBe(
    [
      '· backupServers.pbs: pbs is in the network "lan" like pve1 (NET-001)',
      "    acknowledged (WildCorp, until 2027-06-30, T-42): one subnet at the client's",
    ].join("\n"),
  );
});

test("what the baseline knows is not shown", () => {
  expect(findingsText(report({ ...open, known: true }), plain)).toBe("");
});
