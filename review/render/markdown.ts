import type { Finding } from "../../policies/engine/finding";
import type { AcknowledgedFinding } from "../policy-changes";
import { type Review, worstFirst } from "../review";
import { counted } from "../verdict";
import { markdownText } from "./plain-text";
import {
  approvalText,
  changeText,
  classText,
  type NumberedFinding,
  numbersText,
  SIGNS,
  sectionsOf,
  standingTexts,
  subjectsText,
  waysBack,
} from "./sections";

/** GitHub takes 65,536 characters in a comment. */
export const LONGEST_PAGE = 60_000;

/** How much of everything is shown. */
interface Measure {
  readonly sites: number;
  readonly summary: number;
  readonly rows: number;
  readonly subjects: number;
  readonly because: number;
  readonly cell: number;
}

const WHOLE: Measure = {
  sites: Number.POSITIVE_INFINITY,
  summary: Number.POSITIVE_INFINITY,
  rows: Number.POSITIVE_INFINITY,
  subjects: Number.POSITIVE_INFINITY,
  because: 4,
  cell: 10_000,
};

/** From the page that everybody wants to the one that always fits. */
const MEASURES: readonly Measure[] = [
  { sites: 50, summary: 200, rows: 100, subjects: 8, because: 4, cell: 300 },
  { sites: 20, summary: 150, rows: 20, subjects: 8, because: 3, cell: 200 },
  { sites: 10, summary: 100, rows: 10, subjects: 5, because: 3, cell: 150 },
  { sites: 3, summary: 50, rows: 5, subjects: 3, because: 2, cell: 100 },
  { sites: 1, summary: 10, rows: 3, subjects: 2, because: 1, cell: 40 },
];

export interface MarkdownPages {
  /** For a comment: less than 60,000 characters, the worst first. */
  readonly page: string;
  /** Everything. */
  readonly full: string;
  /** Something of it is not on the page. */
  readonly isCut: boolean;
}

/** @param fullName name of the file that holds everything; undefined: it is not written */
export function renderMarkdown(reviews: readonly Review[], fullName: string | undefined): MarkdownPages {
  const ordered = worstFirst(reviews);
  const full = new Page(WHOLE).of(ordered);
  for (const measure of MEASURES) {
    const page = new Page(measure);
    const text = page.of(ordered);
    const ending = page.isCut ? `\n${whereTheRestIs(fullName)}\n` : "";
    if (text.length + ending.length < LONGEST_PAGE) return { page: `${text}${ending}`, full, isCut: page.isCut };
  }
  throw new Error("the shortest page is too long");
}

const whereTheRestIs = (fullName: string | undefined): string =>
  fullName === undefined
    ? "**This page is cut.** `--out FILE` writes all of it beside the page."
    : `**This page is cut.** All of it is in the attached file \`${fullName.replaceAll("`", "")}\`.`;

/** Finds the comment that an earlier run has written for the same site and environment, so that it is replaced. */
const marker = ({ site, environment }: Pick<Review, "site" | "environment">): string =>
  `<!-- bastide-review site=${encodeURIComponent(site)} environment=${encodeURIComponent(environment)} -->`;

/** One page, and whether anything was left out of it. */
class Page {
  isCut = false;

  constructor(readonly measure: Measure) {}

  of(reviews: readonly Review[]): string {
    const [only] = reviews;
    if (only === undefined) return "## 🟢 NO SITE HAS CHANGED\n";
    if (reviews.length === 1) return `${marker(only)}\n${this.review(only, "##")}`;
    const sections = this.most(reviews, this.measure.sites).map((review) => this.review(review, "##"));
    return ["<!-- bastide-review summary -->", this.summary(reviews), ...sections].join("\n");
  }

  private summary(reviews: readonly Review[]): string {
    const rows = this.most(reviews, this.measure.summary).map((review) => [
      `${SIGNS[review.verdict.class]} ${review.verdict.class}`,
      this.text(review.site),
      this.text(review.environment),
      this.because(review),
    ]);
    const left = reviews.length - rows.length;
    const more = left > 0 ? `\nand ${counted(left, "site")} more, none of them worse.\n` : "";
    return `# ${counted(reviews.length, "site")} changed\n\n${table(["verdict", "site", "environment", "because"], rows)}${more}`;
  }

  private review(review: Review, level: string): string {
    const { protection, privileges, reachability, narrowed } = sectionsOf(review);
    const { verdict, site, environment } = review;
    const title = `${level} ${SIGNS[verdict.class]} ${verdict.class.toUpperCase()}: ${this.text(site)} (${this.text(environment)})`;
    const change = changeText(review.change);
    const parts = [
      title,
      verdict.because.length === 0 ? "" : `**${this.because(review)}**\n`,
      `${this.text(review.before)} → ${this.text(review.after)}. ${this.text(approvalText(review))}\n`,
      ...(change === undefined ? [] : [`${this.text(change)}\n`]),
      ...review.notes.map((note) => `> ${this.text(note)}\n`),
      this.faults(review),
      this.findings(`${level}# Protection`, "guest", protection, true),
      this.findings(`${level}# Who may do more`, "who", privileges, false),
      this.findings(`${level}# Who reaches a backup server`, "who", reachability, false),
      this.waysBack(review, level),
      this.lines(
        `${level}# Together worse`,
        review.crossActions.map(
          ({ severity, what, reversibility, evidence }) =>
            `**${severity}**: ${this.text(what)}. ${capital(reversibility)}: ${this.text(evidence)}.`,
        ),
      ),
      this.lines(
        `${level}# Destroyed and made again`,
        review.replaced.map(({ object, because }) => `${this.text(object)}, because of ${this.text(because.join(", "))}`),
      ),
      this.lines(
        `${level}# Changed on the devices by somebody else`,
        review.drift.map((one) => this.text(one)),
      ),
      this.policies(`${level}# Policies: new findings`, review.policies.appeared, review),
      this.accepted(
        `${level}# Policies: accepted by this change`,
        review.policies.acknowledged.filter(({ isNew }) => isNew),
      ),
      this.details(review, narrowed),
    ];
    return parts.filter((part) => part !== "").join("\n");
  }

