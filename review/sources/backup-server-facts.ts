import type { Retention } from "../../model";
import type { DatastoreFacts, PruneJobFacts, SyncJobFacts, VerifyJobFacts } from "../configuration";
import { isUnknown, type Known, whereKnown } from "../known";
import { type ApiObject, certain, ObjectReader, optional } from "./api-object";

/** A datastore, as `/config/datastore` lists it. */
export function datastoreOf(source: ApiObject): DatastoreFacts {
  const datastore = new ObjectReader(source);
  return {
    backupServer: source.device,
    name: datastore.name("name"),
    path: datastore.text("path", ""),
    garbageCollection:
      datastore.has("gc-schedule") || datastore.unknown("gc-schedule") ? datastore.schedule("gc-schedule") : "never",
    verifyNew: datastore.flag("verify-new", false),
    ...optional("maintenance", maintenanceOf(datastore)),
    notifies: whereKnown(
      datastore.word("notification-mode", ["notification-system", "legacy-sendmail"] as const, "notification-system"),
      (mode) => mode === "notification-system",
    ),
  };
}

const MAINTENANCE = /^(?:type=)?(offline|read-only|delete|unmount|s3-refresh)(?:,|$)/;

/** The kind alone: a message for the staff may stand behind it. */
function maintenanceOf(datastore: ObjectReader): string | undefined {
  if (datastore.unknown("maintenance-mode")) return "not known";
  if (!datastore.has("maintenance-mode")) return undefined;
  return MAINTENANCE.exec(certain(datastore.text("maintenance-mode", "")))?.[1] ?? "of another kind";
}

/** A prune job, as `/config/prune` lists it. */
export function pruneJobOf(source: ApiObject): PruneJobFacts {
  const job = new ObjectReader(source);
  return {
    ...placeOf(job),
    enabled: !certain(job.flag("disable", false)),
    schedule: job.schedule(),
    retention: retentionOf(job),
  };
}

const PERIODS = ["last", "hourly", "daily", "weekly", "monthly", "yearly"] as const;

function retentionOf(job: ObjectReader): Known<Retention> {
  const retention: { -readonly [Period in keyof Retention]: Retention[Period] } = {};
  for (const period of PERIODS) {
    const count = job.count(`keep-${period}`);
    if (isUnknown(count)) return count;
    if (count !== undefined && count > 0) retention[period] = count;
  }
  return retention;
}

/** A verification job, as `/config/verify` lists it. One without a schedule runs only by hand. */
export function verifyJobOf(source: ApiObject): VerifyJobFacts {
  const job = new ObjectReader(source);
  const passesOver = certain(job.flag("ignore-verified", true));
  const outdated = certain(job.count("outdated-after"));
  return {
    ...placeOf(job),
    enabled: runsByItself(job),
    schedule: job.schedule(),
    ...optional("againAfterDays", passesOver ? outdated : 0),
  };
}

/** Below 7 levels of namespaces there are none, so that a limit of 7 is none. */
const DEEPEST = 7;

function placeOf(job: ObjectReader) {
  const depth = certain(job.count("max-depth"));
  return {
    id: job.name("id"),
    backupServer: job.source.device,
    datastore: job.name("store"),
    namespace: certain(job.text("ns", "")),
    ...optional("maxDepth", depth === DEEPEST ? undefined : depth),
  };
}

const runsByItself = (job: ObjectReader): boolean =>
  (job.has("schedule") || job.unknown("schedule") !== undefined) && !certain(job.flag("disable", false));

/** Flags that copy fewer snapshots while they are on. */
const RESTRICTING_FLAGS = ["encrypted-only", "verified-only"];
/** Which groups, as far as it can be shown: a regular expression may hold anything. */
const GROUP_FILTER = /^(?:(?:exclude|include):)?(?:type:(?:vm|ct|host)|group:(?:vm|ct|host)\/[\w.-]+)$/;

/**
 * A sync job, as `/config/sync?sync-direction=all` lists it. Without a remote it copies inside of the server.
 * @param remotes what `/config/remote` lists
 */
export function syncJobOf(source: ApiObject, remotes: readonly ApiObject[]): SyncJobFacts {
  const job = new ObjectReader(source);
  const remote = certain(job.text("remote", ""));
  const direction = certain(job.word("sync-direction", ["pull", "push"] as const, "pull"));
  return {
    id: job.name("id"),
    backupServer: source.device,
    datastore: job.name("store"),
    remote,
    remoteHost: remoteHost(source.device, remote, remotes),
    remoteDatastore: job.name("remote-store"),
    direction,
    enabled: runsByItself(job),
    schedule: job.schedule(),
    removeVanished: job.flag("remove-vanished", false),
    restrictions: restrictionsOf(job, direction === "pull" ? "remote-ns" : "ns"),
  };
}

function remoteHost(device: string, name: string, remotes: readonly ApiObject[]): Known<string> {
  if (name === "") return "localhost";
  const found = remotes
    .map((remote) => new ObjectReader(remote))
    .find((one) => one.source.device === device && one.name("name") === name);
  return found?.has("host") || found?.unknown("host")
    ? found.text("host", "")
    : { unknown: `the host of the remote "${name}" is not known` };
}

/** @param from key of the namespace that it copies from: everything above is left out */
function restrictionsOf(job: ObjectReader, from: string): string[] {
  const found: string[] = [];
  for (const key of [from, "group-filter", "transfer-last", "max-depth", ...RESTRICTING_FLAGS]) {
    if (job.unknown(key)) found.push(`${key} (not known)`);
  }
  if (job.has(from)) found.push(`${from} ${certain(job.text(from, ""))}`);
  for (const filter of job.unknown("group-filter") ? [] : certain(job.list("group-filter"))) {
    found.push(`group-filter ${GROUP_FILTER.test(filter) ? filter : "regex"}`);
  }
  for (const key of ["transfer-last", "max-depth"]) {
    const count = job.count(key);
    if (typeof count === "number" && !(key === "max-depth" && count === DEEPEST)) found.push(`${key} ${count}`);
  }
  for (const key of RESTRICTING_FLAGS) if (job.flag(key, false) === true) found.push(key);
  return found.sort();
}
