import { readFileSync } from "node:fs";
import { join } from "node:path";
import { STANDARDS } from "../../policies/packs";
import { BASTIDE } from "../../policies/packs/bastide";
import { policiesDocument, standardsDocument } from "../../policies/packs/document";

const PAGE = readFileSync(join(__dirname, "../../docs/policies.md"), "utf8");

/** The controls whose numbers stand in the texts themselves. A number that was only counted out of an older version is none of them. */
const CITABLE: Readonly<Record<string, readonly string[]>> = {
  "anssi-bp-100": ["R11", "R12", "R13", "R22", "R23", "R24", "R27", "R32"],
  "cir-2024-2690": ["4.1.2", "4.1.4", "4.2.1", "4.2.2", "4.2.3", "4.2.4", "4.2.5", "4.2.6", "4.3", "NIS 2 Art. 21(2)(c)"],
  "cis-v8": ["11.1", "11.2", "11.3", "11.4", "11.5"],
  "iso-27001": ["A.8.13"],
  "nist-800-53": [
    "CP-2",
    "CP-4",
    "CP-6",
    "CP-9 a",
    "CP-9 b",
    "CP-9 c",
    "CP-9 d",
    "CP-9(1)",
    "CP-9(2)",
    "CP-9(3)",
    "CP-9(5)",
    "CP-9(8)",
    "CP-10",
  ],
};

/** Numbers of ANSSI-BP-100 in a text that nobody has confirmed. */
const unconfirmed = (text: string): string[] =>
  [...text.matchAll(/\bR\d+\b/g)].map(([id]) => id).filter((id) => CITABLE["anssi-bp-100"]?.includes(id) !== true);

/** Controls that point at a policy that there is not, or twice at the same. */
const astray = (controls: readonly { readonly id: string; readonly policies: readonly string[] }[]): string[] =>
  controls.flatMap(({ id, policies }) =>
    policies
      .filter((policy, index) => !BASTIDE.some((one) => one.id === policy) || policies.indexOf(policy) !== index)
      .map((policy) => `${id}: ${policy}`),
  );

test("each standard has exactly the controls that may be cited, in the order of its text", () => {
  expect(Object.fromEntries(STANDARDS.map(({ name, controls }) => [name, controls.map(({ id }) => id)]))).toEqual(CITABLE);
  expect(STANDARDS.map(({ name }) => name)).toEqual([...STANDARDS.map(({ name }) => name)].sort());
});

test.each(STANDARDS)("every control of $name points at policies that there are", ({ controls }) => {
  expect(astray(controls)).toEqual([]);
});

test("and a control that does not would be seen", () => {
  expect(astray([{ id: "x", policies: ["BKP-001", "BKP-999", "BKP-001"] }])).toEqual(["x: BKP-999", "x: BKP-001"]);
});

test.each(STANDARDS)("$name says in words what each control asks for", ({ title, controls }) => {
  expect(title.length).toBeGreaterThan(20);
  for (const { gist } of controls) expect(gist).toMatch(/^[a-z0-9].{15,160}[^.]$/);
});

describe("no number that nobody has confirmed", () => {
  test("stands in a standard, a policy or the page", () => {
    const said = BASTIDE.map(({ rule, why, repair }) => [rule.sentence, why, repair]);
    expect(unconfirmed(JSON.stringify([STANDARDS, said, PAGE]))).toEqual([]);
  });

  test.each(["R1", "R10", "R14", "R21", "R25", "R26", "R28", "R31", "R33", "R35"])("and %s would be seen", (id) => {
    expect(unconfirmed(`after ${id} of the guide, RPO and RTO`)).toEqual([id]);
  });
});

describe("the page on policies", () => {
  test("holds the tables that the packs say now: else run npm run docs", () => {
    expect(PAGE).toContain(`<!-- generated: policies -->\n${policiesDocument(BASTIDE, STANDARDS)}\n<!-- end -->`);
    expect(PAGE).toContain(`<!-- generated: standards -->\n${standardsDocument(BASTIDE, STANDARDS)}\n<!-- end -->`);
  });

  test("holds every policy and every control", () => {
    for (const { id, rule } of BASTIDE) expect(PAGE).toContain(`| ${id} | ${rule.sentence} |`);
    for (const { controls } of STANDARDS) for (const { id, gist } of controls) expect(PAGE).toContain(`| ${id} | ${gist} |`);
  });

  test("says so where no policy looks at a control", () => {
    const silent = STANDARDS.flatMap(({ controls }) => controls.filter(({ policies }) => policies.length === 0));
    expect(silent.length).toBeGreaterThan(0);
    for (const { id, gist } of silent) expect(PAGE).toContain(`| ${id} | ${gist} | no policy looks at it |`);
  });

  test("has a heading for every subject", () => {
    const [first] = BASTIDE;
    expect(() => policiesDocument(first === undefined ? [] : [{ ...first, id: "XYZ-001" }], STANDARDS)).toThrow(
      "no heading for XYZ-001",
    );
  });
});
