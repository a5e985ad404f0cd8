import { UserError } from "../../model";
import { evaluate } from "../../policies/engine/evaluate";
import { openFindings } from "../../policies/engine/finding";
import type { Policy } from "../../policies/engine/policy";
import { type Rule, violation } from "../../policies/engine/rule";
import { ACKNOWLEDGEMENTS } from "../../policies/packs/bastide/acknowledgements";
import {
  baselineKeys,
  baselineOf,
  baselineText,
  type KnownFinding,
  parseBaseline,
  repairedFindings,
} from "../../policies/report/baseline";
import { siteWith } from "../model/base-site";

const policy = (id: string, rule: Partial<Rule>): Policy => ({
  id,
  rule: { sentence: "All is well", ...rule },
  severity: { lab: "note", live: "error" },
  why: "why",
  repair: "repair",
});
const found = (...objects: string[]) => policy("TST-002", { model: () => objects.map((object) => violation(object, "!")) });
const later = policy("TST-001", { model: () => [], plan: () => [] });

const judge = (policies: readonly Policy[], known: readonly KnownFinding[] = [], acknowledgements: object[] = []) =>
  evaluate(policies, {
    site: siteWith((input) => {
      input.acknowledgements = acknowledgements;
    }),
    environment: "live",
    today: "2026-11-21",
    baseline: baselineKeys(known),
  });
const known = (object: string, id = "TST-002"): KnownFinding => ({ policy: id, object });

test("what is open now is known after it was written, and only what comes new is found", () => {
  const before = [found("guests.erp", "guests.ad")];
  const written = parseBaseline(baselineText(baselineOf(before, judge(before), [])), "baseline.json");
  expect(openFindings(judge(before, written))).toEqual([]);
  const after = judge([found("guests.erp", "guests.ad", "guests.glpi")], written);
  expect(openFindings(after).map(({ object }) => object)).toEqual(["guests.glpi"]);
});

test("the text is one finding a line, in order, the same for the same findings", () => {
  const text = baselineText(baselineOf([], judge([found("guests.erp", "guests.ad")]), []));
  expect(text.split("\n").slice(2, 5)).toEqual([
    '  "findings": [',
    '    {"policy":"TST-002","object":"guests.ad","gate":"model"},',
    '    {"policy":"TST-002","object":"guests.erp","gate":"model"}',
  ]);
  expect(baselineText(baselineOf([], judge([found("guests.ad", "guests.erp", "guests.ad")]), []))).toBe(text);
  expect(JSON.parse(baselineText([])).findings).toEqual([]);
});

test("what is acknowledged, and what is said about acknowledgements, is not written", () => {
  const policies = [found("guests.erp"), ...ACKNOWLEDGEMENTS];
  const acknowledgement = { rule: "TST-002", object: "guests.erp", reason: "r", owner: "o", expires: "2027-01-31" };
  const report = judge(policies, [], [acknowledgement, { ...acknowledgement, object: "guests.ad" }]);
  expect(report.findings.map(({ policy: id }) => id)).toEqual(["TST-002", "ACK-004"]);
  expect(baselineOf(policies, report, [])).toEqual([]);
});

describe("what is repaired", () => {
  const present = [known("guests.erp"), known("guests.ad"), known("hypervisor storage", "TST-001"), known("a", "TST-999")];
  const policies = [found("guests.erp"), later];
  const report = judge(policies, present);

  test("is told, but not what a later gate may still find", () => {
    expect(repairedFindings(policies, report, present)).toEqual([known("guests.ad"), known("a", "TST-999")]);
  });

  test("is told of what the site file showed, even if the policy also looks at what is still to come", () => {
    const seen = { ...known("guests.erp", "TST-001"), gate: "model" } as const;
    expect(repairedFindings(policies, report, [seen, { ...seen, gate: "plan" }])).toEqual([seen]);
    expect(parseBaseline(baselineText([seen]), "baseline.json")).toEqual([seen]);
  });

  test("is left out when the baseline is written again, and found when it comes back", () => {
    const again = baselineOf(policies, report, present);
    expect(again).toEqual([known("hypervisor storage", "TST-001"), { ...known("guests.erp"), gate: "model" }]);
    expect(openFindings(judge([found("guests.ad")], again))).toHaveLength(1);
  });
});

test.each([
  ["no JSON", "{", ["baseline.json: is no JSON"]],
  ["without a list", "[]", ["baseline.json: holds no list of findings"]],
  ["null", "null", ["baseline.json: holds no list of findings"]],
  [
    "with entries that are none, all told at once",
    '{"findings":[{"policy":"TST-001","object":"a"},{"policy":"TST-001"},null,{"policy":"ACK-001","object":"acknowledgements[0]"}]}',
    ["findings[1]: has no policy", "findings[2]: has no policy", "findings[3]: ACK-001 cannot be known"],
  ],
])("a file %s is a fault", (_, text, says) => {
  let faults: UserError["faults"] = [];
  try {
    parseBaseline(text, "baseline.json");
  } catch (error) {
    if (error instanceof UserError) faults = error.faults;
  }
  expect(faults.map(({ where, what }) => `${where}: ${what}`)).toEqual(says.map((one) => expect.stringContaining(one)));
});
