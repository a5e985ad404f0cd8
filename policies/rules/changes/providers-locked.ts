import { judged, type Rule, type Verdict } from "../../engine/rule";

/** The lab's lock files go with the lab. */
export const providersLocked: Rule = {
  sentence: "Outside the lab every stack has a lock file with the hashes of its providers",
  synthesized: ({ site, environment, stacks }) => {
    if (site.environments[environment]?.kind === "lab") return [];
    return stacks.flatMap(({ layer, locked }): Verdict[] =>
      locked === undefined ? [] : [judged(`${layer} lock file`, locked ? undefined : "there is none")],
    );
  },
};
