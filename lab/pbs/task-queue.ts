import { DateTime } from "luxon";
import type { Values } from "./schema";
import type { PbsState } from "./state";
import type { Outcome, Task, TaskRequest } from "./task";

/** Does the work of one type of task. @throws nothing: a failure is an outcome */
export type Worker = (draft: PbsState, task: Task, work: Values, nowMs: number) => Outcome;

/** Any process of the server has this start time; the product reads it from the kernel. */
const PROCESS_START = 156_472;

/** Adds a task that is under way. @returns its UPID */
export function addTask(draft: PbsState, node: string, authId: string, request: TaskRequest, nowMs: number): string {
  const starttime = Math.floor(nowMs / 1000);
  const { type, id } = request;
  const number = draft.nextTask++;
  const parts = [process.pid, PROCESS_START, number, starttime].map(hex8);
  const upid = `UPID:${[node, ...parts, type, escaped(id), authId].join(":")}:`;
  const pending = { work: request.work, due: nowMs + request.durationMs };
  const task: Task = { upid, pid: process.pid, pstart: PROCESS_START, starttime, type, id, authId, pending, log: [] };
  draft.tasks = [task, ...draft.tasks];
  return upid;
}

/** Whether any task is due. */
export function hasDueTask(state: Readonly<PbsState>, nowMs: number): boolean {
  return state.tasks.some((task) => task.pending !== undefined && task.pending.due <= nowMs);
}

/** Finishes every task that is due, the oldest first. */
export function finishDueTasks(draft: PbsState, workers: Readonly<Record<string, Worker>>, nowMs: number): void {
  for (const task of [...draft.tasks].reverse()) {
    if (task.pending === undefined || task.pending.due > nowMs) continue;
    const worker = workers[task.type];
    if (worker === undefined) throw new Error(`no worker for tasks of type ${task.type}`);
    const { status, log } = worker(draft, task, task.pending.work, nowMs);
    const endtime = Math.floor(task.pending.due / 1000);
    const stamp = DateTime.fromSeconds(endtime, { zone: draft.timezone }).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
    const last = status === "OK" || status.startsWith("WARNINGS") ? `TASK ${status}` : `TASK ERROR: ${status}`;
    const { pending: _pending, ...rest } = task;
    const done: Task = { ...rest, end: { endtime, status }, log: [...log, last].map((line) => `${stamp}: ${line}`) };
    draft.tasks = draft.tasks.map((other) => (other.upid === task.upid ? done : other));
  }
}

function hex8(number: number): string {
  return number.toString(16).toUpperCase().padStart(8, "0");
}

/** As systemd escapes the name of a unit, byte by byte. */
function escaped(id: string): string {
  return [...Buffer.from(id)]
    .map((byte, index) => {
      const char = String.fromCharCode(byte);
      if (char === "/") return "-";
      const plain = /[A-Za-z0-9_.]/.test(char) && !(index === 0 && char === ".");
      return plain ? char : `\\x${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
}
