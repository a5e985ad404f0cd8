import { datastoreWorkers } from "./datastore-workers";
import { collectionWorkers } from "./garbage-collection";
import { pruneJobWorkers } from "./prune-jobs";
import { pruneWorkers } from "./pruning";
import { syncJobWorkers } from "./sync-jobs";
import type { Worker } from "./task-queue";
import { verificationWorkers } from "./verification";
import { verifyJobWorkers } from "./verify-jobs";

/** The work of every type of task. */
export const workers: Readonly<Record<string, Worker>> = {
  ...datastoreWorkers,
  ...collectionWorkers,
  ...pruneWorkers,
  ...pruneJobWorkers,
  ...verificationWorkers,
  ...verifyJobWorkers,
  ...syncJobWorkers,
};
