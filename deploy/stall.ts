import { type Cancellation, CancelSource } from "./cancellation";
import type { EngineDiagnostic, EngineEvent } from "./events";

/** How long the engine may wait for devices. The providers wait without an end. */
export interface Patience {
  /** Seconds without any sign of life. Default 60: a device that needs 30 s for each answer still gets through. */
  readonly silenceSeconds?: number;
  /** Seconds for one object. Default 1800: a backup server makes 65,536 directories for a datastore, on a slow disk too. */
  readonly objectSeconds?: number;
}

/** Between the request to stop and the end by force: the provider still waits for the device that does not answer. */
const FORCE_AFTER_MS = 5_000;

/** Stops an engine that a device keeps waiting for ever, and says which object it was waiting for. */
export class StallWatch {
  readonly #source = new CancelSource();
  readonly #unsubscribe: () => void;
  readonly #silenceMs: number;
  readonly #objectSeconds: number;
  readonly #open = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #verdict: EngineDiagnostic | undefined;

  /** @param graceSeconds time before the first sign of life, in which the engine may wait for a lock */
  constructor(user: Cancellation, { silenceSeconds = 60, objectSeconds = 1_800 }: Patience, graceSeconds: number) {
    this.#silenceMs = silenceSeconds * 1000;
    this.#objectSeconds = objectSeconds;
    this.#unsubscribe = user.subscribe(() => this.#source.cancel());
    for (let level = 0; level < user.level; level++) this.#source.cancel();
    this.#arm(graceSeconds * 1000);
  }

  /** For the engine: what the user asks for, or this watch. */
  get cancellation(): Cancellation {
    return this.#source;
  }

  /** Why the engine was stopped, where this watch did it. */
  get verdict(): EngineDiagnostic | undefined {
    return this.#verdict;
  }

  see(event: EngineEvent): void {
    if ("address" in event) {
      if (event.type === "refresh_start" || event.type === "apply_start") this.#open.add(event.address);
      if (/_(complete|errored)$/.test(event.type)) this.#open.delete(event.address);
      if (event.elapsedSeconds > this.#objectSeconds) this.#stop(this.#objectSeconds, event.address);
    }
    this.#arm(0);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#unsubscribe();
  }

  #arm(graceMs: number): void {
    if (this.#verdict !== undefined) return;
    clearTimeout(this.#timer);
    const [ms, seconds] = [this.#silenceMs + graceMs, (this.#silenceMs + graceMs) / 1000];
    this.#timer = setTimeout(() => this.#stop(seconds, this.#open.values().next().value), ms);
  }

  #stop(seconds: number, address: string | undefined): void {
    if (this.#verdict !== undefined) return;
    const summary = `no answer within ${seconds} s`;
    this.#verdict = {
      severity: "error",
      summary,
      detail: "timeout awaiting response",
      ...(address === undefined ? {} : { address }),
    };
    clearTimeout(this.#timer);
    this.#source.cancel();
    this.#timer = setTimeout(() => this.#source.cancel(), FORCE_AFTER_MS);
  }
}
