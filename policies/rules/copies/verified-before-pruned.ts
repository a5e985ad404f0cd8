import { formatDuration, largestGap } from "../../../model";
import { judged, type Rule, type Verdict } from "../../engine/rule";
import { reachOf } from "../objectives/reach";
import { protectedTiers } from "./copies-of";

export const verifiedBeforePruned: Rule = {
  sentence: "Recovery points of every tier are verified before they are pruned",
  model: ({ site }) =>
    protectedTiers(site).flatMap(({ where, tier }): Verdict[] => {
      const store = site.backupServers[tier.backupServer]?.datastores[tier.datastore];
      if (store === undefined) return [];
      if (store.verifyNew) return [judged(where, undefined)];
      const reach = reachOf(tier.retention ?? store.retention, tier.schedule, site.timeZone);
      const gap = largestGap(store.verification.schedule, site.timeZone);
      const late = `verifications are up to ${formatDuration(gap)} apart, and after that time none of its recovery points may be left`;
      return [judged(where, gap > reach ? late : undefined)];
    }),
};
