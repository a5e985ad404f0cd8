import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderMarkdown } from "../../review/render/markdown";
import { plainText } from "../../review/render/plain-text";
import { renderSarif } from "../../review/render/sarif";
import { renderTerminal } from "../../review/render/terminal";
import type { Review } from "../../review/review";
import { EVERYTHING, finding, MARKS, NO_POLICIES, policyFinding, review } from "./sample-review";

const fixture = (name: string) => readFileSync(join(__dirname, "../fixtures/review", name), "utf8");
const lines = (one: Review) => renderTerminal([one], MARKS).split("\n");

describe("a review with something in every part", () => {
  it("is this page in Markdown", () => {
    const { page, full, isCut } = renderMarkdown([EVERYTHING], undefined);
    expect(page).toBe(fixture("page.md"));
    expect({ full: full === page, isCut }).toEqual({ full: true, isCut: false });
  });

  it("is this text on a terminal", () => {
    expect(`${renderTerminal([EVERYTHING], MARKS)}\n`).toBe(fixture("terminal.txt"));
  });
});

describe("the first lines on a terminal", () => {
  const approval = { who: "alice", expires: "2026-12-31", reason: "moves out" };

  it.each<[string, Parameters<typeof review>[0], string]>([
    ["nothing", {}, "Nothing has to be approved."],
    ["one weakening", { findings: [finding()] }, "1 finding has to be approved."],
    ["two", { findings: [finding(), finding({ aspect: "rpo" })] }, "2 findings have to be approved."],
    [
      "an approval",
      { findings: [finding()], approvals: [approval, { ...approval, who: "bob" }] as Review["approvals"] },
      "1 finding, approved by alice until 2026-12-31 (moves out), bob until 2026-12-31 (moves out).",
    ],
    ["a policy", { policies: { ...NO_POLICIES, appeared: [policyFinding()] } }, "It is not to be merged as it is."],
    [
      "a policy that only warns",
      { policies: { ...NO_POLICIES, appeared: [policyFinding({ severity: "warning" })] } },
      "Nothing has to be approved.",
    ],
  ])("say what has to be approved: %s", (_, more, said) => {
    const asides = lines(review(more)).filter((line) => line.startsWith("_"));
    expect(asides).toEqual([`_  main (1a2b3c4d5e6f) → working tree on 6f5e4d3c2b1a. ${said}_`]);
  });

  it.each<[Review["change"], string]>([
    [{ kind: "new" }, "The site is new: there is no protection that it could take away."],
    [
      { kind: "deleted" },
      "The site file is deleted: nothing on the devices changes by that, and nobody watches or repairs them from now on.",
    ],
  ])("say what happens to the whole site", (change, said) => {
    expect(lines(review({ change }))).toContain(`  ${said}`);
  });

  it.each<[string, Parameters<typeof review>[0]]>([
    ["*r(LOSS OF PROTECTION)*", { findings: [finding({ class: "lost" })] }],
    ["*y(WEAKENED PROTECTION)*", { findings: [finding()] }],
    ["*y(UNKNOWN EFFECT)*", { findings: [finding({ class: "unknown" })] }],
    ["*r(REFUSED BY A POLICY)*", { policies: { ...NO_POLICIES, appeared: [policyFinding()] } }],
    ["*g(PROTECTION GAINED)*", { findings: [finding({ class: "gained" })] }],
    ["*g(NO EFFECT ON THE PROTECTION)*", {}],
  ])("have the colour of %s", (title, more) => {
    expect(lines(review(more))[0]).toBe(`${title}  ecosolar (production)`);
  });

  it("name four reasons, and count the others only where there are more", () => {
    const because = (count: number) =>
      lines(review({ findings: Array.from({ length: count }, (_, index) => finding({ subjects: [`h${index}`] })) }))[1];
    const one = (index: number) => `retention of h${index}: 31 points, oldest 10d → 7 points, oldest 7d`;
    const four = [0, 1, 2, 3].map(one).join(" · ");
    expect(because(4)).toBe(`  ${four}`);
    expect(because(6)).toBe(`  ${four} · and 2 more`);
  });
});

