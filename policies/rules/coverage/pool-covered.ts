import type { GuestId } from "../../../model";
import { compliant, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { resourcesOf, type SynthesizedStack } from "../../engine/synthesized-stack";
import { textOf } from "../../reading/device-value";
import { jobsOf } from "../../reading/site-facts";
import { declaredGuests } from "./declared-guest";
import { declaredJobs } from "./declared-job";

export const poolCovered: Rule = {
  sentence: "Every guest that is put into the pool of a tier is in that tier's backup job",
  synthesized: (context) => {
    const jobs = declaredJobs(context);
    const expected = new Map(jobsOf(context.site).map(({ pool, id }) => [pool, id] as const));
    if (jobs === undefined) return [];
    return declaredGuests(context).flatMap(({ object, id, attributes }): Verdict[] => {
      const pool = poolOf(attributes.pool_id, context.stacks);
      const jobId = expected.get(pool ?? "");
      if (pool === undefined || jobId === undefined) return [];
      if (id === undefined) return [unknown(object, `which guest it puts into the pool "${pool}" is known only on the devices`)];
      // A job that selects the pool itself takes whoever is put into it.
      const taken = jobs.filter((job) => job.id === jobId).map((job) => job.body.pool === pool || job.selects(id as GuestId));
      if (taken.includes(true)) return [compliant(object)];
      if (taken.includes(undefined))
        return [unknown(object, `whether the backup job "${jobId}" takes guest ${id} is known only on the devices`)];
      return [violation(object, `guest ${id} is in the pool "${pool}", and the backup job "${jobId}" does not take it`)];
    });
  },
};

/** The pool's id, also where it is written as a reference to the resource that makes the pool. */
function poolOf(value: unknown, stacks: readonly SynthesizedStack[]): string | undefined {
  const [, resource] = /^\$\{proxmox_virtual_environment_pool\.([\w-]+)\.pool_id\}$/.exec(String(value)) ?? [];
  if (resource === undefined) return textOf(value);
  const pool = resourcesOf(stacks).find(({ type, name }) => type === "proxmox_virtual_environment_pool" && name === resource);
  return textOf(pool?.attributes.pool_id);
}
