/** The arithmetic of the bench: from repeated measurements to figures with a verdict. */

/**
 * One line of the result.
 * @typedef {object} Figure
 * @property {string} what what is compared
 * @property {string} product Bastide's value, with its unit
 * @property {string} reference the value it is compared with, with its unit
 * @property {number} ratio
 * @property {number} [bar] largest ratio that is accepted; without one the line is told and not judged
 * @property {boolean} [strict] the bar itself is already too much
 * @property {boolean} [share] the ratio is a part of the whole and reads better as a percentage
 */

/** Middle of the values; the mean of the two middle ones if their number is even. @param {readonly number[]} values */
export function median(values) {
  if (values.length === 0) throw new Error("no median without values");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What one more costs between two sizes. @param {{n: number, value: number}} small @param {{n: number, value: number}} large */
export function marginal(small, large) {
  if (large.n <= small.n) throw new Error(`${large.n} is not more than ${small.n}`);
  return (large.value - small.value) / (large.n - small.n);
}

/** Whether a figure meets its bar; one without a bar always does. @param {Figure} figure */
export function meets({ ratio, bar, strict = false }) {
  if (bar === undefined) return true;
  return strict ? ratio < bar : ratio <= bar;
}

/** `1.23 s`, `456 ms`. @param {number} ms */
export const time = (ms) => (ms < 1000 ? `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`);

/** `123 MB`. @param {number} bytes */
export const memory = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;

const percent = (/** @type {number} */ part) => `${(part * 100).toFixed(1)} %`;

/** @param {Figure} figure */
function cells(figure) {
  const { share = false } = figure;
  const shown = (/** @type {number} */ ratio) => (share ? percent(ratio) : ratio.toFixed(2));
  const bar = figure.bar === undefined ? "–" : `${figure.strict ? "<" : "≤"} ${share ? percent(figure.bar) : figure.bar}`;
  const verdict = figure.bar === undefined ? "told" : meets(figure) ? "ok" : "**not ok**";
  return [figure.what, figure.product, figure.reference, shown(figure.ratio), bar, verdict];
}

const HEAD = ["what", "Bastide", "reference", "ratio", "bar", "verdict"];

/** A Markdown table with its columns aligned, so that it also reads well on a terminal. @param {readonly Figure[]} figures */
export function table(figures) {
  const rows = [HEAD, ...figures.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (/** @type {readonly string[]} */ row) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [line(HEAD), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.slice(1).map(line)].join("\n");
}