describe("what a page leaves out", () => {
  const guests = (count: number) => Array.from({ length: count }, (_, index) => `${100 + index} g`);

  it.each([
    [6, ""],
    [8, " and 2 more"],
  ])("of %d guests a line names six", (count, rest) => {
    const text = renderTerminal([review({ findings: [finding({ subjects: guests(count) })] })], MARKS);
    expect(text).toContain(`${guests(6).join(", ")}${rest}  retention`);
  });

  it("is said with where it is, also without a file", () => {
    const cut = (name: string | undefined) =>
      renderMarkdown([review({ findings: [finding({ subjects: guests(9) })] })], name).page;
    expect(cut("a`b.md").split("\n").at(-2)).toBe("**This page is cut.** All of it is in the attached file `ab.md`.");
    expect(cut(undefined).split("\n").at(-2)).toBe("**This page is cut.** `--out FILE` writes all of it beside the page.");
  });

  it("is nothing at the limits themselves", () => {
    const rows = Array.from({ length: 100 }, (_, index) => finding({ subjects: guests(8), before: `${index}`.padEnd(300, "x") }));
    expect(renderMarkdown([review({ findings: rows.slice(0, 20) })], undefined).isCut).toBe(false);
    expect(renderMarkdown([review({ findings: rows.map((one) => ({ ...one, before: "a" })) })], undefined).isCut).toBe(false);
    const more = [...rows, finding()].map((one) => ({ ...one, before: "a" }));
    expect(renderMarkdown([review({ findings: more })], undefined).isCut).toBe(true);
    expect(renderMarkdown([review({ findings: [finding({ before: "x".repeat(301) })] })], undefined).isCut).toBe(true);
  });

  it("is counted in the summary of many sites", () => {
    const sites = (count: number) => Array.from({ length: count }, (_, index) => review({ site: `s${index}` }));
    const { page } = renderMarkdown(sites(203), "f.md");
    expect(page).toContain("# 203 sites changed\n\n| verdict | site | environment | because |\n| --- | --- | --- | --- |\n");
    expect(page).toContain("| 🟢 no effect on the protection | s0 | production |  |\n");
    expect(page).toContain("\nand 3 sites more, none of them worse.\n");
    expect(renderMarkdown(sites(2), "f.md").page).not.toContain("none of them worse");
    expect(renderMarkdown(sites(2), "f.md").page.split("\n")[0]).toBe("<!-- bastide-review summary -->");
    expect(renderMarkdown([], "f.md").page).toBe("## 🟢 NO SITE HAS CHANGED\n");
  });

  it("is the rest of a text that is far too long, whatever of it is hidden", () => {
    expect(plainText(`${"\u200b".repeat(100)}a`, 5)).toBe("…");
    expect(plainText(" ab ", 5)).toBe("ab");
    expect(plainText("abcdefgh".repeat(5), 5)).toBe("abcd…");
  });
});

it("code scanning is told all of a finding", () => {
  const places = { fileOf: (site: string) => `sites/${site}/site.ts`, lineOf: () => 42 };
  const faults = [{ where: "main", what: "is no site", repair: "write one" }];
  const guests = Array.from({ length: 21 }, (_, index) => `${100 + index} g${index}`);
  const findings = [
    finding({ class: "lost", subjects: guests }),
    finding({ class: "unknown", aspect: "reachability", subjects: ["x"] }),
  ];
  const { results } = JSON.parse(renderSarif([review({ findings, faults })], places, [], "1.0.0")).runs[0];
  const short = results.map((one: { ruleId: string; level: string; message: { text: string } }) => [
    one.ruleId,
    one.level,
    one.message.text,
  ]);
  const repair = "take the change back, or have it approved with its reason: ./bastide approve";
  const change = "31 points, oldest 10d (hourly 24, daily 7) → 7 points, oldest 7d (daily 7)";
  expect(short).toEqual([
    ["REV-003", "error", expect.stringContaining(`retention lost: ${guests.slice(0, 20).join(", ")} and 1 more: ${change}`)],
    ["REV-010", "warning", expect.stringContaining(`reachability unknown: x: ${change}`)],
    ["REV-100", "error", expect.stringContaining("main: is no site")],
  ]);
  expect(short[0][2]).toContain("guests.g0");
  expect(short[0][2]).toContain("unrecoverable: the next prune removes points");
  expect(short[0][2]).toContain(repair);
  expect(short[2][2]).toContain("write one");
});

it("code scanning knows a finding again by its site, what it is of and the guests' numbers, not by their names", () => {
  const print = (site: string, aspect: "rpo" | "retention", ...subjects: string[]) => {
    const places = { fileOf: () => "site.ts", lineOf: () => 1 };
    const { results } = JSON.parse(renderSarif([review({ site, findings: [finding({ aspect, subjects })] })], places, [], "1"))
      .runs[0];
    return JSON.stringify(results[0].partialFingerprints);
  };
  const usual = print("a", "rpo", "104 glpi", "105 web");
  expect(usual).toMatch(/[0-9a-f]/);
  expect(print("a", "rpo", "104 tickets", "105 www")).toBe(usual);
  const others = [print("b", "rpo", "104 glpi", "105 web"), print("a", "retention", "104 glpi", "105 web")];
  for (const other of [
    ...others,
    print("a", "rpo", "104 glpi"),
    print("a", "rpo", "104 glpi", "106 web"),
    print("a", "rpo", "1041 05"),
  ])
    expect(other).not.toBe(usual);
});
