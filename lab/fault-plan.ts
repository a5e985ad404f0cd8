import { readFileSync, statSync } from "node:fs";

/**
 * One planned fault, for the fault tests. A file `faults.json` in the lab's directory holds a list of them; without the file
 * there are none. The file may be changed while the lab runs.
 */
export interface PlannedFault {
  /** Device name (`pve`, `pfsense`, or the backup server's); absent: every device. */
  readonly device?: string;
  /** `METHOD /regular expression of the path below the API base`; absent: every request. */
  readonly match?: string;
  /**
   * delay: wait `ms`, then go on · reset: drop the connection before the device sees the request · lose: drop it after the
   * device has done its work · status: answer `status` instead · truncate: send half of the answer ·
   * clock: the device's clock is `ms` ahead.
   */
  readonly kind: "delay" | "reset" | "lose" | "status" | "truncate" | "clock";
  readonly ms?: number;
  readonly status?: number;
  /** How many requests are hit; absent: all. */
  readonly times?: number;
}

/** The faults planned for one device, read again whenever the file changes. */
export class FaultPlan {
  #faults: readonly PlannedFault[] = [];
  #used = new Map<PlannedFault, number>();
  #version = "";

  constructor(
    private readonly file: string,
    private readonly device: string,
  ) {}

  /** The faults that hit this request, in the file's order; counts them as used. */
  hits(method: string, path: string): readonly PlannedFault[] {
    const hits = this.#current().filter((fault) => fault.kind !== "clock" && this.#left(fault) && matches(fault, method, path));
    for (const fault of hits) this.#used.set(fault, (this.#used.get(fault) ?? 0) + 1);
    return hits;
  }

  /** Milliseconds by which the device's clock is ahead. */
  clockShiftMs(): number {
    return this.#current().find((fault) => fault.kind === "clock")?.ms ?? 0;
  }

  #left(fault: PlannedFault): boolean {
    return fault.times === undefined || (this.#used.get(fault) ?? 0) < fault.times;
  }

  #current(): readonly PlannedFault[] {
    const stat = statSync(this.file, { throwIfNoEntry: false });
    const version = stat === undefined ? "" : `${stat.mtimeMs}/${stat.size}/${stat.ino}`;
    if (version !== this.#version) {
      this.#version = version;
      this.#used = new Map();
      const all = version === "" ? [] : (JSON.parse(readFileSync(this.file, "utf8")) as PlannedFault[]);
      this.#faults = all.filter((fault) => fault.device === undefined || fault.device === this.device);
    }
    return this.#faults;
  }
}

function matches(fault: PlannedFault, method: string, path: string): boolean {
  if (fault.match === undefined) return true;
  const [verb, pattern = ""] = fault.match.split(" ", 2);
  return verb === method && new RegExp(`^${pattern}`).test(path);
}
