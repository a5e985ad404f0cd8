import { CATALOGUE } from "./catalogue";
import { inShort, reviewOf, siteAfter } from "./sites";

const called = ({ base, name }: (typeof CATALOGUE)[number]) => `${base}: ${name}`;

describe("the catalogue", () => {
  test.each(CATALOGUE.map((row) => [called(row), row] as const))("%s", (_, { base, given, change, finds }) => {
    const findings = reviewOf(siteAfter(base, ...given), siteAfter(base, ...given, change));
    expect(findings.map(inShort)).toEqual(finds);
  });

  test("holds enough changes, and enough that must not alarm", () => {
    expect(CATALOGUE.length).toBeGreaterThanOrEqual(120);
    expect(CATALOGUE.filter(({ finds }) => finds.every((one) => one.startsWith("gained"))).length).toBeGreaterThanOrEqual(40);
    expect(new Set(CATALOGUE.map(called)).size).toBe(CATALOGUE.length);
  });
});
