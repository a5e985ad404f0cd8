import { durationMs, member, type Site } from "../../../model";
import { judged, type Rule, type Verdict } from "../../engine/rule";

export const dependencyRpo: Rule = {
  sentence: "No guest depends on one with a longer RPO",
  model: ({ site }) =>
    Object.entries(site.guests).flatMap(([name, { dependsOn }]): Verdict[] => {
      const own = rpoOf(site, name);
      if (own === undefined || dependsOn.length === 0) return [];
      const older = dependsOn.flatMap((other) => {
        const rpo = rpoOf(site, other);
        return rpo !== undefined && durationMs(rpo) > durationMs(own) ? [`${other} (${rpo})`] : [];
      });
      return [
        judged(member("guests", name), older.length > 0 ? `its RPO is ${own} and it depends on ${older.join(", ")}` : undefined),
      ];
    }),
};

/** That of its tier; a guest without backup is judged elsewhere. */
function rpoOf({ guests, tiers }: Site, name: string): Site["tiers"][string]["rpo"] | undefined {
  const tier = guests[name]?.tier;
  return tier === undefined ? undefined : tiers[tier]?.rpo;
}
