import { type GuestId, member } from "../../../model";
import { compliant, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { type DeclaredJob, declaredJobs } from "./declared-job";

export const inEnabledJob: Rule = {
  sentence: "Every guest is in an enabled backup job, or exempt with a reason",
  synthesized: (context) => {
    const jobs = declaredJobs(context);
    if (jobs === undefined) return [];
    return Object.entries(context.site.guests).map(([name, guest]) => {
      const where = member("guests", name);
      return guest.exempt === undefined ? verdictOf(where, guest.id, jobs) : compliant(where);
    });
  },
};

function verdictOf(where: string, guest: GuestId, jobs: readonly DeclaredJob[]): Verdict {
  const selecting = jobs.filter((job) => job.selects(guest) === true);
  if (selecting.some(({ enabled }) => enabled === true)) return compliant(where);
  const unclear = jobs.find((job) => job.enabled !== false && job.selects(guest) !== false);
  if (unclear !== undefined)
    return unknown(where, `whether the backup job "${unclear.id}" takes guest ${guest} is known only on the devices`);
  const [disabled] = selecting;
  return disabled === undefined
    ? violation(where, `no backup job takes guest ${guest}`)
    : violation(where, `the backup job "${disabled.id}" that takes guest ${guest} is disabled`);
}
