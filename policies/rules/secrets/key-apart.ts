import { member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";
import { targetsOf } from "../../reading/site-facts";

/** All nodes of a cluster hold the keys of its storages (/etc/pve/priv). */
export const keyApart: Rule = {
  sentence: "No hypervisor holds both the encrypted backups and their key",
  model: ({ site }) => {
    const encrypted = new Set(targetsOf(site).flatMap((target) => (target.encrypted ? [target.backupServer] : [])));
    return Object.entries(site.backupServers)
      .filter(([name]) => encrypted.has(name))
      .map(([name, { runsOn }]) =>
        judged(
          `${member("backupServers", name)}.runsOn`,
          runsOn === undefined ? undefined : `${name} is a guest of ${runsOn}, which also has the key of its backups`,
        ),
      );
  },
};
