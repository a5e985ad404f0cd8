import type { Values } from "./schema";

/** Work that a call starts and does not wait for. */
export interface TaskRequest {
  /** `create-datastore`, `verificationjob` … */
  readonly type: string;
  /** What it is about, as the product names it: `proxmox-data:proxmox-data-verify`. */
  readonly id: string;
  /** What the worker needs; kept with the task, so that a restart finishes it. */
  readonly work: Values;
  /** Milliseconds that it takes. */
  readonly durationMs: number;
}

/** A task as the server keeps it. */
export interface Task {
  readonly upid: string;
  readonly pid: number;
  readonly pstart: number;
  /** Seconds since the epoch. */
  readonly starttime: number;
  readonly type: string;
  readonly id: string;
  readonly authId: string;
  /** Absent once it is done. */
  readonly pending?: { readonly work: Values /** Milliseconds since the epoch. */; readonly due: number };
  /** Present once it is done. */
  readonly end?: { readonly endtime: number; readonly status: string };
  readonly log: readonly string[];
}

/** How a worker ended: `OK`, or what went wrong. */
export interface Outcome {
  readonly status: string;
  readonly log: readonly string[];
}
