import { member } from "../../../model";
import { judged, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { flagOf } from "../../reading/device-value";
import { declaredJobs } from "./declared-job";

export const missedRunRepeated: Rule = {
  sentence: "Every backup that was missed is made up for when its hypervisor is back",
  model: ({ site }) =>
    Object.entries(site.tiers).map(([name, { repeatMissed }]) =>
      judged(member("tiers", name), repeatMissed ? undefined : "a backup that is missed waits for the next regular run"),
    ),
  // What the site file says itself is judged above.
  synthesized: (context) =>
    (declaredJobs(context) ?? []).flatMap(({ object, id, tier, body }): Verdict[] => {
      const wanted = tier === undefined || context.site.tiers[tier]?.repeatMissed;
      const repeats = flagOf(body["repeat-missed"], false);
      if (!wanted || repeats) return [];
      return [
        repeats === undefined
          ? unknown(object, `whether the backup job "${id}" makes up for a missed run is known only on the devices`)
          : violation(object, `the backup job "${id}" does not make up for a missed run`),
      ];
    }),
};
