import { judged, type Rule } from "../../engine/rule";
import { serverAt } from "./copies-of";
import { syncsOf } from "./syncs-of";

export const betweenMachines: Rule = {
  sentence: "Every sync job copies between two machines",
  model: ({ site }) =>
    syncsOf(site).map(({ where, server, remote }) => {
      const other = serverAt(site, remote.host);
      const host = site.backupServers[server]?.runsOn;
      if (other === server) return judged(where, `its remote ${remote.host} is ${server} itself`);
      const together = other !== undefined && host !== undefined && site.backupServers[other]?.runsOn === host;
      return judged(where, together ? `${server} and ${other} both run on ${host} and are lost with it` : undefined);
    }),
};
