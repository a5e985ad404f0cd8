import { type BackupTarget, member, type Retention, type Site } from "../../../model";
import { compliant, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { type DeviceObject, synthesizedAt } from "../../reading/device-object";
import { countOf, flagOf, OPEN, textOf } from "../../reading/device-value";
import { targetsOf } from "../../reading/site-facts";

const RULES = ["last", "hourly", "daily", "weekly", "monthly", "yearly"] as const satisfies readonly (keyof Retention)[];
/** By what a prune job calls them. */
const KEEPS = RULES.map((rule) => ({ rule, key: `keep-${rule}` }));

export const retentionAsWritten: Rule = {
  sentence: "No prune job keeps less than the site file says",
  synthesized: ({ site, stacks }) => {
    const jobs = synthesizedAt(stacks, "/config/prune");
    return targetsOf(site).flatMap((target) => {
      const own = jobs.filter((job) => job.device === target.backupServer && reaches(job, target));
      return own.map((job) => verdictOf(objectOf(site, target), job, target));
    });
  },
};

/** Whether a job prunes a namespace: its own, and those below it as deep as it goes. */
function reaches({ body }: DeviceObject, { datastore, namespace }: BackupTarget): boolean {
  if (textOf(body.store) !== datastore || flagOf(body.disable, false) === true) return false;
  const root = textOf(body.ns) ?? "";
  if (root !== "" && namespace !== root && !namespace.startsWith(`${root}/`)) return false;
  const levels = (path: string) => (path === "" ? 0 : path.split("/").length);
  return levels(namespace) - levels(root) <= (countOf(body["max-depth"]) ?? Number.POSITIVE_INFINITY);
}

function verdictOf(object: string, { body }: DeviceObject, { retention }: BackupTarget): Verdict {
  const id = textOf(body.id) ?? "without a name";
  const written = KEEPS.filter(({ key }) => body[key] !== undefined);
  if (written.some(({ key }) => body[key] === OPEN))
    return unknown(object, `what the prune job "${id}" keeps is known only on the devices`);
  // Without any count Proxmox keeps everything.
  const less = KEEPS.filter(({ rule, key }) => (countOf(body[key]) ?? 0) < (retention[rule] ?? 0));
  if (written.length === 0 || less.length === 0) return compliant(object);
  const counts = less.map(({ rule, key }) => `${rule} ${countOf(body[key]) ?? 0} instead of ${retention[rule]}`);
  return violation(object, `the prune job "${id}" keeps ${counts.join(", ")}`);
}

/** The tier whose backups lie there, or the datastore. */
function objectOf(site: Site, { backupServer, datastore, namespace }: BackupTarget): string {
  const tier = Object.entries(site.tiers).find(
    ([, one]) => one.backupServer === backupServer && one.datastore === datastore && one.namespace === namespace,
  );
  return tier === undefined ? member(`${member("backupServers", backupServer)}.datastores`, datastore) : member("tiers", tier[0]);
}
