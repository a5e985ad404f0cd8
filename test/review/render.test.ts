import { reviewDocument } from "../../review/render/json";
import { LONGEST_PAGE, renderMarkdown } from "../../review/render/markdown";
import { markdownText, plainText } from "../../review/render/plain-text";
import { renderSarif } from "../../review/render/sarif";
import { renderTerminal } from "../../review/render/terminal";
import { finding, NO_POLICIES, policyFinding, review } from "./sample-review";

const page = (...args: Parameters<typeof review>) => renderMarkdown([review(...args)], undefined).page;
const asIs = (text: string) => text;
const PAINT = { bold: asIs, dim: asIs, red: asIs, yellow: asIs, green: asIs };
const NASTY = "a|b`c`\n<script>alert(1)</script> *x* _y_ [l](http://evil) @all #12 \u001b[31m \u202e -->";

describe("a text of a site", () => {
  it("is one line without control characters and hidden ones", () => {
    expect(plainText("a\nb\u001b[31m\u202ec\u200b\u0007")).toBe("a b [31mc");
  });

  it("is cut at its longest, by characters", () => {
    expect(plainText("😀".repeat(5), 5)).toBe("😀".repeat(5));
    expect(plainText("😀".repeat(6), 5)).toBe(`${"😀".repeat(4)}…`);
  });

  it("is no mark of Markdown", () => {
    expect(markdownText("a|b `c` <b> *x* [l](u) & ~~")).toBe("a\\|b \\`c\\` &lt;b&gt; \\*x\\* \\[l\\](u) &amp; \\~\\~");
    expect(markdownText("@all in #12, see https://evil")).toBe("@<!-- -->all in #<!-- -->12, see https:<!-- -->//evil");
    expect(markdownText("pve-backup@pbs")).toBe("pve-backup@pbs");
    expect([markdownText("- a"), markdownText("1. a"), markdownText("# a")]).toEqual(["\\- a", "1\\. a", "\\# a"]);
  });

  it("cannot break a page, wherever it stands", () => {
    const text = page({
      findings: [
        finding({ subjects: [NASTY], before: NASTY, after: NASTY, evidence: NASTY }),
        finding({ aspect: "reachability", before: NASTY }),
      ],
      policies: { ...NO_POLICIES, appeared: [policyFinding({ object: NASTY, what: NASTY, repair: NASTY })] },
      crossActions: [{ severity: "severe", what: NASTY, reversibility: "unrecoverable", evidence: NASTY }],
      notes: [NASTY],
      asides: [NASTY],
      drift: [NASTY],
      replaced: [{ object: NASTY, because: [NASTY] }],
      faults: [{ where: NASTY, what: NASTY, repair: NASTY }],
    });
    for (const hidden of ["<script", "\u001b", "\u202e"]) expect(text).not.toContain(hidden);
    expect(text.match(/-->/g)).toHaveLength(1 + (text.match(/<!-- -->/g) ?? []).length);
    for (const row of text.split("\n").filter((line) => line.startsWith("| **"))) {
      expect(row.match(/(?<!\\)\|/g)).toHaveLength(6);
    }
    const onTerminal = renderTerminal([review({ notes: [NASTY], findings: [finding({ subjects: [NASTY] })] })], PAINT);
    for (const hidden of ["\u001b", "\u202e"]) expect(onTerminal).not.toContain(hidden);
  });
});

