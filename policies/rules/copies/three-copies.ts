import { judged, type Rule } from "../../engine/rule";
import { copiesOf, protectedTiers } from "./copies-of";

export const threeCopies: Rule = {
  sentence: "Of the guests of every tier there are 3 copies, production included",
  model: ({ site }) =>
    protectedTiers(site).map(({ where, tier }) => {
      const count = 1 + copiesOf(site, tier).length;
      return judged(where, count < 3 ? `there are ${count} copies of its guests, production included` : undefined);
    }),
};
