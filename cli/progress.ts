import type { Output } from "./output";

/** Seconds after which something that still runs says so again, where no terminal shows it living. */
const REMINDER_S = 10;

/** Shows what is under way: one line rewritten on a terminal, a line per event elsewhere. */
export class Progress {
  readonly #live: boolean;
  #current: { what: string; since: number; reminded: number } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly output: Output) {
    this.#live = process.stderr.isTTY === true && !output.json;
  }

  /** Something begins; it stays shown, with its running time, until `done` or the next `start`. */
  start(what: string): void {
    this.#clear();
    const now = Date.now();
    this.#current = { what, since: now, reminded: now };
    if (!this.#live) this.output.note(`  … ${what}`);
    this.#draw();
    this.#timer ??= setInterval(() => this.#tick(), 250).unref();
  }

  /** One part is finished: its line stays. */
  done(line: string, elapsedMs?: number): void {
    this.#clear();
    const time = elapsedMs === undefined || elapsedMs < 100 ? "" : this.output.color.dim(` ${seconds(elapsedMs)}`);
    this.output.note(`  ${this.output.color.green("✓")} ${line}${time}`);
    this.#draw();
  }

  /** Runs one thing under its own line. */
  async during<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    const begin = Date.now();
    this.start(what);
    try {
      const result = await work();
      this.stop();
      this.done(what, Date.now() - begin);
      return result;
    } finally {
      this.stop();
    }
  }

  /** Nothing runs any more. */
  stop(): void {
    this.#clear();
    this.#current = undefined;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    if (this.#current === undefined) return;
    const now = Date.now();
    if (!this.#live && now - this.#current.reminded > REMINDER_S * 1000) {
      this.#current.reminded = now;
      this.output.note(`  … ${this.#current.what}, ${seconds(now - this.#current.since)}`);
    }
    this.#draw();
  }

  #draw(): void {
    if (!this.#live || this.#current === undefined) return;
    process.stderr.write(`\r\u001b[2K  … ${this.#current.what} ${seconds(Date.now() - this.#current.since)}`);
  }

  #clear(): void {
    if (this.#live) process.stderr.write("\r\u001b[2K");
  }
}

const seconds = (ms: number): string => (ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`);
