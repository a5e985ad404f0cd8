import { judged, type Rule } from "../../engine/rule";
import { backupPlaces, isActive, jobReaches, REACH } from "../../reading/backup-place";
import { atLaterGates, notYet, openKeys } from "../../reading/device-object";

export const prunedOnce: Rule = {
  sentence: "No prune job reaches a namespace beside its own, and none has two",
  ...atLaterGates((objects) => {
    const places = backupPlaces(objects);
    const jobs = objects.filter((object) => object.path === "/config/prune" && isActive(object));
    return jobs.flatMap((job) => {
      const open = openKeys(job, REACH);
      if (open.length > 0) return notYet(job, open);
      const own = job.body.ns === undefined ? "" : String(job.body.ns);
      const reached = places.filter((place) => jobReaches(job, place));
      const foreign = reached.filter(({ namespace }) => namespace !== own).map(({ namespace }) => namespace);
      const twins = jobs.filter(
        ({ device, body }) =>
          device === job.device && body.store === job.body.store && body.ns === job.body.ns && body !== job.body,
      );
      return [
        judged(
          job.label,
          faultOf(
            foreign,
            twins.map(({ body }) => String(body.id)),
          ),
        ),
      ];
    });
  }),
};

function faultOf(foreign: readonly string[], twins: readonly string[]): string | undefined {
  if (foreign.length > 0) return `it also prunes ${foreign.join(", ")} by its own retention`;
  return twins.length > 0
    ? `${twins.join(", ")} prunes the same namespace, and a point stays only while both keep it`
    : undefined;
}
