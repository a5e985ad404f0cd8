import { setTimeout as sleep } from "node:timers/promises";
import type { Hypervisor } from "./hypervisor";
import { Refusal } from "./refusal";
import type { Effect, PveState, Task } from "./state";

/** What a worker is started with. */
export interface Work {
  readonly node: string;
  readonly type: string;
  readonly id: string;
  /** Caller, with its token. */
  readonly user: string;
}

/** How many ended workers are remembered. */
const KEPT = 1000;

/**
 * Starts a worker whose outcome is known at once: its effect comes into being when it ends.
 * @returns the worker's id
 */
export function startWorker(pve: Hypervisor, work: Work, log: readonly string[], effect?: Effect, exitstatus = "OK"): string {
  return pve.update((draft) => {
    const at = pve.now() + pve.timing.taskMs;
    if (effect !== undefined) draft.pending.push({ at, effect });
    return record(pve, draft, work, { endsAt: at, exitstatus, log: closed(log, exitstatus) });
  });
}

/**
 * Starts a worker that has to ask another machine. A Refusal ends it with its text.
 * @returns the worker's id, at once
 */
export function runWorker(pve: Hypervisor, work: Work, run: (log: (line: string) => void) => Promise<void>): string {
  const upid = pve.update((draft) => record(pve, draft, work, { endsAt: null, exitstatus: "", log: [] }));
  const log: string[] = [];
  const end = (exitstatus: string) =>
    pve.update((draft) => {
      const task = draft.tasks.find((one) => one.upid === upid);
      if (task === undefined) return;
      task.endsAt = Math.max(pve.now(), task.starttime * 1000 + pve.timing.taskMs);
      task.exitstatus = exitstatus;
      task.log = closed(log, exitstatus);
    });
  // A worker is a process of its own: a call that follows at once comes before it has done anything.
  const started = sleep(pve.timing.taskMs / 10).then(() => run((line) => log.push(line)));
  started.then(
    () => end("OK"),
    (error: unknown) => end(error instanceof Refusal ? error.text : String(error)),
  );
  return upid;
}

/** Brings into being what ended workers have done. */
export function settle(pve: Hypervisor): void {
  const now = pve.now();
  if (!pve.state.pending.some(({ at }) => at <= now)) return;
  pve.update((draft) => {
    const due = draft.pending.filter(({ at }) => at <= now);
    draft.pending = draft.pending.filter(({ at }) => at > now);
    for (const { effect } of due) apply(draft, effect, now);
  });
}

export function isRunning(task: Task, now: number): boolean {
  return task.endsAt === null || task.endsAt > now;
}

function record(pve: Hypervisor, draft: PveState, work: Work, outcome: Pick<Task, "endsAt" | "exitstatus" | "log">): string {
  draft.sequence += 1;
  const pid = 800 + draft.sequence;
  const pstart = Math.floor((pve.now() - pve.bootedAt) / 10) + draft.sequence;
  const starttime = pve.seconds();
  const upid = `UPID:${work.node}:${hex(pid)}:${hex(pstart)}:${hex(starttime)}:${work.type}:${work.id}:${work.user}:`;
  draft.tasks.push({ upid, ...work, pid, pstart, starttime, ...outcome });
  draft.tasks = draft.tasks.slice(-KEPT);
  return upid;
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(8, "0");
}

function closed(log: readonly string[], exitstatus: string): string[] {
  return [...log, exitstatus === "OK" ? "TASK OK" : `TASK ERROR: ${exitstatus}`];
}

function apply(draft: PveState, effect: Effect, now: number): void {
  const guest = draft.guests[effect.vmid];
  if (effect.kind === "guest-created") draft.guests[effect.vmid] = effect.guest;
  else if (effect.kind === "guest-destroyed") destroy(draft, effect.vmid, effect.purge);
  else if (guest !== undefined) {
    guest.status = effect.status;
    guest.startedAt = now;
  }
}

/** Access entries and pool membership always go with a guest, its place in backup jobs only on demand. */
function destroy(draft: PveState, vmid: string, purge: boolean): void {
  delete draft.guests[vmid];
  draft.access.acl = draft.access.acl.filter(({ path }) => path !== `/vms/${vmid}`);
  for (const pool of Object.values(draft.pools)) pool.vms = pool.vms.filter((member) => String(member) !== vmid);
  if (!purge) return;
  for (const [id, job] of Object.entries(draft.jobs)) {
    for (const key of ["vmid", "exclude"]) {
      if (typeof job[key] !== "string") continue;
      const rest = job[key].split(",").filter((member) => member !== vmid);
      if (rest.length > 0) job[key] = rest.join(",");
      else if (key === "vmid") delete draft.jobs[id];
      else delete job[key];
    }
  }
}
