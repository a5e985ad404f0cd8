import { judged, type Rule } from "../../engine/rule";

export const narrow: Rule = {
  sentence: "Every acknowledgement names one object, not a whole chapter of the site file",
  model: ({ site }) =>
    site.acknowledgements.map(({ rule, object }, index) =>
      judged(
        `acknowledgements[${index}]`,
        CHAPTERS.has(object) && Object.hasOwn(site, object) ? `${rule} is acknowledged for all of "${object}"` : undefined,
      ),
    ),
};

/** Parts of the site file that hold many objects, which would come and go unseen under one acknowledgement. */
const CHAPTERS: ReadonlySet<string> = new Set([
  "networks",
  "hypervisors",
  "backupServers",
  "hosts",
  "tiers",
  "guests",
  "environments",
]);