  private faults({ faults }: Review): string {
    return this.lines(
      "### What was before cannot be read, so nobody knows what this takes away",
      faults.map(({ where, what, repair }) => `${this.text(where)}: ${this.text(what)}. ${this.text(capital(repair))}.`),
    );
  }

  private findings(title: string, subject: string, findings: readonly NumberedFinding[], withAspect: boolean): string {
    if (findings.length === 0) return "";
    const rows = this.most(findings, this.measure.rows).map((finding) => [
      String(finding.number),
      finding.class === "gained" ? finding.class : `**${classText(finding)}**`,
      this.subjects(finding.subjects),
      ...(withAspect ? [finding.aspect] : []),
      this.text(finding.before),
      this.text(finding.after),
    ]);
    const head = ["#", "", subject, ...(withAspect ? ["what"] : []), "before", "after"];
    return `${title}\n${table(head, rows)}`;
  }

  private waysBack(review: Review, level: string): string {
    return this.lines(
      `${level}# Can it be taken back?`,
      waysBack(review).map(
        ({ reversibility, evidence, numbers }) =>
          `**${reversibility}** (${this.text(numbersText(numbers))}): ${this.text(evidence)}`,
      ),
    );
  }

  private policies(title: string, findings: readonly Finding[], { references }: Review): string {
    if (findings.length === 0) return "";
    const rows = this.most(findings, this.measure.rows).map(({ severity, policy, object, what, repair }) => [
      severity === "error" ? "**error**" : severity,
      this.text([policy, ...(references[policy] ?? [])].join(", ")),
      this.text(object),
      this.text(what),
      this.text(repair),
    ]);
    return `${title}\n${table(["", "policy", "where", "what", "repair"], rows)}`;
  }

  private accepted(title: string, findings: readonly AcknowledgedFinding[]): string {
    return this.lines(
      title,
      findings.map(({ policy, object, what, acknowledged: { owner, expires, reason, ticket } }) => {
        const by = [owner, `until ${expires}`, ...(ticket === undefined ? [] : [ticket])].join(", ");
        return `${this.text(policy)} ${this.text(object)}: ${this.text(what)}. Accepted (${this.text(by)}): ${this.text(reason)}`;
      }),
    );
  }

  private details(review: Review, narrowed: readonly NumberedFinding[]): string {
    const { repaired, acknowledged } = review.policies;
    const earlier = acknowledged.filter(({ isNew }) => !isNew);
    const seen = [...review.asides, ...standingTexts(review)];
    const parts = [
      this.findings("#### Who may do or reach less", "who", narrowed, true),
      this.policies("#### Policies: repaired", repaired, review),
      this.lines(
        "#### Seen",
        seen.map((one) => this.text(one)),
      ),
      this.accepted("#### Policies: accepted earlier", earlier),
    ].filter((part) => part !== "");
    if (parts.length === 0) return "";
    const counts = [
      ...(narrowed.length > 0 ? [`${narrowed.length} narrowed`] : []),
      ...(repaired.length > 0 ? [`${repaired.length} repaired`] : []),
      ...(seen.length > 0 ? [`${seen.length} seen`] : []),
      ...(earlier.length > 0 ? [`${earlier.length} accepted earlier`] : []),
    ];
    return `<details><summary>Nothing to decide: ${counts.join(", ")}</summary>\n\n${parts.join("\n")}\n</details>\n`;
  }

  private lines(title: string, lines: readonly string[]): string {
    if (lines.length === 0) return "";
    return `${title}\n${this.most(lines, this.measure.rows)
      .map((line) => `- ${line}`)
      .join("\n")}\n`;
  }

  private because({ verdict }: Review): string {
    // The tables hold all of them.
    const shown = verdict.because.slice(0, this.measure.because).map((one) => this.text(one));
    const left = verdict.because.length - shown.length;
    return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join(" · ");
  }

  private subjects(items: readonly string[]): string {
    if (items.length > this.measure.subjects) this.isCut = true;
    return this.text(subjectsText(items, this.measure.subjects));
  }

  private text(text: string): string {
    if (text.length > this.measure.cell) this.isCut = true;
    return markdownText(text, this.measure.cell);
  }

  private most<Item>(items: readonly Item[], most: number): readonly Item[] {
    if (items.length > most) this.isCut = true;
    return items.slice(0, most);
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("");
}
