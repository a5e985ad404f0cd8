import type { Acknowledgement } from "../../model";
import { type Evidence, evaluate } from "../../policies/engine/evaluate";
import { mustStop, openFindings } from "../../policies/engine/finding";
import type { Policy } from "../../policies/engine/policy";
import { compliant, type Rule, unknown, violation } from "../../policies/engine/rule";
import { ACKNOWLEDGEMENTS } from "../../policies/packs/bastide/acknowledgements";
import { short } from "../../policies/rules/acknowledgements/short";
import { siteWith } from "../model/base-site";
import { faultsOf, repairsOf } from "./judge";

const TODAY = "2026-11-21";

const policy = (rule: Rule, id = "TST-001"): Policy => ({
  id,
  rule,
  severity: { lab: "note", live: "error" },
  why: "why",
  repair: "repair",
});

const rule = (check: Rule["model"]): Rule => ({ sentence: "All is well", ...(check === undefined ? {} : { model: check }) });

const acknowledgement = (more: Partial<Acknowledgement> = {}): Acknowledgement => ({
  rule: "TST-001",
  object: "guests.erp",
  reason: "r",
  owner: "o",
  expires: "2027-01-31",
  ...more,
});

const siteThatAccepts = (...acknowledgements: Acknowledgement[]) =>
  siteWith((input) => {
    input.acknowledgements = acknowledgements;
  });

const judge = (policies: readonly Policy[], more: Partial<Evidence> = {}) =>
  evaluate(policies, { site: siteWith(() => undefined), environment: "live", today: TODAY, ...more });

describe("states", () => {
  test.each([
    ["compliant", [compliant("a")], "compliant"],
    ["not applicable without a verdict", [], "not-applicable"],
    ["non-compliant, whatever else", [compliant("a"), unknown("b", "?"), violation("c", "!")], "non-compliant"],
    ["unknown, if nothing is known to be wrong", [compliant("a"), unknown("b", "?")], "unknown"],
  ] as const)("%s", (_, verdicts, state) => {
    const { counts } = judge([policy(rule(() => verdicts))]);
    expect(Object.entries(counts).filter(([, count]) => count > 0)).toEqual([[state, 1]]);
  });

  test("a rule that throws is unknown and stops the change, and tells no value of the site", () => {
    const report = judge([
      policy(
        rule(() => {
          throw new TypeError("hunter2");
        }),
      ),
    ]);
    expect(report.findings).toMatchObject([{ state: "unknown", severity: "error" }]);
    expect(mustStop(report)).toBe(true);
    expect(JSON.stringify(report)).not.toContain("hunter2");
  });

  test("what is unknown stops a change like what is wrong", () => {
    expect(mustStop(judge([policy(rule(() => [unknown("a", "?")]))]))).toBe(true);
    expect(mustStop(judge([policy(rule(() => [compliant("a")]))]))).toBe(false);
  });

  test("the environment decides on the severity", () => {
    const faulty = policy(rule(() => [violation("a", "!")]));
    expect(judge([faulty]).findings).toMatchObject([{ severity: "error" }]);
    expect(judge([faulty], { environment: "lab" }).findings).toMatchObject([{ severity: "note" }]);
  });

  test("errors stand first, then ids, then objects, whatever the order of the rules", () => {
    const two = rule(() => [violation("b", "!"), violation("a", "!")]);
    const note = { ...policy(two, "AAA-001"), severity: { lab: "note", live: "note" } } as const;
    const { findings } = judge([note, policy(two, "TST-002"), policy(two, "TST-001")]);
    expect(findings.map((finding) => `${finding.policy} ${finding.object}`)).toEqual([
      "TST-001 a",
      "TST-001 b",
      "TST-002 a",
      "TST-002 b",
      "AAA-001 a",
      "AAA-001 b",
    ]);
  });
});

test("what two gates see alike is one finding, of the earlier; what they see differently is two", () => {
  const seen = (what: string) => () => [violation("hypervisor job", what)];
  const report = (later: string) =>
    judge([policy({ sentence: "All is well", synthesized: seen("it is off"), plan: seen(later) })], {
      synthesized: [],
      planned: [],
    });
  expect(report("it is off").findings.map(({ gate }) => gate)).toEqual(["synthesized"]);
  expect(report("it is gone").findings.map(({ gate }) => gate)).toEqual(["plan", "synthesized"]);
});

