import type { Rule } from "../../engine/rule";
import { atLaterGates, judgedBy } from "../../reading/device-object";
import { flagOf } from "../../reading/device-value";

/** The model knows no other way, so only an escape hatch can break it. */
export const prunedByServer: Rule = {
  sentence: "Only the backup server prunes; no storage and no backup job of a hypervisor does",
  ...atLaterGates((objects) =>
    objects.flatMap((object) => {
      if (object.path === "/storage" && object.body.type === "pbs")
        return judgedBy(object, ["prune-backups"], (body) => {
          const rule = body["prune-backups"];
          if (rule === undefined) return "`prune-backups` is not set, so the hypervisor prunes by /etc/vzdump.conf";
          return KEEP_ALL.test(String(rule)) ? undefined : "`prune-backups` lets the hypervisor delete backups";
        });
      if (object.path === "/cluster/backup")
        return judgedBy(object, ["remove", "prune-backups"], (body) => {
          const rule = body["prune-backups"];
          if (rule !== undefined && !KEEP_ALL.test(String(rule)))
            return "`prune-backups` lets the job delete backups after each run";
          return flagOf(body.remove, true) === false
            ? undefined
            : "`remove` is on: after each run the job prunes by the rule of its storage";
        });
      return [];
    }),
  ),
};

const KEEP_ALL = /^keep-all=(?:1|true|yes|on)$/;
