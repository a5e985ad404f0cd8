import { member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";

export const tierUsed: Rule = {
  sentence: "Every tier has a guest",
  model: ({ site }) => {
    const used = new Set(Object.values(site.guests).map((guest) => guest.tier));
    return Object.keys(site.tiers).map((name) =>
      judged(member("tiers", name), used.has(name) ? undefined : `no guest is in the tier "${name}"`),
    );
  },
};
