import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "./replace-file";

/**
 * The state of one device on disk. Every change is a new file, flushed and renamed over the old one before the answer
 * leaves, so that `kill -9` at any moment leaves the state before or after a call, never between.
 */
export class Store<State extends object> {
  #state: State;

  private constructor(
    private readonly file: string,
    state: State,
  ) {
    this.#state = state;
  }

  /** Opens the file, or starts with `initial` where there is none. */
  static open<State extends object>(file: string, initial: () => State): Store<State> {
    mkdirSync(dirname(file), { recursive: true });
    const text = readIfThere(file);
    const store = new Store<State>(file, text === undefined ? initial() : (JSON.parse(text) as State));
    if (text === undefined) store.#write();
    return store;
  }

  get state(): Readonly<State> {
    return this.#state;
  }

  /** Changes a copy and keeps it only if `change` returns; a change that throws leaves nothing behind. */
  update<Result>(change: (draft: State) => Result): Result {
    const draft = structuredClone(this.#state);
    const result = change(draft);
    this.#write(draft);
    return result;
  }

  #write(next: State = this.#state): void {
    replaceFile(this.file, JSON.stringify(next));
    this.#state = next;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
