import { judged, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { synthesizedAt } from "../../reading/device-object";
import { flagOf, textOf } from "../../reading/device-value";
import { placeOf, syncsOf } from "./syncs-of";

export const vanishedKept: Rule = {
  sentence: "No sync job removes from the copy what has vanished at its source",
  model: ({ site }) =>
    syncsOf(site).map(({ where, sync }) =>
      judged(where, sync.removeVanished ? "it removes from the copy what was deleted at its source" : undefined),
    ),
  // What the site file says itself is judged above.
  synthesized: ({ site, stacks }) =>
    synthesizedAt(stacks, "/config/sync").flatMap((job): Verdict[] => {
      const { where, sync } = placeOf(site, job) ?? { where: job.label };
      const removes = flagOf(job.body["remove-vanished"], false);
      if (sync?.removeVanished || removes === false) return [];
      const id = textOf(job.body.id) ?? "without a name";
      return [
        removes === undefined
          ? unknown(where, `whether the sync job "${id}" removes what has vanished is known only on the devices`)
          : violation(where, `the sync job "${id}" removes from the copy what was deleted at its source`),
      ];
    }),
};
