import { type Answer, type Call, DONE } from "./call";
import { namespacePath } from "./chunk-store";
import { storeContent } from "./content";
import type { Endpoint } from "./endpoint";
import { beginRun, createdRun, endRun, forgetRuns, resetSchedule, scheduleStatus } from "./job-runs";
import { prune } from "./pruning";
import { refuseParameter } from "./refusal";
import { allOptional, boolean, optional, type ParameterTable, required, type Values, without } from "./schema";
import { changed, checkDigest, digestOf, lookUp, valuesOf } from "./sections";
import type { PbsState } from "./state";
import type { Outcome, Task } from "./task";
import type { Worker } from "./task-queue";
import { changeParameters, comment, KEEP, namespace, namespaceDepth, objectId, removal, schedule } from "./types";

const JOB: ParameterTable = {
  id: required(objectId),
  store: required(objectId),
  schedule: required(schedule),
  comment: optional(comment),
  disable: optional(boolean),
  "max-depth": optional(namespaceDepth),
  ns: optional(namespace),
  ...KEEP,
};

export const pruneJobEndpoints: readonly Endpoint[] = [
  { method: "GET", path: "/config/prune", permission: "anybody", parameters: {}, run: list },
  { method: "POST", path: "/config/prune", permission: "anybody", parameters: JOB, run: create },
  { method: "GET", path: "/config/prune/:id", permission: "anybody", parameters: { id: required(objectId) }, run: read },
  {
    method: "PUT",
    path: "/config/prune/:id",
    permission: "anybody",
    parameters: {
      ...allOptional(without(JOB, "id")),
      id: required(objectId),
      ...changeParameters("comment", "disable", "ns", "max-depth", ...Object.keys(KEEP)),
    },
    run: update,
  },
  { method: "DELETE", path: "/config/prune/:id", permission: "anybody", parameters: removal("id", objectId), run: remove },
  { method: "GET", path: "/admin/prune", permission: "anybody", parameters: { store: optional(objectId) }, run: status },
  { method: "POST", path: "/admin/prune/:id/run", permission: "anybody", parameters: { id: required(objectId) }, run },
];

export const pruneJobWorkers: Readonly<Record<string, Worker>> = { prunejob: finish };

const runKey = (id: string): string => `prunejob:${id}`;

function digest(state: Readonly<PbsState>): string {
  return digestOf(state.pruneJobs, "id");
}

function pathOf(job: Values): readonly string[] {
  return namespacePath(String(job.store), String(job.ns ?? ""));
}

function visibleJobs({ state, caller, parameters }: Call): Values[] {
  return valuesOf(state.pruneJobs, "prune").filter(
    (job) =>
      caller.hasAny(pathOf(job), "Datastore.Audit", "Datastore.Modify") &&
      (parameters.store === undefined || job.store === parameters.store),
  );
}

function list(call: Call): Answer {
  return { data: visibleJobs(call), digest: digest(call.state) };
}

/** The job that a call names. @throws Refusal where there is none, or the caller may not touch it */
function existing({ state, caller, parameters }: Call, privilege: "Datastore.Audit" | "Datastore.Modify"): Values {
  const job = lookUp(state.pruneJobs, "prune", String(parameters.id));
  caller.check(pathOf(job), privilege);
  return job;
}

function read(call: Call): Answer {
  return { data: existing(call, "Datastore.Audit"), digest: digest(call.state) };
}

function create({ state, caller, server, parameters }: Call): Answer {
  caller.check(pathOf(parameters), "Datastore.Modify");
  const id = String(parameters.id);
  if (Object.hasOwn(state.pruneJobs, id)) refuseParameter("id", `job '${id}' already exists.`);
  server.change((draft) => {
    draft.pruneJobs = { ...draft.pruneJobs, [id]: { type: "prune", values: stored(parameters) } };
    draft.jobRuns = { ...draft.jobRuns, [runKey(id)]: createdRun(Math.floor(server.now() / 1000)) };
  });
  return DONE;
}

function update(call: Call): Answer {
  const { caller, server, parameters } = call;
  const { id, delete: deleted, digest: given, ...options } = parameters;
  checkDigest(given, digest(call.state));
  const job = existing(call, "Datastore.Modify");
  const ns = options.ns === undefined ? {} : { ns: options.ns === "" ? undefined : options.ns };
  const values = stored(changed(job, deleted, { ...options, ...ns }));
  if (options.store !== undefined || options.ns !== undefined) caller.check(pathOf(values), "Datastore.Modify");
  server.change((draft) => {
    draft.pruneJobs = { ...draft.pruneJobs, [String(id)]: { type: "prune", values } };
    if (values.schedule !== job.schedule) resetSchedule(draft, runKey(String(id)), Math.floor(server.now() / 1000));
  });
  return DONE;
}

function remove(call: Call): Answer {
  const { server, parameters } = call;
  existing(call, "Datastore.Modify");
  checkDigest(parameters.digest, digest(call.state));
  const id = String(parameters.id);
  server.change((draft) => {
    const { [id]: _removed, ...rest } = draft.pruneJobs;
    draft.pruneJobs = rest;
    forgetRuns(draft, runKey(id));
  });
  return DONE;
}

function status(call: Call): Answer {
  const nowS = Math.floor(call.server.now() / 1000);
  const data = visibleJobs(call).map((job) => {
    const { "next-run": next, ...last } = scheduleStatus(call.state, runKey(String(job.id)), job.schedule, nowS);
    return { ...job, ...last, ...(job.disable === true || next === undefined ? {} : { "next-run": next }) };
  });
  return { data, digest: digest(call.state) };
}

function run(call: Call): Answer {
  const { state, caller, server } = call;
  const job = existing(call, "Datastore.Modify");
  const store = String(job.store);
  storeContent(state, store, "write");
  const id = job.ns === undefined || job.ns === "" ? store : `${store}:${String(job.ns)}`;
  const upid = server.startTask(caller.authId, { type: "prunejob", id, work: job, durationMs: server.timing.taskMs });
  server.change((draft) => beginRun(draft, runKey(String(job.id)), upid, Math.floor(server.now() / 1000)));
  return { data: upid };
}

function finish(draft: PbsState, task: Task, work: Values, nowMs: number): Outcome {
  const log = [`prune job '${String(work.id)}'`, ...prune(draft, task.authId, work)];
  endRun(draft, runKey(String(work.id)), task.upid, Math.floor(nowMs / 1000), "OK");
  return { status: "OK", log };
}

/** The product leaves `disable` out unless it is set. */
function stored(job: Values): Values {
  return job.disable === false ? changed(job, undefined, { disable: undefined }) : job;
}
