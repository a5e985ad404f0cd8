import pc from "picocolors";
import { findingsText, judgementText } from "../../cli/findings-text";
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
const report = (finding: Finding, ...more: readonly Finding[]): PolicyReport => ({
  site: "ecosolar",
  environment: "production",
  gates: ["model"],
  findings: [finding, ...more],
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

test("findings of one policy stand together, with its reason once and a repair wherever it is another", () => {
  const [second, third] = [
    { ...open, object: "b", what: "so is b" },
    { ...open, object: "c", what: "so is c", repair: "move c" },
  ];
  const warning: Finding = { ...open, severity: "warning", object: "d", what: "d as well" };
  expect(findingsText(report(open, second, third, warning), plain)).toBe(
    [
      '✗ backupServers.pbs: pbs is in the network "lan" like pve1 (NET-001)',
      "✗ b: so is b (NET-001)",
      "    repair: move pbs to a network of its own",
      "✗ c: so is c (NET-001)",
      "    why:    traffic inside one subnet never passes the firewall",
      "    repair: move c",
      "! d: d as well (NET-001)",
      "    why:    traffic inside one subnet never passes the firewall",
      "    repair: move pbs to a network of its own",
    ].join("\n"),
  );
});

describe("the judgement", () => {
  const judged = (finding: Finding, repaired: { policy: string; object: string }[] = []) =>
    judgementText({ policies: report(finding), repaired }, plain).split("\n");

  test("ends with the way out where it refuses, and only there", () => {
    expect(judged(open).slice(-2)).toEqual([
      "1 policy: 0 hold, 1 finding",
      "refused by 1 policy: repair what is marked ✗, or accept it in the site file as ./bastide policies NET-001 shows",
    ]);
    expect(judged({ ...open, severity: "warning" }).at(-1)).toBe("1 policy: 0 hold, 1 finding");
    expect(judged({ ...open, known: true })).toEqual(["1 policy: 0 hold, 1 finding (1 known before)"]);
  });

  test("tells what the baseline need not know any more", () => {
    const known = { policy: "NET-001", object: "a" };
    expect(judged({ ...open, known: true }, [known])[1]).toBe(
      "1 known finding is repaired: run ./bastide check ecosolar --env production --write-baseline again, so that it is found when it comes back",
    );
    expect(judged({ ...open, known: true }, [known, { ...known, object: "b" }])[1]).toMatch(
      /^2 known findings are repaired: .* they come back$/,
    );
  });
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
