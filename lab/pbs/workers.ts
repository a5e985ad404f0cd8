import { datastoreWorkers } from "./datastores";
import type { Worker } from "./task";

/** The work of every type of task. */
export const workers: Readonly<Record<string, Worker>> = { ...datastoreWorkers };