describe("acknowledgements", () => {
  const faulty = policy(rule(() => [violation("guests.erp", "!")]));
  const inside = policy(rule(() => [violation("guests.erp.dependsOn[0]", "!")]));
  const open = (site: Evidence["site"], one = faulty) => openFindings(judge([one, ...ACKNOWLEDGEMENTS], { site }));

  test.each([
    ["the object", faulty, acknowledgement()],
    ["what is inside of it", inside, acknowledgement()],
    ["until its last day", faulty, acknowledgement({ expires: TODAY })],
  ])("covers %s", (_, one, accepted) => {
    expect(open(siteThatAccepts(accepted), one)).toEqual([]);
  });

  test.each([
    ["another rule", acknowledgement({ rule: "TST-002" })],
    ["another object", acknowledgement({ object: "guests.ad" })],
    ["an object whose name begins alike", acknowledgement({ object: "guests.er" })],
    ["the day after its last", acknowledgement({ expires: "2026-11-20" })],
  ])("does not cover %s", (_, accepted) => {
    expect(open(siteThatAccepts(accepted)).map(({ policy: id }) => id)).toContain("TST-001");
  });

  test.each([
    [
      "one that has expired",
      { expires: "2026-11-20" },
      "ACK-001",
      "the acknowledgement of TST-001 for guests.erp by o ended on 2026-11-20",
    ],
    ["one of more than 12 months", { expires: "2027-11-22" }, "ACK-002", "the acknowledgement of TST-001 lasts until 2027-11-22"],
    ["one for a whole chapter", { object: "guests" }, "ACK-003", 'TST-001 is acknowledged for all of "guests"'],
    ["one without a finding", { object: "guests.ad" }, "ACK-004", "TST-001 has nothing against guests.ad"],
    ["one of a policy that does not exist", { rule: "TST-999" }, "ACK-004", "there is no policy TST-999"],
  ])("%s is a finding itself", (_, more, id, what) => {
    const found = open(siteThatAccepts(acknowledgement(more)));
    expect(found.map(({ policy, object, what }) => ({ policy, object, what }))).toContainEqual({
      policy: id,
      object: "acknowledgements[0]",
      what,
    });
  });

  test("one for a part of the site file that is a single object is narrow enough", () => {
    const ids = open(siteThatAccepts(acknowledgement({ object: "firewall" }))).map(({ policy: id }) => id);
    expect(ids).not.toContain("ACK-003");
  });

  test.each([
    ["2026-11-21", "2027-11-21", "2027-11-22"],
    ["2027-02-28", "2028-02-28", "2028-02-29"],
    ["2028-02-29", "2029-02-28", "2029-03-01"],
    ["2026-12-31", "2027-12-31", "2028-01-01"],
  ])("from %s the last day is %s", (today, last, late) => {
    const site = (expires: string) => siteThatAccepts(acknowledgement({ expires }));
    expect(faultsOf(short, site(last), "live", today)).toEqual([]);
    expect(faultsOf(short, site(late), "live", today)).toHaveLength(1);
    expect(repairsOf(short, site(late), today)).toEqual([`set \`expires\` to ${last} or earlier`]);
  });

  test.each([
    ["today", TODAY],
    ["12 months ahead to the day", "2027-11-21"],
  ])("one that ends %s is as it should be", (_, expires) => {
    expect(open(siteThatAccepts(acknowledgement({ expires })))).toEqual([]);
  });

  test("one for a later gate is not called unused before that gate is passed", () => {
    const later = policy({ sentence: "Later", plan: () => [] });
    expect(open(siteThatAccepts(acknowledgement()), later)).toEqual([]);
    const passed = judge([later, ...ACKNOWLEDGEMENTS], { site: siteThatAccepts(acknowledgement()), planned: [] });
    const asked = judge([later, ...ACKNOWLEDGEMENTS], {
      site: siteThatAccepts(acknowledgement()),
      synthesized: [],
      planned: [],
    });
    expect([passed, asked].map((report) => openFindings(report).map(({ policy: id }) => id))).toEqual([["ACK-004"], ["ACK-004"]]);
  });

  test("nobody acknowledges a finding about an acknowledgement", () => {
    const expired = acknowledgement({ expires: "2026-11-20" });
    const cover = acknowledgement({ rule: "ACK-001", object: "acknowledgements[0]" });
    expect(open(siteThatAccepts(expired, cover)).map(({ policy: id }) => id)).toContain("ACK-001");
  });
});

test("what the baseline knows is no new finding", () => {
  const faulty = policy(rule(() => [violation("guests.erp", "!"), violation("guests.ad", "!")]));
  const report = judge([faulty], { baseline: new Set(["TST-001 guests.erp"]) });
  expect(openFindings(report).map(({ object }) => object)).toEqual(["guests.ad"]);
});
