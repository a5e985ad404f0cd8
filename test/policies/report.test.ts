import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { gatesOf } from "../../policies/engine/acknowledgements";
import { evaluate } from "../../policies/engine/evaluate";
import type { PolicyReport } from "../../policies/engine/finding";
import type { Policy, Standard } from "../../policies/engine/policy";
import { compliant, type Rule, violation } from "../../policies/engine/rule";
import { ACKNOWLEDGEMENTS } from "../../policies/packs/bastide/acknowledgements";
import { github } from "../../policies/report/github";
import { gitlab } from "../../policies/report/gitlab";
import { junit } from "../../policies/report/junit";
import { type Notice, type NoticedSite, noticesOf, rulesOf, SITE_FILE } from "../../policies/report/notice";
import { sarif } from "../../policies/report/sarif";
import { summaryOf } from "../../policies/report/summary";
import { siteWith } from "../model/base-site";

const policy = (id: string, rule: Partial<Rule>, live: "error" | "warning" = "error"): Policy => ({
  id,
  rule: { sentence: `${id} is kept`, ...rule },
  severity: { lab: "note", live },
  why: "it is lost on a bad day",
  repair: "repair it",
});

const POLICIES = [
  policy("TST-001", { model: () => [violation("guests.erp", 'a <b> & "c": 100 %,\nd'), violation("guests.ad", "accepted one")] }),
  policy("TST-002", { model: () => [violation("tiers.standard", "a warning")] }, "warning"),
  policy("TST-003", { model: () => [violation("guests.glpi", "known one")] }),
  policy("TST-004", { model: () => [compliant("guests.ad")] }),
  policy("TST-005", { model: () => [] }),
  policy("TST-006", { plan: () => [] }),
];
const STANDARD: Standard = {
  name: "anssi-bp-100",
  title: "ANSSI",
  controls: [{ id: "R11", gist: "copies", policies: ["TST-001"] }],
};
const RULES = [SITE_FILE, ...rulesOf(POLICIES, [STANDARD])];

const site = siteWith((input) => {
  input.acknowledgements = [
    { rule: "TST-001", object: "guests.ad", reason: "old", owner: "Anna", expires: "2027-01-31", ticket: "T-1" },
  ];
});
const report: PolicyReport = evaluate(POLICIES, {
  site,
  environment: "live",
  today: "2026-11-21",
  baseline: new Set(["TST-003 guests.glpi"]),
});
const notices = noticesOf(report, "client sites/alpha/site.ts", (object) => object.length);
const judged: NoticedSite = { site: "alpha", environment: "live", notices, states: report.states };
const fault: Notice = {
  rule: SITE_FILE.id,
  severity: "error",
  object: "guests.erp.dependsOn[0]",
  what: 'no guest "adx"',
  repair: "write one that exists",
  file: "sites/beta/site.ts",
  line: 7,
  key: "beta SITE-FILE guests.erp.dependsOn[0]",
};
const broken: NoticedSite = { site: "beta", notices: [fault], states: { [SITE_FILE.id]: "non-compliant" } };

