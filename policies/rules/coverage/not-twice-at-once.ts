import { type CalendarEvent, largestGap, member, nextRun, readableTime } from "../../../model";
import { compliant, type Rule, type Verdict, violation } from "../../engine/rule";
import { type DeclaredJob, declaredJobs } from "./declared-job";

const HOUR = 3_600_000;
/** A year that holds every date, from a Monday. */
const FROM = Date.UTC(2028, 0, 3);
const YEAR = 366 * 24 * HOUR;

export const notTwiceAtOnce: Rule = {
  sentence: "No guest is backed up by two jobs within one hour",
  synthesized: (context) => {
    const enabled = (declaredJobs(context) ?? []).filter((job) => job.enabled === true && job.schedule !== undefined);
    return Object.entries(context.site.guests).flatMap(([name, { id }]): Verdict[] => {
      const where = member("guests", name);
      const jobs = enabled.filter((job) => job.selects(id) === true);
      const clash = clashOf(jobs, context.site.timeZone);
      return jobs.length === 0 ? [] : [clash === undefined ? compliant(where) : violation(where, clash)];
    });
  },
};

/** Jobs of which two run less than an hour apart, with an example. */
function clashOf(jobs: readonly DeclaredJob[], timeZone: string): string | undefined {
  for (const [index, one] of jobs.entries()) {
    for (const other of jobs.slice(index + 1)) {
      const run = one.schedule && other.schedule && closeRun(one.schedule, other.schedule, timeZone);
      if (run !== undefined)
        return `the backup jobs "${one.id}" and "${other.id}" both take it within one hour, for example around ${readableTime(run, timeZone)}`;
    }
  }
  return undefined;
}

/** A run of the rarer event that has one of the other less than an hour before or after it. */
function closeRun(one: CalendarEvent, other: CalendarEvent, timeZone: string): number | undefined {
  const [rarer, denser] = largestGap(one, timeZone) >= largestGap(other, timeZone) ? [one, other] : [other, one];
  for (let run = nextRun(rarer, FROM, timeZone); run !== undefined && run < FROM + YEAR; run = nextRun(rarer, run, timeZone)) {
    const near = nextRun(denser, run - HOUR, timeZone);
    if (near !== undefined && near < run + HOUR) return run;
  }
  return undefined;
}
