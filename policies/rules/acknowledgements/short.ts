import { judged, type Rule } from "../../engine/rule";
import { monthsAfter } from "../../reading/days";

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
