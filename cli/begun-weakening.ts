import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { onFiles } from "../deploy/file-faults";
import { replaceFile } from "../deploy/secrets/files";
import { type Weakening, weakeningKey } from "../review/approval/weakening";

interface Begun {
  /** Last day on which it may be ended. */
  readonly until: string;
  /** Keys of the weakenings. */
  readonly weakenings: readonly string[];
}

/**
 * What a run was allowed to weaken, until it has ended. A run that was interrupted leaves a part of it undone; that part has
 * other findings than the whole, and still was approved with it. It lies in the workspace, and is of no use elsewhere.
 */
export class BegunWeakening {
  readonly #file: string;

  constructor(workspace: string) {
    this.#file = join(workspace, "begun-weakening.json");
  }

  async keep(weakenings: readonly Weakening[], until: string): Promise<void> {
    const begun: Begun = { until, weakenings: weakenings.map(weakeningKey) };
    await onFiles(this.#file, () => replaceFile(this.#file, JSON.stringify(begun)));
  }

  /** Whether nothing is weakened that was not allowed to a run that has not ended. */
  async covers(weakenings: readonly Weakening[], today: string): Promise<boolean> {
    const begun = await this.#read();
    return begun !== undefined && today <= begun.until && weakenings.every((one) => begun.weakenings.includes(weakeningKey(one)));
  }

  async end(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  /** Whatever is no such note, a torn file included, allows nothing. */
  async #read(): Promise<Begun | undefined> {
    try {
      const { until, weakenings } = JSON.parse(await readFile(this.#file, "utf8")) as Partial<Begun>;
      return typeof until === "string" && Array.isArray(weakenings) ? { until, weakenings } : undefined;
    } catch {
      return undefined;
    }
  }
}
