import { member } from "../../../model";
import { judged, type Rule, type Verdict } from "../../engine/rule";

export const notOnProtectedHost: Rule = {
  sentence: "No backup server runs on a hypervisor whose guests it protects",
  model: ({ site }) =>
    Object.entries(site.backupServers).flatMap(([name, { runsOn }]): Verdict[] => {
      const own = Object.entries(site.guests).filter(
        ([, { tier }]) => tier !== undefined && site.tiers[tier]?.backupServer === name,
      );
      if (own.length === 0) return [];
      const together = own.filter(([, { node }]) => node === runsOn).map(([guest]) => guest);
      return [
        judged(
          member("backupServers", name),
          together.length > 0
            ? `it runs on ${runsOn} and holds the backups of ${together.join(", ")}, which run there too`
            : undefined,
        ),
      ];
    }),
};
