import { UserError } from "../model";

/** 0 go on, 1 stop cleanly as soon as possible, 2 stop at once. */
export type CancelLevel = 0 | 1 | 2;

/** The user's wish to stop, as work in progress sees it. */
export interface Cancellation {
  readonly level: CancelLevel;
  /** @returns what ends the subscription */
  subscribe(listener: (level: CancelLevel) => void): () => void;
}

/** A cancellation that is asked for by calls: a signal of the terminal, a test. */
export class CancelSource implements Cancellation {
  #level: CancelLevel = 0;
  readonly #listeners = new Set<(level: CancelLevel) => void>();

  get level(): CancelLevel {
    return this.#level;
  }

  subscribe(listener: (level: CancelLevel) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The first call asks for a clean stop, the second for an immediate one; further calls repeat that. */
  cancel(): void {
    this.#level = this.#level === 0 ? 1 : 2;
    for (const listener of [...this.#listeners]) listener(this.#level);
  }
}

/** Stops that nobody asks for. */
export const NEVER_CANCELLED: Cancellation = { level: 0, subscribe: () => () => undefined };

/** @throws UserError when the user has asked to stop */
export function throwIfCancelled({ level }: Cancellation): void {
  if (level > 0) throw stopped();
}

/** Waits for work that may be left alone, such as reading, until it is done or the user asks to stop. */
export async function unlessCancelled<T>(cancellation: Cancellation, work: () => Promise<T>): Promise<T> {
  throwIfCancelled(cancellation);
  let unsubscribe = () => undefined as unknown;
  const cancelled = new Promise<never>((_, reject) => {
    unsubscribe = cancellation.subscribe(() => reject(stopped()));
  });
  try {
    return await Promise.race([work(), cancelled]);
  } finally {
    unsubscribe();
  }
}

const stopped = (): UserError =>
  new UserError({
    where: "command line",
    what: "stopped as you asked",
    why: "locks are released",
    repair: "run the same command again: it continues where it stopped",
  });

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Turns Ctrl-C and SIGTERM into a cancellation while the work runs, instead of ending this process under it. */
export async function withSignals<T>(work: (cancellation: Cancellation) => Promise<T>): Promise<T> {
  const source = new CancelSource();
  const cancel = () => source.cancel();
  for (const signal of SIGNALS) process.on(signal, cancel);
  try {
    return await work(source);
  } finally {
    for (const signal of SIGNALS) process.off(signal, cancel);
  }
}
