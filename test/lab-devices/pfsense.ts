import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PfsenseDevice } from "../../lab/pfsense/device";
import { EMPTY_SEED, type LabSeed } from "../../lab/seed";
import { NO_WAIT } from "../../lab/timing";

export const ADMIN_KEY = "key-of-the-test";

export interface Answer {
  readonly status: number;
  readonly body: { response_id: string; message: string; data: unknown };
}

/** A pfSense of the lab in a directory of its own, called without a network. */
export class Firewall {
  readonly directory = mkdtempSync(join(tmpdir(), "bastide-pfsense-"));
  device: PfsenseDevice;

  constructor(private readonly seed: LabSeed = EMPTY_SEED) {
    this.device = this.#open();
  }

  /** The same device after a crash: only what is on disk remains. */
  restart(): void {
    this.device = this.#open();
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }

  async call(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const at = url.indexOf("?");
    const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
    const answer = await this.device.handle({
      method,
      path: at < 0 ? url : url.slice(0, at),
      query: new URLSearchParams(at < 0 ? "" : url.slice(at + 1)),
      headers: { "x-api-key": ADMIN_KEY, ...type, ...headers },
      body: body === undefined ? "" : JSON.stringify(body),
    });
    return { status: answer.status, body: JSON.parse(JSON.stringify(answer.body)) };
  }

  /** The rules in their order, by description. */
  async order(): Promise<string[]> {
    const { body } = await this.call("GET", "/firewall/rules");
    return (body.data as { descr: string }[]).map(({ descr }) => descr);
  }

  #open(): PfsenseDevice {
    return new PfsenseDevice({ directory: this.directory, seed: this.seed, adminKey: ADMIN_KEY, timing: NO_WAIT });
  }
}
