import { type Answer, type Call, DONE } from "./call";
import { depthOf } from "./chunk-store";
import { storeContent } from "./content";
import type { Endpoint } from "./endpoint";
import { humanByte } from "./human-byte";
import { beginRun, createdRun, endRun, forgetRuns, resetSchedule, scheduleStatus } from "./job-runs";
import { Refusal, refuse, refuseParameter } from "./refusal";
import {
  allOptional,
  arrayOf,
  boolean,
  integer,
  oneOf,
  optional,
  type ParameterTable,
  required,
  text,
  type Values,
  without,
} from "./schema";
import { changed, checkDigest, digestOf, lookUp, trimmed, valuesOf } from "./sections";
import type { PbsState } from "./state";
import { isPush, mayModify, mayRead } from "./sync-rights";
import type { Outcome, Task } from "./task";
import type { Worker } from "./task-queue";
import { canonicalRates } from "./traffic-control";
import { authId, changeParameters, comment, namespace, namespaceDepth, objectId, removal, schedule } from "./types";

const DEEPEST = 7;

const groupFilter = text({}, (value) => {
  const filter = value.replace(/^(?:include|exclude):/, "");
  const at = filter.indexOf(":");
  if (at < 0) return "input doesn't match expected format '<group:GROUP||type:<vm|ct|host>|regex:REGEX>'";
  const [kind, rest] = [filter.slice(0, at), filter.slice(at + 1)];
  if (kind === "group")
    return /^(?:vm|ct|host)\/[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(rest) ? undefined : "value does not match the regex pattern";
  if (kind === "type")
    return ["vm", "ct", "host"].includes(rest)
      ? undefined
      : `unknown variant \`${rest}\`, expected one of \`vm\`, \`ct\`, \`host\``;
  if (kind !== "regex") return `expected 'group', 'type' or 'regex' prefix, got '${kind}'`;
  return isRegex(rest) ? undefined : "regex parse error";
});

const JOB: ParameterTable = {
  id: required(objectId),
  store: required(objectId),
  "active-encryption-key": optional(objectId),
  "associated-key": optional(arrayOf(objectId)),
  ...Object.fromEntries(["burst-in", "burst-out", "rate-in", "rate-out"].map((rate) => [rate, optional(humanByte)])),
  comment: optional(comment),
  "encrypted-only": optional(boolean),
  "group-filter": optional(arrayOf(groupFilter)),
  "max-depth": optional(namespaceDepth),
  ns: optional(namespace),
  owner: optional(authId),
  remote: optional(objectId),
  "remote-ns": optional(namespace),
  "remote-store": required(objectId),
  "remove-vanished": optional(boolean),
  "resync-corrupt": optional(boolean),
  "run-on-mount": optional(boolean),
  schedule: optional(schedule),
  "sync-direction": optional(oneOf("pull", "push")),
  "transfer-last": optional(integer(1)),
  "unmount-on-done": optional(boolean),
  "verified-only": optional(boolean),
  "worker-threads": optional(integer(1, 32)),
};

const DIRECTION = optional(oneOf("all", "push", "pull"));

export const syncJobEndpoints: readonly Endpoint[] = [
  { method: "GET", path: "/config/sync", permission: "anybody", parameters: { "sync-direction": DIRECTION }, run: list },
  { method: "POST", path: "/config/sync", permission: "anybody", parameters: JOB, run: create },
  { method: "GET", path: "/config/sync/:id", permission: "anybody", parameters: { id: required(objectId) }, run: read },
  {
    method: "PUT",
    path: "/config/sync/:id",
    permission: "anybody",
    parameters: {
      ...allOptional(without(JOB, "id")),
      id: required(objectId),
      ...changeParameters(...Object.keys(without(JOB, "id", "store", "remote-store", "resync-corrupt"))),
    },
    run: update,
  },
  { method: "DELETE", path: "/config/sync/:id", permission: "anybody", parameters: removal("id", objectId), run: remove },
  {
    method: "GET",
    path: "/admin/sync",
    permission: "anybody",
    parameters: { store: optional(objectId), "sync-direction": DIRECTION },
    run: status,
  },
  { method: "POST", path: "/admin/sync/:id/run", permission: "anybody", parameters: { id: required(objectId) }, run },
];

export const syncJobWorkers: Readonly<Record<string, Worker>> = { syncjob: finish };

const runKey = (id: string): string => `syncjob:${id}`;

function digest(state: Readonly<PbsState>): string {
  return digestOf(state.syncJobs, "id");
}

/** Only pull jobs, unless the direction is given. */
function visibleJobs({ state, caller, parameters }: Call): Values[] {
  const direction = parameters["sync-direction"] ?? "pull";
  return valuesOf(state.syncJobs, "sync")
    .filter((job) => direction === "all" || isPush(job) === (direction === "push"))
    .filter((job) => (parameters.store === undefined || job.store === parameters.store) && mayRead(caller, job));
}

function list(call: Call): Answer {
  return { data: visibleJobs(call), digest: digest(call.state) };
}

function read({ state, caller, parameters }: Call): Answer {
  const job = lookUp(state.syncJobs, "sync", String(parameters.id));
  if (!mayRead(caller, job)) refuse("permission check failed");
  return { data: job, digest: digest(state) };
}

function create({ state, caller, server, parameters }: Call): Answer {
  if (!mayModify(caller, parameters)) refuse("permission check failed");
  if (parameters.remote === undefined && parameters.store === parameters["remote-store"]) {
    refuse("source and target datastore can't be the same");
  }
  checkOptions(state, parameters);
  const id = String(parameters.id);
  if (Object.hasOwn(state.syncJobs, id)) refuseParameter("id", `job '${id}' already exists.`);
  server.change((draft) => {
    draft.syncJobs = { ...draft.syncJobs, [id]: { type: "sync", values: canonicalRates(parameters) } };
    draft.jobRuns = { ...draft.jobRuns, [runKey(id)]: createdRun(Math.floor(server.now() / 1000)) };
  });
  return DONE;
}

function checkOptions(state: Readonly<PbsState>, job: Values): void {
  if (isPush(job) && job["resync-corrupt"] !== undefined) refuse("push jobs do not support resync-corrupt option");
  if (!isPush(job) && job["active-encryption-key"] !== undefined) {
    refuse("'active-encryption-key' only applies to push sync jobs");
  }
  checkDepth(job);
  const associated = (job["associated-key"] ?? []) as readonly string[];
  for (const key of isPush(job) ? [job["active-encryption-key"]] : associated) checkKey(state, key);
}

function checkKey(state: Readonly<PbsState>, key: Values[string] | undefined): void {
  if (key !== undefined && !Object.hasOwn(state.encryptionKeys, String(key))) {
    refuse(`no such key or cannot access key '${String(key)}'`);
  }
}

function checkDepth(job: Values): void {
  const depth = job["max-depth"];
  if (typeof depth !== "number") return;
  for (const ns of [job.ns, job["remote-ns"]]) {
    const own = depthOf(String(ns ?? ""));
    if (own + depth > DEEPEST) {
      refuse(`namespace '${String(ns)}'s depth and recursion depth exceed limit: ${own} + ${depth} > ${DEEPEST}`);
    }
  }
}

function update({ state, caller, server, parameters }: Call): Answer {
  const { id, delete: deleted, digest: given, ...options } = parameters;
  checkDigest(given, digest(state));
  const job = lookUp(state.syncJobs, "sync", String(id));
  if (options["sync-direction"] === "push" && options["resync-corrupt"] !== undefined) {
    refuse("push jobs do not support resync-corrupt option");
  }
  const values = changed(job, deleted, {
    ...canonicalRates(options),
    ...trimmed(options.comment),
    ...rotatedKeys(job, deleted, options),
  });
  if (options["unmount-on-done"] === true && values["run-on-mount"] !== true) {
    refuse("'unmount-on-done' can only be set when 'run-on-mount' is enabled");
  }
  if (options["sync-direction"] === "pull" && values["active-encryption-key"] !== undefined) {
    refuse(
      "cannot switch to pull direction while 'active-encryption-key' is set; delete it in the same request or clear it first",
    );
  }
  if (options["active-encryption-key"] !== undefined && !isPush(values)) {
    refuse("'active-encryption-key' only applies to push sync jobs");
  }
  checkKey(state, options["active-encryption-key"]);
  checkDepth(values);
  if (!mayModify(caller, values)) refuse("permission check failed");
  server.change((draft) => {
    draft.syncJobs = { ...draft.syncJobs, [String(id)]: { type: "sync", values } };
    if (values.schedule !== job.schedule) resetSchedule(draft, runKey(String(id)), Math.floor(server.now() / 1000));
  });
  return DONE;
}

/** A key that was active stays associated, so that what it encrypted can still be read. */
function rotatedKeys(
  job: Values,
  deleted: Values[string] | undefined,
  options: Values,
): { readonly "associated-key"?: readonly string[] } {
  const previous = job["active-encryption-key"];
  const names = (deleted ?? []) as readonly string[];
  const replaced = options["active-encryption-key"] !== undefined || names.includes("active-encryption-key");
  if (typeof previous !== "string" || !replaced) return {};
  const kept = options["associated-key"] ?? (names.includes("associated-key") ? [] : (job["associated-key"] ?? []));
  return { "associated-key": [...new Set([...(kept as readonly string[]), previous])] };
}

function remove({ state, caller, server, parameters }: Call): Answer {
  const id = String(parameters.id);
  checkDigest(parameters.digest, digest(state));
  const job = Object.hasOwn(state.syncJobs, id) ? state.syncJobs[id]?.values : undefined;
  if (job === undefined) throw new Refusal(404, `job '${id}' does not exist.`);
  if (!mayModify(caller, job)) refuse("permission check failed");
  server.change((draft) => {
    const { [id]: _removed, ...rest } = draft.syncJobs;
    draft.syncJobs = rest;
    forgetRuns(draft, runKey(id));
  });
  return DONE;
}

function status(call: Call): Answer {
  const nowS = Math.floor(call.server.now() / 1000);
  const data = visibleJobs(call).map((job) => ({
    ...job,
    ...scheduleStatus(call.state, runKey(String(job.id)), job.schedule, nowS),
  }));
  return { data, digest: digest(call.state) };
}

function run({ state, caller, server, parameters }: Call): Answer {
  const job = lookUp(state.syncJobs, "sync", String(parameters.id));
  if (!mayModify(caller, job)) refuse(`permission check failed, '${caller.authId}' is missing access`);
  const store = String(job.store);
  storeContent(state, store, isPush(job) ? "read" : "write");
  const id = [job.remote ?? "-", job["remote-store"], store, job.ns ?? "", job.id].map(String).join(":");
  const upid = server.startTask(caller.authId, { type: "syncjob", id, work: job, durationMs: server.timing.taskMs });
  server.change((draft) => beginRun(draft, runKey(String(job.id)), upid, Math.floor(server.now() / 1000)));
  return { data: upid };
}

/** The lab does not connect to other backup servers: a remote is never reached. */
function finish(draft: PbsState, task: Task, work: Values, nowMs: number): Outcome {
  const state =
    work.remote === undefined ? "OK" : `remote connection to '${String(work.remote)}' failed - error trying to connect`;
  endRun(draft, runKey(String(work.id)), task.upid, Math.floor(nowMs / 1000), state);
  return { status: state, log: [`Starting datastore sync job '${task.id}'`] };
}

function isRegex(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u").source !== "";
  } catch {
    return false;
  }
}
