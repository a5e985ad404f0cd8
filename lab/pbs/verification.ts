import { privilegesOn } from "./acl-tree";
import type { Answer, Call } from "./call";
import { depthOf, type Group, isWithin, namespacePath, type Snapshot } from "./chunk-store";
import {
  BACKUP_ID,
  BACKUP_TIME,
  BACKUP_TYPE,
  changeGroups,
  checkOwner,
  groupKey,
  isLimited,
  owns,
  sameGroup,
  storeContent,
  timeText,
} from "./content";
import type { Endpoint } from "./endpoint";
import { refuse } from "./refusal";
import { boolean, integer, optional, required, type Values } from "./schema";
import type { PbsState } from "./state";
import type { Outcome, Task } from "./task";
import type { Worker } from "./task-queue";
import { namespace, namespaceDepth, objectId } from "./types";

const DEEPEST = 7;
const DAY_S = 24 * 60 * 60;

export const verificationEndpoints: readonly Endpoint[] = [
  {
    method: "POST",
    path: "/admin/datastore/:store/verify",
    permission: "anybody",
    parameters: {
      store: required(objectId),
      ns: optional(namespace),
      "backup-type": optional(BACKUP_TYPE),
      "backup-id": optional(BACKUP_ID),
      "backup-time": optional(BACKUP_TIME),
      "ignore-verified": optional(boolean),
      "outdated-after": optional(integer(0)),
      "max-depth": optional(namespaceDepth),
      "read-threads": optional(integer(1, 32)),
      "verify-threads": optional(integer(1, 32)),
    },
    run: start,
  },
];

export const verificationWorkers: Readonly<Record<string, Worker>> = {
  verify,
  verify_group: verify,
  verify_snapshot: verify,
};

/** Verifies a snapshot, a group, or a namespace with all below it. */
function start(call: Call): Answer {
  const { state, caller, server, parameters } = call;
  const limited = isLimited(call, ["Datastore.Verify"], "Datastore.Backup");
  const store = String(parameters.store);
  const { groups } = storeContent(state, store, "read");
  const { "backup-type": type, "backup-id": id, "backup-time": time } = parameters;
  const ns = String(parameters.ns ?? "");
  const place = `${store}:${
    ns === ""
      ? ""
      : ns
          .split("/")
          .map((part) => `ns/${part}`)
          .join("/")
  }`;
  const isGroup = type !== undefined && id !== undefined;
  if (!isGroup && (type !== undefined || id !== undefined || time !== undefined)) {
    refuse("parameters do not specify a backup group or snapshot");
  }
  if (isGroup && limited) {
    const group = groups.find((one) => sameGroup(one, groupKey(parameters))) ?? refuse("No such file or directory (os error 2)");
    checkOwner(group.owner, caller.authId);
  }
  const [taskType, suffix] = !isGroup
    ? ["verify", ""]
    : time === undefined
      ? ["verify_group", `/${String(type)}/${String(id)}`]
      : ["verify_snapshot", `/${String(type)}/${String(id)}/${hex8(Number(time))}`];
  const taskId = isGroup ? `${place}${suffix}` : ns === "" ? store : place;
  const request = { type: taskType, id: taskId, work: parameters, durationMs: server.timing.taskMs };
  return { data: server.startTask(caller.authId, request) };
}

/** @param work `store`, `ns`, `max-depth`, `ignore-verified`, `outdated-after`, and what names a group or snapshot */
export function verify(draft: PbsState, task: Task, work: Values, nowMs: number): Outcome {
  const log: string[] = [];
  const store = String(work.store);
  changeGroups(draft, store, (group) => {
    if (!isMeant(draft, task, work, group)) return group;
    const snapshots = group.snapshots.map((snapshot) => {
      if (work["backup-time"] !== undefined && snapshot.time !== work["backup-time"]) return snapshot;
      const name = `${group.ns === "" ? "" : `${group.ns}/`}${group.type}/${group.id}/${timeText(snapshot.time)}`;
      if (isFresh(draft, snapshot, work, nowMs)) {
        log.push(`SKIPPED: verify ${store}:${name} (recently verified)`);
        return snapshot;
      }
      log.push(`verify ${store}:${name}`, ...snapshot.files.flatMap(checkLines));
      return { ...snapshot, verification: { upid: task.upid, state: "ok" as const } };
    });
    return { ...group, snapshots };
  });
  return { status: "OK", log };
}

function isMeant(state: Readonly<PbsState>, task: Task, work: Values, group: Group): boolean {
  const ns = String(work.ns ?? "");
  if (work["backup-id"] !== undefined) return sameGroup(group, { ...groupKey(work), ns });
  if (!isWithin(group.ns, ns) || depthOf(group.ns) - depthOf(ns) > Number(work["max-depth"] ?? DEEPEST)) return false;
  const granted = privilegesOn(state.acl, task.authId, namespacePath(String(work.store), group.ns));
  return granted.has("Datastore.Verify") || owns(task.authId, group.owner);
}

/** Whether a verification still counts: `ignore-verified` is on by default, and without `outdated-after` it counts for ever. */
function isFresh(state: Readonly<PbsState>, snapshot: Snapshot, work: Values, nowMs: number): boolean {
  if (work["ignore-verified"] === false || snapshot.verification === undefined) return false;
  const days = Number(work["outdated-after"] ?? 0);
  if (days === 0) return true;
  const verifiedAt = state.tasks.find((task) => task.upid === snapshot.verification?.upid)?.starttime ?? 0;
  return nowMs / 1000 - verifiedAt <= days * DAY_S;
}

function checkLines({ filename, size }: Snapshot["files"][number]): string[] {
  const isIndex = filename.endsWith(".fidx") || filename.endsWith(".didx");
  const mib = (size / 1024 ** 2).toFixed(2);
  const speed = `${mib}/${mib} MiB in 0.10 seconds, speed ${(size / 1024 ** 2 / 0.1).toFixed(2)}/${(size / 1024 ** 2 / 0.1).toFixed(2)} MiB/s`;
  return [`  check ${filename}`, ...(isIndex ? [`  verified ${speed} (0 errors)`] : [])];
}

function hex8(number: number): string {
  return number.toString(16).toUpperCase().padStart(8, "0");
}
