import { isToken, tokenNameOf, userOf } from "./auth-id";
import { type Answer, type Call, DONE } from "./call";
import type { Caller } from "./caller";
import type { Endpoint } from "./endpoint";
import { refuse } from "./refusal";
import { arrayOf, boolean, integer, oneOf, optional, type ParameterTable, required, text, type Values } from "./schema";
import type { Task } from "./task";
import { node, objectId, upid } from "./types";

const TASK: ParameterTable = { node: required(node), upid: required(upid) };

export const taskEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/:node/tasks",
    permission: "anybody",
    parameters: {
      node: required(node),
      errors: optional(boolean),
      limit: optional(integer(0)),
      running: optional(boolean),
      since: optional(integer()),
      start: optional(integer(0)),
      statusfilter: optional(arrayOf(oneOf("ok", "warning", "error", "unknown"))),
      store: optional(objectId),
      typefilter: optional(text()),
      until: optional(integer()),
      userfilter: optional(text()),
    },
    run: list,
  },
  { method: "DELETE", path: "/nodes/:node/tasks/:upid", permission: "anybody", parameters: TASK, run: stop },
  { method: "GET", path: "/nodes/:node/tasks/:upid/status", permission: "anybody", parameters: TASK, run: status },
  {
    method: "GET",
    path: "/nodes/:node/tasks/:upid/log",
    permission: "anybody",
    parameters: {
      ...TASK,
      download: optional(boolean),
      limit: optional(integer(0)),
      start: optional(integer(0)),
      "test-status": optional(boolean),
    },
    run: log,
  },
];

function list({ state, caller, parameters }: Call): Answer {
  const start = Number(parameters.start ?? 0);
  const limit = Number(parameters.limit ?? 50) || Number.POSITIVE_INFINITY;
  // Running tasks come first, then the others from the newest.
  const ordered = [...state.tasks.filter((task) => !task.end), ...state.tasks.filter((task) => task.end)];
  const found = ordered.filter((task) => isVisible(task, caller) && matches(task, parameters));
  const shown = found.slice(start, start + limit);
  // The product counts one more than it shows where there may be more.
  const total = shown.length + start + (shown.length > 0 && shown.length >= limit ? 1 : 0);
  return { data: shown.map(listItem), total };
}

function matches(task: Task, filters: Values): boolean {
  const { since, until, userfilter, typefilter, store, running, errors, statusfilter } = filters;
  if (typeof until === "number" && task.starttime > until) return false;
  if (typeof since === "number" && task.starttime < since) return false;
  if (typeof userfilter === "string" && !task.authId.includes(userfilter)) return false;
  if (typeof typefilter === "string" && !task.type.includes(typefilter)) return false;
  if (typeof store === "string" && !isOfStore(task, store)) return false;
  if (running === true && task.end !== undefined) return false;
  if (errors === true && task.end?.status === "OK") return false;
  if (Array.isArray(statusfilter) && (task.end === undefined || !statusfilter.includes(kindOf(task.end.status)))) return false;
  return true;
}

function isOfStore({ type, id }: Task, store: string): boolean {
  const isJob = type.startsWith("verif") || ["prune", "prunejob", "backup", "garbage_collection"].includes(type);
  if (isJob) return id === store || id.startsWith(`${store}:`);
  return type === "syncjob" && id.split(":")[2] === store;
}

function kindOf(status: string): string {
  if (status === "OK") return "ok";
  if (status === "unknown") return "unknown";
  return status.startsWith("WARNINGS") ? "warning" : "error";
}

function listItem(task: Task) {
  return {
    upid: task.upid,
    node: "localhost",
    pid: task.pid,
    pstart: task.pstart,
    starttime: task.starttime,
    worker_type: task.type,
    worker_id: task.id,
    user: task.authId,
    ...(task.end === undefined ? {} : { endtime: task.end.endtime, status: task.end.status }),
  };
}

function status({ state, server, caller, parameters }: Call): Answer {
  const task = visible(find(state.tasks, parameters), caller);
  const token = tokenNameOf(task.authId);
  return {
    data: {
      upid: task.upid,
      node: server.name,
      pid: task.pid,
      pstart: task.pstart,
      starttime: task.starttime,
      type: task.type,
      id: task.id,
      user: userOf(task.authId),
      ...(token === undefined ? {} : { tokenid: token }),
      ...(task.end === undefined
        ? { status: "running" }
        : { status: "stopped", exitstatus: task.end.status, endtime: task.end.endtime }),
    },
  };
}

function log({ state, caller, parameters }: Call): Answer {
  const task = visible(find(state.tasks, parameters), caller);
  const { start, limit, download, "test-status": test } = parameters;
  if (download === true) refuse("the lab keeps no task log to download");
  const first = Math.max(Number(start ?? 0), 1);
  const count = Number(limit ?? 50) || task.log.length;
  const data = task.log.map((t, index) => ({ n: index + 1, t })).slice(first - 1, first - 1 + count);
  return { data, success: 1, total: task.log.length, ...(test === true ? { active: task.end === undefined } : {}) };
}

/** Everything of the lab is done in a moment; there is nothing to stop. */
function stop({ state, caller, parameters }: Call): Answer {
  const task = find(state.tasks, parameters);
  if (task.authId !== caller.authId) caller.check(["system", "tasks"], "Sys.Modify");
  return DONE;
}

function find(tasks: readonly Task[], parameters: Values): Task {
  return tasks.find((task) => task.upid === parameters.upid) ?? refuse("No such file or directory (os error 2)");
}

function visible(task: Task, caller: Caller): Task {
  return isVisible(task, caller) ? task : refuse("task access not allowed");
}

/** One's own tasks, those of one's tokens, and those of jobs that one could have started. */
function isVisible(task: Task, caller: Caller): boolean {
  if (caller.authId === task.authId || (isToken(task.authId) && userOf(task.authId) === caller.authId)) return true;
  if (caller.hasAny(["system", "tasks"], "Sys.Audit")) return true;
  const [store = ""] = task.id.split(":");
  if (task.type === "verificationjob") return caller.hasAny(["datastore", store], "Datastore.Verify");
  const isCleaning = ["garbage_collection", "prune", "prunejob"].includes(task.type);
  return isCleaning && caller.hasAny(["datastore", store], "Datastore.Modify");
}
