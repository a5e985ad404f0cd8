import { judged, type Rule } from "../../engine/rule";

export const inForce: Rule = {
  sentence: "No acknowledgement has expired",
  model: ({ site, today }) =>
    site.acknowledgements.map(({ rule, object, owner, expires }, index) =>
      judged(
        `acknowledgements[${index}]`,
        expires < today ? `the acknowledgement of ${rule} for ${object} by ${owner} ended on ${expires}` : undefined,
      ),
    ),
};
