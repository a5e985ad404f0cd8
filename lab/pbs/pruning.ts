import { privilegesOn } from "./acl-tree";
import type { Answer, Call } from "./call";
import { depthOf, type Group, isWithin, namespacePath } from "./chunk-store";
import { accessGroup, changeGroups, GROUP, groupKey, owns, sameGroup, storeContent, timeText } from "./content";
import type { Endpoint } from "./endpoint";
import { keepsSomething, marks } from "./retention";
import { boolean, optional, required, type Values } from "./schema";
import type { PbsState } from "./state";
import type { Outcome, Task } from "./task";
import type { Worker } from "./task-queue";
import { KEEP, namespace, namespaceDepth, objectId } from "./types";

const DEEPEST = 7;

export const pruneEndpoints: readonly Endpoint[] = [
  {
    method: "POST",
    path: "/admin/datastore/:store/prune",
    permission: "anybody",
    parameters: { ...GROUP, ...KEEP, "dry-run": optional(boolean), "use-task": optional(boolean) },
    run: pruneGroup,
  },
  {
    method: "POST",
    path: "/admin/datastore/:store/prune-datastore",
    permission: "anybody",
    parameters: {
      store: required(objectId),
      ns: optional(namespace),
      "max-depth": optional(namespaceDepth),
      "dry-run": optional(boolean),
      ...KEEP,
    },
    run: pruneDatastore,
  },
];

export const pruneWorkers: Readonly<Record<string, Worker>> = { prune: finishPrune };

function pruneGroup(call: Call): Answer {
  const { state, server, caller, parameters } = call;
  const group = accessGroup(call, "write", ["Datastore.Modify"], "Datastore.Prune");
  const found = marks(group.snapshots, parameters, state.timezone);
  const data = found.map(({ snapshot, mark }) => ({
    "backup-id": group.id,
    "backup-time": snapshot.time,
    "backup-type": group.type,
    keep: mark !== "remove",
    protected: mark === "protected",
    ...(group.ns === "" ? {} : { ns: group.ns }),
  }));
  if (parameters["dry-run"] === true) return { data };
  const store = String(parameters.store);
  const id = `${store}:${group.ns}:${group.type}/${group.id}`;
  const { type, id: groupId } = groupKey(parameters);
  const work = { ...parameters, ns: group.ns, "max-depth": 0, "group-type": type, "group-id": groupId };
  const durationMs = parameters["use-task"] === true ? server.timing.taskMs : 0;
  const upid = server.startTask(caller.authId, { type: "prune", id, work, durationMs });
  return { data: parameters["use-task"] === true ? upid : data };
}

function pruneDatastore({ state, server, caller, parameters }: Call): Answer {
  const store = String(parameters.store);
  const ns = String(parameters.ns ?? "");
  caller.check(namespacePath(store, ns), "Datastore.Modify", "Datastore.Prune");
  storeContent(state, store, "write");
  const request = { type: "prune", id: `${store}:${ns}`, work: parameters, durationMs: server.timing.taskMs };
  return { data: server.startTask(caller.authId, request) };
}

function finishPrune(draft: PbsState, task: Task, work: Values): Outcome {
  return { status: "OK", log: prune(draft, task.authId, work) };
}

/**
 * Prunes the groups of a namespace, and of those below it as deep as `max-depth` says.
 * @param work `store`, `ns`, `max-depth`, the `keep-*` counts, and for one group alone `group-type` and `group-id`
 * @returns what the task's log says
 */
export function prune(draft: PbsState, authId: string, work: Values): string[] {
  const store = String(work.store);
  const ns = String(work.ns ?? "");
  const depth = Number(work["max-depth"] ?? DEEPEST);
  const log = [
    `Starting datastore prune on datastore '${store}'${ns === "" ? ", root namespace" : `, namespace '${ns}'`}, ${depthText(depth)}`,
  ];
  if (work["dry-run"] === true) log.push("(dry test run)");
  log.push(keepsSomething(work) ? `retention options: ${optionsText(work, ns)}` : "No prune selection - keeping all files.");
  changeGroups(draft, store, (group) => {
    const isMeant =
      work["group-id"] === undefined
        ? isWithin(group.ns, ns) && depthOf(group.ns) - depthOf(ns) <= depth
        : sameGroup(group, { ns, type: group.type, id: String(work["group-id"]) }) && group.type === work["group-type"];
    if (!isMeant || !mayPrune(draft, authId, store, group)) return group;
    log.push(`Pruning group ${group.ns}:"${group.type}/${group.id}"`);
    const found = marks(group.snapshots, work, draft.timezone);
    for (const { snapshot, mark } of found) {
      const word = mark === "protected" ? "keep protected" : mark;
      log.push(`${work["dry-run"] === true ? "would " : ""}${word} ${group.type}/${group.id}/${timeText(snapshot.time)}`);
    }
    if (work["dry-run"] === true) return group;
    const snapshots = found.filter(({ mark }) => mark !== "remove").map(({ snapshot }) => snapshot);
    return snapshots.length === 0 ? undefined : { ...group, snapshots };
  });
  return log;
}

/** Any group with Datastore.Modify, one's own with Datastore.Prune. */
function mayPrune(state: Readonly<PbsState>, authId: string, store: string, group: Group): boolean {
  const granted = privilegesOn(state.acl, authId, namespacePath(store, group.ns));
  return granted.has("Datastore.Modify") || (granted.has("Datastore.Prune") && owns(authId, group.owner));
}

function depthText(depth: number): string {
  if (depth >= DEEPEST) return "down to full depth";
  return depth > 0 ? `to depth ${depth}` : "non-recursive";
}

function optionsText(work: Values, ns: string): string {
  const keep = Object.keys(KEEP).flatMap((rule) => (work[rule] === undefined ? [] : [`--${rule} ${String(work[rule])}`]));
  const depth = work["max-depth"] === undefined ? [] : [`--max-depth ${String(work["max-depth"])}`];
  return [...(ns === "" ? [] : [`--ns ${ns}`]), ...depth, ...keep].join(" ");
}
