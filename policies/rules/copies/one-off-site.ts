import { judged, type Rule } from "../../engine/rule";
import { copiesOf, protectedTiers } from "./copies-of";

export const oneOffSite: Rule = {
  sentence: "One copy of every tier is off-site",
  model: ({ site }) =>
    protectedTiers(site).map(({ where, tier }) =>
      judged(where, copiesOf(site, tier).some(({ offSite }) => offSite) ? undefined : "all copies of its guests are on the site"),
    ),
};
