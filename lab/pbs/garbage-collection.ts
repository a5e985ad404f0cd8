import { nextEvent, parseCalendarEvent } from "../calendar-event";
import type { Answer, Call } from "./call";
import type { ChunkStore } from "./chunk-store";
import { storeContent } from "./content";
import { isListed } from "./datastore-status";
import type { Endpoint } from "./endpoint";
import { optional, required, type Value, type Values } from "./schema";
import { lookUp } from "./sections";
import type { PbsState } from "./state";
import type { Outcome, Task } from "./task";
import type { Worker } from "./task-queue";
import { objectId } from "./types";

const CHUNK_BYTES = 4 * 1024 ** 2;
const NOTHING_REMOVED = {
  "pending-bytes": 0,
  "pending-chunks": 0,
  "removed-bad": 0,
  "removed-bytes": 0,
  "removed-chunks": 0,
  "still-bad": 0,
};
const NEVER_RUN = { ...NOTHING_REMOVED, "disk-bytes": 0, "disk-chunks": 0, "index-data-bytes": 0, "index-file-count": 0 };

export const collectionEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/admin/datastore/:store/gc",
    permission: { on: "/datastore/{store}", all: ["Datastore.Audit"] },
    parameters: { store: required(objectId) },
    run: (call) => ({ data: status(call, String(call.parameters.store)) }),
  },
  {
    method: "POST",
    path: "/admin/datastore/:store/gc",
    permission: { on: "/datastore/{store}", all: ["Datastore.Modify"] },
    parameters: { store: required(objectId) },
    run: start,
  },
  { method: "GET", path: "/admin/gc", permission: "anybody", parameters: { store: optional(objectId) }, run: list },
  { method: "GET", path: "/admin/gc/:store", permission: "anybody", parameters: { store: optional(objectId) }, run: list },
];

export const collectionWorkers: Readonly<Record<string, Worker>> = { garbage_collection: finish };

function list(call: Call): Answer {
  const { store } = call.parameters;
  if (store !== undefined) return { data: [status(call, String(store))] };
  const stores = Object.keys(call.state.datastores).filter((name) => isListed(call.caller, name, call.state));
  return { data: stores.map((name) => status(call, name)) };
}

function status({ state, server }: Call, store: string): Record<string, Value | object> {
  const schedule = lookUp(state.datastores, "datastore", store)["gc-schedule"];
  storeContent(state, store, "read");
  const last = state.collections[store];
  const since = last === undefined ? Math.floor(server.now() / 1000) : Number(last["last-run-endtime"]);
  const next = typeof schedule === "string" ? nextEvent(parseCalendarEvent(schedule), since, state.timezone) : undefined;
  return {
    store,
    ...(schedule === undefined ? {} : { schedule }),
    ...(next === undefined ? {} : { "next-run": next }),
    ...(last === undefined
      ? NEVER_RUN
      : { ...NOTHING_REMOVED, ...last, "cache-stats": { hits: 0, misses: Number(last["disk-chunks"]) } }),
  };
}

function start({ state, caller, server, parameters }: Call): Answer {
  const store = String(parameters.store);
  storeContent(state, store, "write");
  const request = { type: "garbage_collection", id: store, work: { store }, durationMs: server.timing.taskMs };
  return { data: server.startTask(caller.authId, request) };
}

/** Nothing of the lab grows old enough to be removed: chunks are kept for a day after their last use. */
function finish(draft: PbsState, task: Task, work: Values, nowMs: number): Outcome {
  const store = String(work.store);
  const endtime = Math.floor(nowMs / 1000);
  const usage = usageOf(storeContent(draft, store, "read"));
  const collection = {
    ...usage,
    upid: task.upid,
    duration: endtime - task.starttime,
    "last-run-endtime": endtime,
    "last-run-state": "OK",
  };
  draft.collections = { ...draft.collections, [store]: collection };
  const log = [
    `starting garbage collection on store ${store}`,
    "Start GC phase1 (mark used chunks)",
    "Start GC phase2 (sweep unused chunks)",
    "Removed garbage: 0 B",
    "Removed chunks: 0",
    `Original data usage: ${usage["index-data-bytes"]} B`,
    `On-Disk chunks: ${usage["disk-chunks"]}`,
  ];
  return { status: "OK", log };
}

function usageOf({ groups }: ChunkStore) {
  const files = groups.flatMap((group) =>
    group.snapshots.flatMap((snapshot) => snapshot.files.map((file) => ({ group, ...file }))),
  );
  const indexes = files.filter(({ filename }) => /\.[fd]idx$/.test(filename));
  // Snapshots of one disk share nearly all of their chunks.
  const disks = new Map(indexes.map(({ group, filename, size }) => [`${group.ns}/${group.type}/${group.id}/${filename}`, size]));
  const bytes = [...disks.values()].reduce((sum, size) => sum + size, 0);
  return {
    "index-file-count": indexes.length,
    "index-data-bytes": indexes.reduce((sum, { size }) => sum + size, 0),
    "disk-bytes": bytes,
    "disk-chunks": [...disks.values()].reduce((sum, size) => sum + Math.ceil(size / CHUNK_BYTES), 0),
  };
}
