import type { Rule } from "../../engine/rule";
import { backupStorages } from "../../reading/backup-storage";
import { atLaterGates, createdAt, type DeviceObject, judgedBy } from "../../reading/device-object";
import { flagOf } from "../../reading/device-value";

/** The model knows no other way, so only an escape hatch can break it. */
export const prunedByServer: Rule = {
  sentence: "Only the backup server prunes; no storage and no backup job of a hypervisor does",
  ...atLaterGates((objects) => [
    ...createdAt(objects, "/cluster/backup").flatMap((job) => judgedBy(job, ["remove", "prune-backups"], faultOfJob)),
    ...backupStorages(objects).flatMap((storage) => judgedBy(storage, ["prune-backups"], faultOfStorage)),
  ]),
};

function faultOfStorage({ "prune-backups": rule }: DeviceObject["body"]): string | undefined {
  if (rule === undefined) return "`prune-backups` is not set, so the hypervisor prunes by /etc/vzdump.conf";
  return KEEP_ALL.test(String(rule)) ? undefined : "`prune-backups` lets the hypervisor delete backups";
}

function faultOfJob({ "prune-backups": rule, remove }: DeviceObject["body"]): string | undefined {
  if (rule !== undefined && !KEEP_ALL.test(String(rule))) return "`prune-backups` lets the job delete backups after each run";
  return flagOf(remove, true) === false ? undefined : "`remove` is on: after each run the job prunes by the rule of its storage";
}

const KEEP_ALL = /^keep-all=(?:1|true|yes|on)$/;
