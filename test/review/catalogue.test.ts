import { CATALOGUE } from "./catalogue";
import { WORDS } from "./catalogue/words";
import { type Base, inShort, inWords, reviewOf, SITES, siteAfter } from "./sites";

const isQuiet = (finds: readonly string[]) => finds.every((one) => one.startsWith("gained"));

describe("the catalogue", () => {
  // One test for each site and not for each row: a row costs less than the frame of a test, and the difference names the row.
  test.each(Object.keys(SITES) as Base[])("%s: a review says what it should, and nothing else", (site) => {
    const rows = CATALOGUE.filter(({ base }) => base === site);
    const said = rows.map(({ name, given, change }) => {
      const findings = reviewOf(siteAfter(site, ...given), siteAfter(site, ...given, change));
      return { name, findings };
    });
    expect(Object.fromEntries(said.map(({ name, findings }) => [name, findings.map(inShort)]))).toEqual(
      Object.fromEntries(rows.map(({ name, finds }) => [name, finds])),
    );
    const words = said.filter(({ name }) => Object.hasOwn(WORDS[site], name));
    expect(Object.fromEntries(words.map(({ name, findings }) => [name, findings.map(inWords)]))).toEqual(WORDS[site]);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });

  test("holds enough changes, and enough that must not alarm", () => {
    expect(CATALOGUE.length).toBeGreaterThanOrEqual(120);
    expect(CATALOGUE.filter(({ finds }) => finds.length === 0).length).toBeGreaterThanOrEqual(40);
    expect(CATALOGUE.filter(({ finds }) => !isQuiet(finds)).length).toBeGreaterThanOrEqual(80);
  });
});
