import { judged, type Rule } from "../../engine/rule";

/** Months that an acknowledgement may last: long enough for a budget, short enough to be looked at by whoever wrote it. */
const LONGEST = 12;

export const short: Rule = {
  sentence: "Every acknowledgement ends within 12 months",
  model: ({ site, today }) => {
    const last = monthsAfter(today, LONGEST);
    return site.acknowledgements.map(({ rule, expires }, index) =>
      judged(
        `acknowledgements[${index}]`,
        expires > last ? `the acknowledgement of ${rule} lasts until ${expires}` : undefined,
        `set \`expires\` to ${last} or earlier`,
      ),
    );
  },
};

/** The same day of a later month, or the last day of that month where it is shorter. */
function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}
