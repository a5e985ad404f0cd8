import { randomUUID } from "node:crypto";
import { EMPTY_CHUNK_STORE } from "./chunk-store";
import { createdRun } from "./job-runs";
import type { Values } from "./schema";
import { valuesOf } from "./sections";
import type { PbsState } from "./state";
import type { Outcome } from "./task";
import type { Worker } from "./task-queue";
import { KEEP } from "./types";

/** Folders of the operating system: never empty. */
const SYSTEM_FOLDERS = [
  "/bin",
  "/boot",
  "/dev",
  "/etc",
  "/home",
  "/lib",
  "/proc",
  "/root",
  "/run",
  "/sbin",
  "/sys",
  "/tmp",
  "/usr",
  "/var",
];

export const datastoreWorkers: Readonly<Record<string, Worker>> = {
  "create-datastore": finishCreation,
  "delete-datastore": finishRemoval,
};

/** What the worker fails with, if it does. */
export function creationFault(state: Readonly<PbsState>, work: Values): string | undefined {
  const path = normal(String(work.path));
  const name = String(work.name);
  if (work["backing-device"] !== undefined) return "mounting to tmp path failed: no such device";
  if (path === "/") return "cannot create datastore in root path";
  const nested = valuesOf(state.datastores, "datastore").find((other) => {
    const theirs = normal(String(other.path));
    return isWithin(path, theirs) || isWithin(theirs, path);
  });
  if (nested !== undefined) {
    const text = `nested datastores not allowed: '${path}' already in '${normal(String(nested.path))}'`;
    return `parameter verification failed - 'path': ${text}`;
  }
  const exists = Object.hasOwn(state.chunkStores, path);
  const chunks = `"${path}/.chunks"`;
  if (work["reuse-datastore"] === true) {
    return exists ? undefined : `unable to open chunk store at ${chunks} - No such file or directory (os error 2)`;
  }
  const isOccupied =
    SYSTEM_FOLDERS.includes(path) || Object.keys(state.chunkStores).some((other) => other !== path && isWithin(other, path));
  if (isOccupied || holdsVisibleFiles(state, path)) return "datastore path not empty";
  return exists
    ? `unable to create chunk store '${name}' subdir ${chunks} - unable to create directory ${chunks} - EEXIST: File exists`
    : undefined;
}

/** Only what does not begin with a dot counts: backups and namespaces do, the chunks do not. */
function holdsVisibleFiles(state: Readonly<PbsState>, path: string): boolean {
  return (state.chunkStores[path]?.groups.length ?? 0) > 0 || (state.chunkStores[path]?.namespaces.length ?? 0) > 0;
}

function finishCreation(draft: PbsState, task: { readonly starttime: number }, work: Values): Outcome {
  const fault = creationFault(draft, work);
  if (fault !== undefined) return { status: fault, log: [] };
  const { "reuse-datastore": reuse, "prune-schedule": pruneSchedule, ...given } = work;
  const keep = Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(KEEP, name)));
  const values = Object.fromEntries(Object.entries(given).filter(([name]) => !Object.hasOwn(KEEP, name)));
  const name = String(given.name);
  const path = normal(String(given.path));
  const hasPruneJob = valuesOf(draft.pruneJobs, "prune").some((job) => job.store === name);
  draft.datastores = { ...draft.datastores, [name]: { type: "datastore", values } };
  if (reuse !== true) draft.chunkStores = { ...draft.chunkStores, [path]: EMPTY_CHUNK_STORE };
  if (pruneSchedule !== undefined && (Object.keys(keep).length > 0 || !hasPruneJob)) {
    const id = `default-${name}-${randomUUID()}`.slice(0, 32);
    draft.pruneJobs = {
      ...draft.pruneJobs,
      [id]: { type: "prune", values: { id, store: name, schedule: pruneSchedule, ...keep } },
    };
    draft.jobRuns = { ...draft.jobRuns, [`prunejob:${id}`]: createdRun(task.starttime) };
  }
  const created = reuse === true ? [] : Array.from({ length: 99 }, (_, percent) => `Chunkstore create: ${percent + 1}%`);
  return { status: "OK", log: [...created, "Access time update check successful."] };
}

function finishRemoval(draft: PbsState, _task: unknown, work: Values): Outcome {
  const name = String(work.name);
  const store = draft.datastores[name]?.values;
  if (store === undefined) return { status: `no such datastore '${name}'`, log: [] };
  const { [name]: _removed, ...datastores } = draft.datastores;
  draft.datastores = datastores;
  const { [name]: _collection, ...collections } = draft.collections;
  draft.collections = collections;
  if (work["destroy-data"] === true) {
    const { [normal(String(store.path))]: _data, ...chunkStores } = draft.chunkStores;
    draft.chunkStores = chunkStores;
  }
  return { status: "OK", log: [] };
}

/** A path without repeated or final slashes. */
export function normal(path: string): string {
  return `/${path
    .split("/")
    .filter((part) => part !== "")
    .join("/")}`;
}

function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}/`);
}