describe("SARIF", () => {
  const schema = JSON.parse(readFileSync(join(__dirname, "../fixtures/sarif/sarif-2.1.0-rtm.5.json"), "utf8"));
  // What differs between the schema's draft and the library's is only how it names itself.
  const { id: _id, $schema: _draft, ...rest } = schema;
  const formats = { uri: (text: string) => URL.canParse(text), "uri-reference": /^[\w%./#~-]+$/, "date-time": /^\d{4}-/ };
  const valid = new Ajv({ strict: false, unicodeRegExp: false, inlineRefs: false, code: { optimize: false }, formats }).compile(
    rest,
  );
  const log = JSON.parse(sarif([judged, broken], RULES, "0.1.0"));
  const results = log.runs[0].results as {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly message: { readonly text: string };
    readonly suppressions: readonly object[];
  }[];
  const of = (rule: string, object: string) =>
    results.find(({ ruleId, message }) => ruleId === rule && message.text.startsWith(`${object}: `));

  test("is valid by the official schema, with and without findings", () => {
    expect(valid(log) ? [] : valid.errors).toEqual([]);
    expect(valid(JSON.parse(sarif([], [], "0.1.0"))) ? [] : valid.errors).toEqual([]);
    const damaged = structuredClone(log);
    damaged.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0;
    expect(valid(damaged)).toBe(false);
  });

  test("points at the line, by a path that a URI may hold", () => {
    expect(of("TST-001", "guests.erp")).toMatchObject({
      level: "error",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "client%20sites/alpha/site.ts", uriBaseId: "%SRCROOT%" },
            region: { startLine: "guests.erp".length },
          },
        },
      ],
    });
    expect(of(SITE_FILE.id, fault.object)).toMatchObject({ locations: [{ physicalLocation: { region: { startLine: 7 } } }] });
  });

  test("every result says whether it is suppressed, and by whom", () => {
    expect(results.map(({ suppressions }) => suppressions).every(Array.isArray)).toBe(true);
    expect(of("TST-001", "guests.erp")?.suppressions).toEqual([]);
    expect(of("TST-001", "guests.ad")?.suppressions).toEqual([
      { kind: "inSource", status: "accepted", justification: "acknowledged (Anna, until 2027-01-31, T-1): old" },
    ]);
    expect(of("TST-003", "guests.glpi")?.suppressions).toMatchObject([{ kind: "external" }]);
  });

  test("a fingerprint stays when words and lines change, and differs between objects, sites and environments", () => {
    const prints = (sites: readonly NoticedSite[]): string[] =>
      JSON.parse(sarif(sites, RULES, "0.1.0")).runs[0].results.map(
        ({ partialFingerprints }: Record<string, Record<string, string>>) => partialFingerprints?.["bastideFinding/v1"],
      );
    const moved = notices.map((notice) => ({ ...notice, what: "other words", line: 1 }));
    expect(prints([{ ...judged, notices: moved }])).toEqual(prints([judged]));
    const elsewhere = noticesOf({ ...report, environment: "other" }, "f", () => 1);
    const all = prints([judged, { ...judged, notices: elsewhere }, { ...judged, notices }]);
    expect(new Set(all).size).toBe(3 * notices.length);
  });

  test("rules name the controls that they give evidence for, and results point at their rule", () => {
    const { rules } = log.runs[0].tool.driver;
    expect(rules[1]).toMatchObject({ id: "TST-001", properties: { tags: ["backup", "anssi-bp-100/R11"] } });
    expect(results.every(({ ruleId, ruleIndex }) => rules[ruleIndex].id === ruleId)).toBe(true);
  });
});

describe("JUnit", () => {
  const xml = junit([judged, broken], RULES);
  const caseOf = (name: string) => xml.split("<testcase").find((one) => one.startsWith(` name="${name}`));

  test("fails by what stops a change, and by nothing else", () => {
    expect(xml).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="bastide" tests="8" failures="2" errors="0" skipped="5">/,
    );
    expect(caseOf("TST-001 guests.erp")).toContain("<failure");
    expect(caseOf("SITE-FILE guests.erp.dependsOn[0]")).toContain("<failure");
    expect(caseOf("TST-001 guests.ad")).toContain('<skipped message="accepted one; acknowledged (Anna');
    expect(caseOf("TST-002 tiers.standard")).toContain('<skipped message="warning: a warning');
    expect(caseOf("TST-003 guests.glpi")).toContain('<skipped message="known one; known before');
    expect(caseOf("TST-004")).toMatch(/^[^<]*\/>\n/);
    expect(caseOf("TST-005")).toContain('<skipped message="does not apply"/>');
    expect(caseOf("TST-006")).toContain('<skipped message="is judged by plan and apply"/>');
  });

  test("escapes what XML would read otherwise, and replaces what it cannot hold", () => {
    expect(caseOf("TST-001 guests.erp")).toContain('message="a &lt;b&gt; &amp; &quot;c&quot;: 100 %,&#10;d"');
    const odd = junit([{ ...broken, notices: [{ ...fault, what: "\u0000\u001b[1m\ud800😀\r" }] }], []);
    expect(odd).toContain('message="\ufffd\ufffd[1m\ufffd😀&#13;"');
  });
});

