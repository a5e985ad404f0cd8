import { type Answer, type Call, DONE } from "./call";
import { namespacePath } from "./chunk-store";
import { storeContent } from "./content";
import type { Endpoint } from "./endpoint";
import { beginRun, createdRun, endRun, forgetRuns, resetSchedule, scheduleStatus } from "./job-runs";
import { refuseParameter } from "./refusal";
import { allOptional, boolean, integer, optional, type ParameterTable, required, type Values, without } from "./schema";
import { changed, checkDigest, digestOf, lookUp, trimmed, valuesOf } from "./sections";
import type { PbsState } from "./state";
import type { Outcome, Task } from "./task";
import type { Worker } from "./task-queue";
import { changeParameters, comment, namespace, namespaceDepth, objectId, removal, schedule } from "./types";
import { verify } from "./verification";

const JOB: ParameterTable = {
  id: required(objectId),
  store: required(objectId),
  comment: optional(comment),
  "ignore-verified": optional(boolean),
  "max-depth": optional(namespaceDepth),
  ns: optional(namespace),
  "outdated-after": optional(integer(0)),
  "read-threads": optional(integer(1, 32)),
  schedule: optional(schedule),
  "verify-threads": optional(integer(1, 32)),
};

export const verifyJobEndpoints: readonly Endpoint[] = [
  { method: "GET", path: "/config/verify", permission: "anybody", parameters: {}, run: list },
  { method: "POST", path: "/config/verify", permission: "anybody", parameters: JOB, run: create },
  { method: "GET", path: "/config/verify/:id", permission: "anybody", parameters: { id: required(objectId) }, run: read },
  {
    method: "PUT",
    path: "/config/verify/:id",
    permission: "anybody",
    parameters: {
      ...allOptional(without(JOB, "id")),
      id: required(objectId),
      ...changeParameters(...Object.keys(without(JOB, "id", "store"))),
    },
    run: update,
  },
  { method: "DELETE", path: "/config/verify/:id", permission: "anybody", parameters: removal("id", objectId), run: remove },
  { method: "GET", path: "/admin/verify", permission: "anybody", parameters: { store: optional(objectId) }, run: status },
  { method: "POST", path: "/admin/verify/:id/run", permission: "anybody", parameters: { id: required(objectId) }, run },
];

export const verifyJobWorkers: Readonly<Record<string, Worker>> = { verificationjob: finish };

const runKey = (id: string): string => `verificationjob:${id}`;

function digest(state: Readonly<PbsState>): string {
  return digestOf(state.verifyJobs, "id");
}

function pathOf(job: Values): readonly string[] {
  return namespacePath(String(job.store), String(job.ns ?? ""));
}

function visibleJobs({ state, caller, parameters }: Call): Values[] {
  return valuesOf(state.verifyJobs, "verification").filter(
    (job) =>
      caller.hasAny(pathOf(job), "Datastore.Audit", "Datastore.Verify") &&
      (parameters.store === undefined || job.store === parameters.store),
  );
}

function list(call: Call): Answer {
  return { data: visibleJobs(call), digest: digest(call.state) };
}

function read({ state, caller, parameters }: Call): Answer {
  const job = lookUp(state.verifyJobs, "verification", String(parameters.id));
  caller.check(pathOf(job), "Datastore.Audit", "Datastore.Verify");
  return { data: job, digest: digest(state) };
}

/** The job that a call names. @throws Refusal where there is none, or the caller may not touch it */
function existing({ state, caller, parameters }: Call): Values {
  const job = lookUp(state.verifyJobs, "verification", String(parameters.id));
  caller.check(pathOf(job), "Datastore.Verify");
  return job;
}

function create({ state, caller, server, parameters }: Call): Answer {
  caller.check(pathOf(parameters), "Datastore.Verify");
  const id = String(parameters.id);
  if (Object.hasOwn(state.verifyJobs, id)) refuseParameter("id", `job '${id}' already exists.`);
  server.change((draft) => {
    draft.verifyJobs = { ...draft.verifyJobs, [id]: { type: "verification", values: parameters } };
    draft.jobRuns = { ...draft.jobRuns, [runKey(id)]: createdRun(Math.floor(server.now() / 1000)) };
  });
  return DONE;
}

function update(call: Call): Answer {
  const { caller, server, parameters } = call;
  const { id, delete: deleted, digest: given, ns, ...options } = parameters;
  checkDigest(given, digest(call.state));
  const job = existing(call);
  // The root namespace given here changes nothing: it is unset by `delete` only.
  const place = ns === undefined || ns === "" ? {} : { ns };
  const values = changed(job, deleted, { ...options, ...trimmed(options.comment), ...place });
  caller.check(pathOf(values), "Datastore.Verify");
  server.change((draft) => {
    draft.verifyJobs = { ...draft.verifyJobs, [String(id)]: { type: "verification", values } };
    if (values.schedule !== job.schedule) resetSchedule(draft, runKey(String(id)), Math.floor(server.now() / 1000));
  });
  return DONE;
}

function remove(call: Call): Answer {
  const { server, parameters } = call;
  existing(call);
  checkDigest(parameters.digest, digest(call.state));
  const id = String(parameters.id);
  server.change((draft) => {
    const { [id]: _removed, ...rest } = draft.verifyJobs;
    draft.verifyJobs = rest;
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

function run(call: Call): Answer {
  const { state, caller, server } = call;
  const job = existing(call);
  const store = String(job.store);
  storeContent(state, store, "read");
  const id = `${store}:${String(job.id)}`;
  const upid = server.startTask(caller.authId, { type: "verificationjob", id, work: job, durationMs: server.timing.taskMs });
  server.change((draft) => beginRun(draft, runKey(String(job.id)), upid, Math.floor(server.now() / 1000)));
  return { data: upid };
}

function finish(draft: PbsState, task: Task, work: Values, nowMs: number): Outcome {
  const { status: state, log } = verify(draft, task, work, nowMs);
  endRun(draft, runKey(String(work.id)), task.upid, Math.floor(nowMs / 1000), state);
  return { status: state, log: [`Starting datastore verify job '${task.id}'`, ...log] };
}
