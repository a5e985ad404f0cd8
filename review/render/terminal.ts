import type { Finding } from "../../policies/engine/finding";
import type { FindingClass } from "../finding";
import { type Review, worstFirst } from "../review";
import type { RiskClass } from "../verdict";
import { plainText } from "./plain-text";
import {
  approvalText,
  changeText,
  classText,
  type NumberedFinding,
  numbersText,
  sectionsOf,
  standingTexts,
  subjectsText,
  waysBack,
} from "./sections";

/** How a terminal shows what matters; each leaves a text as it is where there are no colours. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
}

/** Guests that are named in a line; the Markdown file names all. */
const SUBJECTS = 6;
/** Findings that the verdict names. */
const REASONS = 4;

/** Reviews as text, the worst first. */
export function renderTerminal(reviews: readonly Review[], paint: Paint): string {
  return reviews.length === 0
    ? "no site has changed"
    : worstFirst(reviews)
        .map((review) => reviewText(review, paint))
        .join("\n\n");
}

function reviewText(review: Review, paint: Paint): string {
  const { protection, privileges, reachability, narrowed } = sectionsOf(review);
  const { verdict, policies } = review;
  const color = colorOf(verdict.class, paint);
  const change = changeText(review.change);
  return [
    `${paint.bold(color(verdict.class.toUpperCase()))}  ${plainText(`${review.site} (${review.environment})`)}`,
    ...(verdict.because.length === 0 ? [] : [`  ${becauseText(verdict.because)}`]),
    paint.dim(`  ${plainText(review.before)} → ${plainText(review.after)}. ${plainText(approvalText(review))}`),
    ...(change === undefined ? [] : [`  ${plainText(change)}`]),
    ...review.notes.map((note) => paint.dim(`  ${plainText(note)}`)),
    ...block(
      "what was before cannot be read",
      review.faults.flatMap(({ where, what, repair }) => [
        `${plainText(where)}: ${plainText(what)}`,
        `    repair: ${plainText(repair)}`,
      ]),
      paint,
    ),
    ...block("protection", findingLines(protection, true, paint), paint),
    ...block("who may do more", findingLines(privileges, false, paint), paint),
    ...block("who reaches a backup server", findingLines(reachability, false, paint), paint),
    ...block(
      "can it be taken back?",
      waysBack(review).map(
        ({ reversibility, evidence, numbers }) =>
          `${paint.bold(reversibility)} (${numbersText(numbers)}): ${plainText(evidence)}`,
      ),
      paint,
    ),
    ...block(
      "together worse",
      review.crossActions.map(
        ({ severity, what, reversibility, evidence }) =>
          `${severity}: ${plainText(what)}; ${reversibility}: ${plainText(evidence)}`,
      ),
      paint,
    ),
    ...block(
      "destroyed and made again",
      review.replaced.map(({ object, because }) => plainText(`${object}, because of ${because.join(", ")}`)),
      paint,
    ),
    ...block(
      "changed on the devices by somebody else",
      review.drift.map((one) => plainText(one)),
      paint,
    ),
    ...block(
      "policies: new findings",
      policies.appeared.flatMap((finding) => policyLines(finding, review.references[finding.policy] ?? [])),
      paint,
    ),
    ...block("who may do or reach less", findingLines(narrowed, true, paint), paint),
    ...block("policies: repaired", policies.repaired.map(headLine), paint),
    ...block(
      "policies: accepted by this change",
      policies.acknowledged
        .filter(({ isNew }) => isNew)
        .map((finding) => {
          const { owner, expires, reason, ticket } = finding.acknowledged;
          const by = [owner, `until ${expires}`, ...(ticket === undefined ? [] : [ticket])].join(", ");
          return `${headLine(finding)} (${plainText(by)}: ${plainText(reason)})`;
        }),
      paint,
    ),
    ...block(
      "nothing to decide",
      [...review.asides, ...standingTexts(review)].map((one) => paint.dim(plainText(one))),
      paint,
    ),
  ].join("\n");
}

function becauseText(because: readonly string[]): string {
  const shown = because.slice(0, REASONS).map((one) => plainText(one));
  return [...shown, ...(because.length > REASONS ? [`and ${because.length - REASONS} more`] : [])].join(" · ");
}

const block = (title: string, lines: readonly string[], paint: Paint): string[] =>
  lines.length === 0 ? [] : ["", `  ${paint.bold(title)}`, ...lines.map((line) => `  ${line}`)];

const headLine = ({ policy, object, what }: Finding): string => plainText(`${policy} ${object}: ${what}`);

const policyLines = (finding: Finding, references: readonly string[]): string[] => [
  `${finding.severity} ${headLine(finding)}${references.length === 0 ? "" : ` (${references.join(", ")})`}`,
  `    repair: ${plainText(finding.repair)}`,
];

/** One line each, in columns. */
function findingLines(findings: readonly NumberedFinding[], withAspect: boolean, paint: Paint): string[] {
  const rows = findings.map((finding) => [
    String(finding.number),
    classText(finding),
    plainText(subjectsText(finding.subjects, SUBJECTS)),
    ...(withAspect ? [finding.aspect] : []),
    `${plainText(finding.before)} → ${plainText(finding.after)}`,
  ]);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const kinds = findings.map((finding) => finding.class);
  return rows.map((row, index) =>
    row
      .map((cell, column) => {
        const wide = column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0);
        return column === 1 ? colorOfFinding(kinds[index] ?? "unknown", paint)(wide) : wide;
      })
      .join("  "),
  );
}

const colorOfFinding = (kind: FindingClass, { red, yellow, green }: Paint) =>
  kind === "lost" ? red : kind === "gained" ? green : yellow;

function colorOf(kind: RiskClass, { red, yellow, green }: Paint): (text: string) => string {
  if (kind === "loss of protection" || kind === "refused by a policy") return red;
  return kind === "weakened protection" || kind === "unknown effect" ? yellow : green;
}
