import { judged, type Rule, type Verdict } from "../../engine/rule";
import { copiesOf, protectedTiers } from "./copies-of";

export const encryptedOffSite: Rule = {
  sentence: "What leaves the site is encrypted before",
  model: ({ site }) =>
    protectedTiers(site).flatMap(({ where, tier }): Verdict[] => {
      const away = copiesOf(site, tier).filter(({ offSite }) => offSite);
      if (away.length === 0) return [];
      return [
        judged(
          where,
          tier.encryption
            ? undefined
            : `its backups are not encrypted and leave the site: ${away.map((copy) => copy.where).join(", ")}`,
        ),
      ];
    }),
};
