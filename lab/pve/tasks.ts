import { tokenParts } from "./acl";
import { type Call, del, type Endpoint, get } from "./endpoint";
import { refuseParameters } from "./refusal";
import type { Task } from "./state";
import { flag, integer, NODE, text, VMID } from "./table";
import { isRunning } from "./workers";

const UPID = text();
const COUNT = integer({ minimum: 0 });
const LIST = {
  node: NODE,
  "start?": COUNT,
  "limit?": COUNT,
  "userfilter?": text(),
  "typefilter?": text(),
  "vmid?": VMID,
  "errors?": flag(),
  "source?": text({ enum: ["archive", "active", "all"] }),
  "since?": integer(),
  "until?": integer(),
  "statusfilter?": text({ format: "pve-task-status-type-list" }),
};

/** Workers: their list, state and log. */
export function taskEndpoints(): Endpoint[] {
  const one = { node: NODE, upid: UPID };
  return [
    get("/nodes/{node}/tasks", "all", LIST, listTasks),
    get("/nodes/{node}/tasks/{upid}", "all", one, () => [{ name: "log" }, { name: "status" }]),
    del("/nodes/{node}/tasks/{upid}", "all", one, stopTask),
    get("/nodes/{node}/tasks/{upid}/status", "all", one, readStatus),
    get("/nodes/{node}/tasks/{upid}/log", "all", { ...one, "start?": COUNT, "limit?": COUNT, "download?": flag() }, readLog),
  ];
}

/** The product shows the user and the name of its token apart. */
function shownTask(task: Task): Record<string, string | number> {
  const { endsAt: _e, exitstatus: _x, log: _l, ...rest } = task;
  const parts = tokenParts(task.user);
  return parts === undefined ? rest : { ...rest, user: parts.user, tokenid: parts.token };
}

/** A token sees its own workers, a user also those of its tokens. */
function isOwn(task: Task, caller: string): boolean {
  return task.user === caller || tokenParts(task.user)?.user === caller;
}

function statusType(status: string): string {
  if (status === "OK") return "ok";
  if (/^WARNINGS: \d+$/.test(status)) return "warning";
  return status === "unexpected status" ? "unknown" : "error";
}

function listTasks(call: Call): unknown {
  const node = call.text("node");
  const isAuditor = call.caller.has(`/nodes/${node}`, "Sys.Audit");
  const now = call.pve.now();
  const source = call.maybe("source") ?? "archive";
  const user = call.maybe("userfilter")?.toLowerCase();
  const kinds = call.items("statusfilter").map((kind) => kind.toLowerCase());
  const matches = (task: Task) => {
    const running = isRunning(task, now);
    const kind = statusType(task.exitstatus);
    return (
      task.node === node &&
      (isAuditor || isOwn(task, call.caller.id)) &&
      (source === "all" || running === (source === "active")) &&
      (user === undefined || task.user.toLowerCase().includes(user)) &&
      (call.maybe("typefilter") ?? task.type) === task.type &&
      (call.maybe("vmid") ?? task.id) === task.id &&
      task.starttime >= (call.number("since") ?? 0) &&
      task.starttime <= (call.number("until") ?? Number.MAX_SAFE_INTEGER) &&
      (running || call.flag("errors") !== true || kind !== "ok") &&
      (running || call.flag("errors") === true || kinds.length === 0 || kinds.includes(kind))
    );
  };
  const found = call.pve.state.tasks.filter(matches).reverse();
  call.total = found.length;
  const start = call.number("start") ?? 0;
  return found.slice(start, start + (call.number("limit") ?? 50)).map((task) => listed(task, now));
}

function listed(task: Task, now: number): Record<string, string | number> {
  const ended = isRunning(task, now)
    ? { status: "RUNNING" }
    : { endtime: Math.floor((task.endsAt ?? 0) / 1000), status: task.exitstatus };
  return { ...shownTask(task), ...ended };
}

/** The recent workers of all nodes. */
export function listClusterTasks(call: Call): unknown {
  const mayAll = call.caller.has("/", "Sys.Audit");
  const now = call.pve.now();
  return call.pve.state.tasks
    .filter((task) => mayAll || isOwn(task, call.caller.id))
    .slice(-25)
    .reverse()
    .map((task) => {
      const { status, ...entry } = listed(task, now);
      return status === "RUNNING" ? entry : { ...entry, status };
    });
}

function existingTask(call: Call, privilege: string): Task {
  const upid = call.text("upid");
  if (!/^UPID:[^:]+(:[0-9A-F]{8}){3}:[^:]+:[^:]*:[^:]+:$/.test(upid)) refuseParameters({ upid: "unable to parse worker upid" });
  const task = call.pve.state.tasks.find((one) => one.upid === upid);
  if (task === undefined) refuseParameters({ upid: "no such task" });
  if (!isOwn(task, call.caller.id)) call.caller.demand(`/nodes/${call.text("node")}`, privilege);
  return task;
}

function readStatus(call: Call): unknown {
  const task = existingTask(call, "Sys.Audit");
  const state = isRunning(task, call.pve.now()) ? { status: "running" } : { status: "stopped", exitstatus: task.exitstatus };
  return { ...shownTask(task), ...state };
}

function readLog(call: Call): unknown {
  const task = existingTask(call, "Sys.Audit");
  const lines = isRunning(task, call.pve.now()) ? task.log.slice(0, -1) : task.log;
  call.total = lines.length;
  const start = call.number("start") ?? 0;
  return lines.map((t, index) => ({ n: index + 1, t })).slice(start, start + (call.number("limit") ?? 50));
}

/** Workers of the lab are short; a stop is taken and comes too late. */
function stopTask(call: Call): void {
  existingTask(call, "Sys.Modify");
}
