import { gatesOf } from "../../policies/engine/acknowledgements";
import type { Policy } from "../../policies/engine/policy";
import { BASTIDE } from "../../policies/packs/bastide";

/**
 * Every id, so that a policy that comes or goes is seen in a review. An id that has gone is never given again: acknowledgements
 * and baselines name it.
 */
const IDS: Readonly<Record<string, string>> = {
  BKP: "001 002 003 004 005 006 007 008 009 010 011 012 020 021 022 023 024 025 026 027 028 029 030 031 032 033 040 041 042 043 044 045 046 047 048 049 050 051 052 053 054",
  PBS: "001 002 003 004 005 006 007 008",
  ACC: "001 002 003 004 005 006 007 008 009 010 011",
  SEC: "001 002 003 004 005 006 007",
  NET: "001 002 003 004 005 006 007 008 009 010 011",
  CHG: "001 002 003 004 005 006 007 008 009 010 011 012 020 021 022 023 024 025 026",
  DET: "001 002 003 004 005 006 007 008 009 010 011 012",
  ACK: "001 002 003 004",
};

const numbersOf = (letters: string): string =>
  BASTIDE.filter(({ id }) => id.startsWith(`${letters}-`))
    .map(({ id }) => id.slice(4))
    .join(" ");

test("the pack has exactly these policies", () => {
  const subjects = [...new Set(BASTIDE.map(({ id }) => id.slice(0, 3)))];
  expect(Object.fromEntries(subjects.map((letters) => [letters, numbersOf(letters)]))).toEqual(IDS);
});

/** What is wrong with a list of policies, for a person who reads their texts. */
function faultsOf(policies: readonly Policy[]): string[] {
  const texts: readonly (readonly [name: string, of: (policy: Policy) => string, form: RegExp])[] = [
    ["id", ({ id }) => id, /^[A-Z]{3}-\d{3}$/],
    ["sentence", ({ rule }) => rule.sentence, /^[A-Z0-9][^\n]{15,130}[^.\s]$/],
    ["why", ({ why }) => why, /^[^A-Z\s][^\n]{30,300}[^.\s]$/],
    ["repair", ({ repair }) => repair, /^[^A-Z\s][^\n]{12,300}[^.\s]$/],
  ];
  return policies.flatMap((policy, index) => [
    ...texts.filter(([, of, form]) => !form.test(of(policy))).map(([name, of]) => `${policy.id}: ${name} ${of(policy)}`),
    ...(policies.findIndex(({ id }) => id === policy.id) === index ? [] : [`${policy.id} twice`]),
    ...(policies.findIndex(({ rule }) => rule === policy.rule) === index ? [] : [`${policy.id}: its rule has another id too`]),
    ...(gatesOf(policy).length > 0 || policy.id === "ACK-004" ? [] : [`${policy.id}: it looks at nothing`]),
    ...(RANK[policy.severity.lab] <= RANK[policy.severity.live] ? [] : [`${policy.id}: worse in the lab than live`]),
  ]);
}

const RANK = { note: 0, warning: 1, error: 2 } as const;

test("each has an id, a sentence, a reason and a repair that can be read", () => {
  expect(faultsOf(BASTIDE)).toEqual([]);
});

describe("what would be noticed", () => {
  const good = BASTIDE.find(({ id }) => id === "CHG-001") as Policy;
  const another = { ...good.rule };

  test.each<[string, Policy[], number]>([
    ["nothing of a good one", [good], 0],
    ["an id of another form", [{ ...good, id: "CHG-1" }], 1],
    ["a sentence with a final stop", [{ ...good, rule: { ...another, sentence: `${good.rule.sentence}.` } }], 1],
    ["a sentence of a word", [{ ...good, rule: { ...another, sentence: "Good" } }], 1],
    ["no reason", [{ ...good, why: "" }], 1],
    ["a reason that nobody reads to its end", [{ ...good, why: "x".repeat(400) }], 1],
    ["no repair", [{ ...good, repair: "fix it" }], 1],
    ["an id given twice", [good, { ...good, rule: another }], 1],
    ["a rule with two ids", [good, { ...good, id: "CHG-999" }], 1],
    ["a rule without a check", [{ ...good, rule: { sentence: good.rule.sentence } }], 1],
    ["more severe in the lab", [{ ...good, severity: { lab: "error", live: "warning" } }], 1],
  ])("%s", (_, policies, count) => {
    expect(faultsOf(policies)).toHaveLength(count);
  });
});