describe("a page in Markdown", () => {
  it("begins with the marker of its site and environment, then the verdict", () => {
    const [marker, verdict] = page({ findings: [finding()] }).split("\n");
    expect(marker).toBe("<!-- bastide-review site=ecosolar environment=production -->");
    expect(verdict).toBe("## 🟠 WEAKENED PROTECTION: ecosolar (production)");
    expect(page({ site: "a--><b" }).split("\n")[0]).toBe("<!-- bastide-review site=a--%3E%3Cb environment=production -->");
  });

  it("has its parts in the order in which a reviewer needs them", () => {
    const text = page({
      findings: [
        finding(),
        finding({ aspect: "privileges", subjects: ["x@pbs"] }),
        finding({ aspect: "reachability", subjects: ["admin2"] }),
        finding({ aspect: "privileges", class: "gained", subjects: ["y@pbs"] }),
      ],
      crossActions: [{ severity: "severe", what: "both", reversibility: "unrecoverable", evidence: "so" }],
      replaced: [{ object: "datastore pbs/data", because: ["body.path"] }],
      drift: ["backup job critical"],
      policies: { ...NO_POLICIES, appeared: [policyFinding()], repaired: [policyFinding({ object: "guests.erp" })], standing: 2 },
      references: { "BKP-001": ["anssi-bp-100/R11"] },
      asides: ["1 guest renamed"],
    });
    expect(text.match(/^(?:#+ .*|<\/?details>.*)$/gm)).toEqual([
      "## 🟠 WEAKENED PROTECTION: ecosolar (production)",
      "### Protection",
      "### Who may do more",
      "### Who reaches a backup server",
      "### Can it be taken back?",
      "### Together worse",
      "### Destroyed and made again",
      "### Changed on the devices by somebody else",
      "### Policies: new findings",
      "<details><summary>Nothing to decide: 1 narrowed, 1 repaired, 2 seen</summary>",
      "#### Who may do or reach less",
      "#### Policies: repaired",
      "#### Seen",
      "</details>",
    ]);
    expect(text).toContain("| 2 | **broadened** | x@pbs |");
    expect(text).toContain("| 3 | **opened** | admin2 |");
    expect(text).toContain("**unrecoverable** (no. 1–3): the next prune removes points");
    expect(text).toContain("| **error** | BKP-001, anssi-bp-100/R11 | guests.ad |");
  });

  it("says in one line that nothing happens", () => {
    const text = page();
    expect(text).toContain("NO EFFECT ON THE PROTECTION");
    expect(text).not.toMatch(/###|<details>/);
    expect(renderMarkdown([], undefined).page).toContain("NO SITE HAS CHANGED");
  });

  it.each([
    ["new", { kind: "new" }, /The site is new/],
    ["deleted", { kind: "deleted" }, /The site file is deleted/],
    ["renamed", { kind: "renamed", from: "solar" }, /was called solar/],
  ] as const)("tells a site that is %s as such", (_, change, says) => {
    expect(page({ change })).toMatch(says);
  });

  it("has the same bytes for the same input", () => {
    const one = () => renderMarkdown([review({ findings: [finding()] }), review({ site: "b" })], "f.md");
    expect(one()).toEqual(one());
  });
});

describe("a page of a large change", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => index);
  const sites = many(500).map((site) =>
    review({
      site: `site-${String(site).padStart(3, "0")}`,
      findings: [
        ...many(10).map((guest) => finding({ subjects: [`${100 + guest} guest-${guest}`] })),
        ...(site === 250 ? [finding({ class: "lost", aspect: "coverage" })] : []),
      ],
    }),
  );

  it("is shorter than a comment may be, with the worst first and the rest in the file that it names", () => {
    const { page: text, full, isCut } = renderMarkdown(sites, "review-full.md");
    expect(text.length).toBeLessThan(LONGEST_PAGE);
    expect(isCut).toBe(true);
    expect(text).toContain("review-full.md");
    expect(text.match(/^## .*/m)?.[0]).toBe("## 🔴 LOSS OF PROTECTION: site-250 (production)");
    expect(text).toContain("# 500 sites changed");
    expect(full.match(/^## /gm)).toHaveLength(500);
    expect(full.match(/^\| \d+ \|/gm)).toHaveLength(500 * 10 + 1);
  });

  it("keeps all of a change that fits, and names no file then", () => {
    const { page: text, full, isCut } = renderMarkdown(sites.slice(0, 3), "review-full.md");
    expect({ isCut, same: text === full }).toEqual({ isCut: false, same: true });
    expect(text).not.toContain("review-full.md");
  });

  it("fits whatever the texts are", () => {
    const worst = many(3).map((site) =>
      review({
        site: `${"<".repeat(200)}${site}`,
        findings: many(60).map((index) =>
          finding({
            aspect: index % 3 === 0 ? "privileges" : index % 3 === 1 ? "reachability" : "rpo",
            subjects: many(10).map(() => "<".repeat(300)),
            before: "&".repeat(1_000),
            after: "&".repeat(1_000),
            evidence: `${"<".repeat(1_000)}${index}`,
          }),
        ),
        notes: many(3).map(() => "<".repeat(1_000)),
        policies: { ...NO_POLICIES, appeared: many(60).map(() => policyFinding({ what: "&".repeat(1_000) })) },
      }),
    );
    expect(renderMarkdown(worst.slice(0, 1), "f").page.length).toBeLessThan(LONGEST_PAGE);
    expect(renderMarkdown(worst, "f").page.length).toBeLessThan(LONGEST_PAGE);
  });

  it("names some of many guests and counts the others", () => {
    const subjects = many(40).map((index) => `${100 + index} g`);
    const { page: text, full, isCut } = renderMarkdown([review({ findings: [finding({ subjects })] })], "f.md");
    expect(text).toContain("107 g and 32 more");
    expect(isCut).toBe(true);
    expect(full).toContain("139 g");
  });
});

describe("the other formats", () => {
  it("show the same findings on a terminal, in the same order and with the same numbers", () => {
    const text = renderTerminal([review({ findings: [finding(), finding({ class: "lost", aspect: "coverage" })] })], PAINT);
    expect(text).toMatch(/^LOSS OF PROTECTION {2}ecosolar \(production\)\n/);
    expect(text).toMatch(/1 {2}lost +101 ad +coverage[\s\S]*2 {2}weakened +101 ad +retention/);
    expect(text).toContain("2 findings have to be approved.");
    expect(renderTerminal([], PAINT)).toBe("no site has changed");
  });

  it("give programs everything with the exit code", () => {
    expect(reviewDocument([review(), review({ site: "a", findings: [finding()] })])).toMatchObject({
      format: "bastide-review",
      version: 1,
      ok: false,
      exitCode: 3,
      reviews: [{ site: "a" }, { site: "ecosolar" }],
    });
    expect(reviewDocument([])).toMatchObject({ ok: true, exitCode: 0 });
  });

  it("point code scanning at the line of the guest; what is gained is no alert", () => {
    const reviews = [
      review({
        findings: [
          finding(),
          finding({ class: "gained", aspect: "rpo" }),
          finding({ aspect: "reachability", subjects: ["admin2"] }),
        ],
        policies: { ...NO_POLICIES, appeared: [policyFinding()] },
      }),
    ];
    const places = {
      fileOf: (site: string) => `sites/${site}/site.ts`,
      lineOf: (_: string, object: string) => (object === "guests.ad" ? 42 : 1),
    };
    const log = JSON.parse(renderSarif(reviews, places, [], "1.0.0"));
    expect(
      log.runs[0].results.map(
        (one: { ruleId: string; level: string; locations: { physicalLocation: { region: unknown } }[] }) => [
          one.ruleId,
          one.level,
          one.locations[0]?.physicalLocation.region,
        ],
      ),
    ).toEqual([
      ["REV-003", "warning", { startLine: 42 }],
      ["REV-010", "warning", { startLine: 1 }],
      ["BKP-001", "error", { startLine: 42 }],
    ]);
  });
});
