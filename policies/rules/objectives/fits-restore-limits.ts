import { member } from "../../../model";
import { judged, type Rule, type Verdict } from "../../engine/rule";

export const fitsRestoreLimits: Rule = {
  sentence: "Every guest that Bastide makes fits into what a restore on its hypervisor may use",
  model: ({ site }) =>
    Object.entries(site.guests).flatMap(([name, { node, create }]): Verdict[] => {
      const limits = site.hypervisors[node]?.limits;
      if (create === undefined || limits === undefined) return [];
      const { cores = Number.POSITIVE_INFINITY, memoryMiB = Number.POSITIVE_INFINITY } = limits;
      const over = [
        ...(create.cores > cores ? [`${create.cores} cores of ${cores}`] : []),
        ...(create.memoryMiB > memoryMiB ? [`${create.memoryMiB} MiB of ${memoryMiB}`] : []),
      ];
      return [judged(member("guests", name), over.length > 0 ? `it needs ${over.join(" and ")} on ${node}` : undefined)];
    }),
};
