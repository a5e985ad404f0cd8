import { member } from "../../../model";
import { judged, type Rule, type Verdict } from "../../engine/rule";

/** A backup server that is a guest too goes by its name: as a machine and as a guest it has one address, which stands once in the file. */
export const notInItself: Rule = {
  sentence: "No backup server is backed up to itself",
  model: ({ site }) =>
    Object.entries(site.guests).flatMap(([name, { tier = "", exempt }]): Verdict[] => {
      const server = Object.keys(site.backupServers).find((other) => other.toLowerCase() === name.toLowerCase());
      if (server === undefined || exempt !== undefined) return [];
      const inside = site.tiers[tier]?.backupServer === server;
      return [judged(member("guests", name), inside ? `its backups lie on ${server}, which is itself` : undefined)];
    }),
};
