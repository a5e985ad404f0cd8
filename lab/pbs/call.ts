import type { LabTiming } from "../timing";
import type { Caller } from "./caller";
import type { Values } from "./schema";
import type { PbsState } from "./state";
import type { TaskRequest } from "./task";

/** What a handler works with: the checked parameters, who calls, and the state before the call. */
export interface Call {
  readonly parameters: Values;
  readonly caller: Caller;
  readonly state: Readonly<PbsState>;
  readonly server: PbsServer;
}

/** What a call needs of the server it runs on. */
export interface PbsServer {
  /** Name of the node. */
  readonly name: string;
  readonly timing: LabTiming;
  /** PEM of the certificate that the server presents. */
  readonly certificate: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Changes the state on disk; all or nothing. */
  change<Result>(change: (draft: PbsState) => Result): Result;
  /** Starts a worker. @returns its UPID */
  startTask(authId: string, request: TaskRequest): string;
}

/** The body of an answer: `data`, and what the product puts beside it. */
export interface Answer {
  readonly data: unknown;
  readonly digest?: string;
  readonly [attribute: string]: unknown;
}

export const DONE: Answer = { data: null };
