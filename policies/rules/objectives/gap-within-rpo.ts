import { durationMs, formatDuration, largestGap, recurs } from "../../../model";
import { compliant, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { declaredJobs } from "../coverage/declared-job";

/** The model refuses a tier whose own schedule is too rare; a job may run at other times than its tier says. */
export const gapWithinRpo: Rule = {
  sentence: "The largest gap between two runs of a backup job is within the RPO of its tier",
  synthesized: (context) =>
    (declaredJobs(context) ?? []).flatMap(({ object, tier, schedule }): Verdict[] => {
      const rpo = tier === undefined ? undefined : context.site.tiers[tier]?.rpo;
      if (rpo === undefined) return [];
      if (schedule === undefined) return [unknown(object, "when its backup job runs cannot be read")];
      if (!recurs(schedule)) return [violation(object, `its backup job runs at "${schedule}", which does not come back`)];
      const gap = largestGap(schedule, context.site.timeZone);
      if (gap <= durationMs(rpo)) return [compliant(object)];
      return [
        violation(object, `its backup job runs at "${schedule}", up to ${formatDuration(gap)} apart, and its RPO is ${rpo}`),
      ];
    }),
};
