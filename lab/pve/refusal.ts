/**
 * What the real product answers when it refuses a call. Its error text ends with a line feed; the reason phrase is the
 * first line of it.
 */
export class Refusal extends Error {
  constructor(
    /** Text without its closing line feed. */
    readonly text: string,
    /** Absent: an untyped error, which the product answers with 500. */
    readonly code?: number,
    readonly errors?: Readonly<Record<string, string>>,
  ) {
    super(text);
  }

  get status(): number {
    return this.code ?? 500;
  }

  /** How the product writes a typed error into the text of another one: code, text, one line for each parameter. */
  stringified(): string {
    const head = this.code === undefined ? this.text : `${this.code} ${this.text}`;
    const lines = Object.entries(this.errors ?? {}).map(([name, text]) => `\n${name}: ${text.replace(/\n$/, "")}`);
    return head + lines.join("");
  }
}

/** 500 with this text. */
export function refuse(text: string): never {
  throw new Refusal(text);
}

/** 400 `Parameter verification failed.` with the fault of each parameter. */
export function refuseParameters(errors: Readonly<Record<string, string>>): never {
  throw new Refusal("Parameter verification failed.", 400, errors);
}

/** 403. @param what path and privileges that were missing */
export function refusePermission(what?: string): never {
  throw new Refusal(what === undefined ? "Permission check failed" : `Permission check failed (${what})`, 403);
}

/**
 * Runs a change under one of the product's configuration locks: the lock turns every error into plain text behind its own
 * prefix, so that a typed 400 becomes a 500.
 */
export function underLock<Result>(prefix: string | undefined, change: () => Result): Result {
  try {
    return change();
  } catch (error) {
    throw relabelled(prefix, error);
  }
}

/** As {@link underLock}, for a change that waits for another machine. */
export async function underLockAsync<Result>(prefix: string, change: () => Promise<Result>): Promise<Result> {
  try {
    return await change();
  } catch (error) {
    throw relabelled(prefix, error);
  }
}

function relabelled(prefix: string | undefined, error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  return new Refusal(prefix === undefined ? error.stringified() : `${prefix}: ${error.stringified()}`);
}