describe("GitHub annotations", () => {
  const lines = github([judged, broken]).split("\n");

  test("stand at their line, with what would end them escaped", () => {
    expect(lines).toContain(
      '::error file=client sites/alpha/site.ts,line=10,title=TST-001 guests.erp::a <b> & "c": 100 %25,%0Ad%0AWhy: it is lost on a bad day%0ARepair: repair it',
    );
    expect(lines).toContain(
      '::error file=sites/beta/site.ts,line=7,title=SITE-FILE guests.erp.dependsOn[0]::no guest "adx"%0ARepair: write one that exists',
    );
    const [odd] = github([{ ...broken, notices: [{ ...fault, object: "a:b,c" }] }]).split("\n");
    expect(odd).toContain("title=SITE-FILE a%3Ab%2Cc::");
  });

  test("an acknowledged finding is a notice, a known one is not told", () => {
    expect(lines.filter((line) => line.startsWith("::notice"))).toEqual([
      expect.stringContaining("acknowledged (Anna, until 2027-01-31, T-1): old"),
    ]);
    expect(lines.join("\n")).not.toContain("known one");
  });
});

test("GitLab gets every finding but the known ones, each with a fingerprint of its own", () => {
  const issues = JSON.parse(gitlab([judged, broken])) as { check_name: string; severity: string; fingerprint: string }[];
  expect(issues.map(({ check_name, severity }) => [check_name, severity])).toEqual([
    ["TST-001", "info"],
    ["TST-001", "critical"],
    ["TST-002", "minor"],
    ["SITE-FILE", "critical"],
  ]);
  expect(issues.at(-1)).toMatchObject({ location: { path: "sites/beta/site.ts", lines: { begin: 7 } } });
  expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
});

describe("the summary", () => {
  test("counts policies, and says what is accepted", () => {
    expect(summaryOf(report)).toBe(
      "6 policies: 1 holds, 1 does not apply, 1 is judged by plan and apply, 4 findings (1 acknowledged, 1 known before)",
    );
  });

  test("says nothing of what there is not", () => {
    const [, , , , fine] = POLICIES.map((one) => evaluate([one], { site, environment: "live", today: "2026-11-21" }));
    const { findings: _, ...rest } = evaluate([POLICIES[3] ?? policy("TST-004", {})], {
      site,
      environment: "live",
      today: "2026-11-21",
    });
    expect(summaryOf({ ...rest, findings: [] })).toBe("1 policy: 1 holds");
    expect(fine && summaryOf(fine)).toBe("1 policy: 0 hold, 1 does not apply");
  });

  test("a policy is judged later only if one of its gates is still to come", () => {
    const both = policy("TST-007", { model: () => [], plan: () => [] });
    const state = (planned?: []) =>
      evaluate([both], { site, environment: "live", today: "2026-11-21", ...(planned === undefined ? {} : { planned }) }).states[
        both.id
      ];
    expect([state(), state([])]).toEqual(["not-judged", "not-applicable"]);
    expect(gatesOf(both)).toEqual(["model", "plan"]);
  });

  test("the policy of unused acknowledgements holds if all are used, and does not apply if there are none", () => {
    const state = (acknowledgements: object[]) =>
      evaluate([...POLICIES, ...ACKNOWLEDGEMENTS], {
        site: siteWith((input) => {
          input.acknowledgements = acknowledgements;
        }),
        environment: "live",
        today: "2026-11-21",
      }).states["ACK-004"];
    const used = { rule: "TST-001", object: "guests.ad", reason: "r", owner: "o", expires: "2027-01-31" };
    expect([state([]), state([used]), state([used, { ...used, object: "guests.none" }])]).toEqual([
      "not-applicable",
      "compliant",
      "non-compliant",
    ]);
  });
});
