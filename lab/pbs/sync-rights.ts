import type { Caller } from "./caller";
import { namespacePath } from "./chunk-store";
import { owns } from "./content";
import type { Values } from "./schema";

/** Whose backups a job writes where it names nobody. */
const DEFAULT_OWNER = "root@pam";

export function isPush(job: Values): boolean {
  return job["sync-direction"] === "push";
}

function localPath(job: Values): readonly string[] {
  return namespacePath(String(job.store), String(job.ns ?? ""));
}

function remotePath(job: Values): readonly string[] {
  const ns = String(job["remote-ns"] ?? "");
  return ["remote", String(job.remote), String(job["remote-store"]), ...ns.split("/").filter((part) => part !== "")];
}

export function mayRead(caller: Caller, job: Values): boolean {
  if (!caller.hasAny(localPath(job), "Datastore.Audit")) return false;
  if (isPush(job)) return job.remote !== undefined && caller.hasAny(remotePath(job), "Remote.Audit");
  return job.remote === undefined
    ? caller.hasAny(["datastore", String(job["remote-store"])], "Datastore.Audit")
    : caller.hasAny(["remote", String(job.remote)], "Remote.Audit");
}

/** What a job may do, its editor must be allowed to do. */
export function mayModify(caller: Caller, job: Values): boolean {
  const here = localPath(job);
  const isOwner = owns(caller.authId, String(job.owner ?? DEFAULT_OWNER));
  if (!caller.hasAny(here, "Datastore.Audit")) return false;
  if (isPush(job)) {
    if (job.remote === undefined || !caller.hasAny(remotePath(job), "Remote.DatastoreBackup")) return false;
    if (job["remove-vanished"] === true && !caller.hasAny(remotePath(job), "Remote.DatastorePrune")) return false;
    if (caller.hasAny(here, "Datastore.Read")) return true;
    return (isOwner || caller.hasAny(here, "Datastore.Modify")) && caller.hasAny(here, "Datastore.Backup");
  }
  if (!caller.hasAny(here, "Datastore.Backup")) return false;
  if (job["remove-vanished"] === true && !caller.hasAny(here, "Datastore.Prune")) return false;
  if (!isOwner && !caller.hasAny(here, "Datastore.Modify")) return false;
  return job.remote === undefined || caller.hasAny(["remote", String(job.remote), String(job["remote-store"])], "Remote.Read");
}
