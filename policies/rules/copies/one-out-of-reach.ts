import { judged, type Rule } from "../../engine/rule";
import { copiesOf, protectedTiers } from "./copies-of";

/** A pulled copy does not count: it is safe from this site, and not from whoever administers the server that holds it. */
export const oneOutOfReach: Rule = {
  sentence: "One copy of every tier is offline or immutable",
  model: ({ site }) =>
    protectedTiers(site).map(({ where, tier }) => {
      const found = copiesOf(site, tier).some(({ outOfReach }) => outOfReach);
      return judged(where, found ? undefined : "every copy of its guests can be deleted over the network");
    }),
};
