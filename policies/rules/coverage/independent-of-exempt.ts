import { member } from "../../../model";
import { judged, type Rule, type Verdict } from "../../engine/rule";

export const independentOfExempt: Rule = {
  sentence: "No guest that is backed up depends on one that is exempt from backup",
  model: ({ site }) =>
    Object.entries(site.guests).flatMap(([name, { exempt, dependsOn }]): Verdict[] => {
      if (exempt !== undefined || dependsOn.length === 0) return [];
      const missing = dependsOn.filter((other) => site.guests[other]?.exempt !== undefined);
      return [
        judged(
          member("guests", name),
          missing.length > 0 ? `it depends on ${missing.join(", ")}, which no backup can bring back` : undefined,
        ),
      ];
    }),
};
