import { judged, type Rule } from "../../engine/rule";
import { copiesOf, mediumOfHypervisor, protectedTiers } from "./copies-of";

export const twoMedia: Rule = {
  sentence: "The copies of every guest lie on 2 media, production included",
  model: ({ site }) =>
    protectedTiers(site).map(({ where, tier, guests }) => {
      const media = copiesOf(site, tier).map(({ medium }) => medium);
      const alone = guests.filter((guest) =>
        media.every((medium) => medium === mediumOfHypervisor(site.guests[guest]?.node ?? "")),
      );
      return judged(
        where,
        alone.length > 0 ? `every copy of ${alone.join(", ")} lies on the hypervisor that runs it` : undefined,
      );
    }),
};
