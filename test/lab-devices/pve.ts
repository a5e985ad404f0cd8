import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LabNetwork, labNetwork } from "../../lab/network";
import { PveDevice } from "../../lab/pve/device";
import { EMPTY_SEED, type LabSeed } from "../../lab/seed";
import { type LabTiming, NO_WAIT } from "../../lab/timing";

// Every change is flushed to disk; memory keeps the tests fast on a slow one.
const TEMPORARY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

const ADMIN = "root@pam!bastide=secret-of-the-test";

export interface PveAnswer {
  readonly status: number;
  readonly reason: string | undefined;
  readonly delayMs: number | undefined;
  /** As a client reads it. */
  readonly body: {
    readonly data: unknown;
    readonly message?: string;
    readonly errors?: Record<string, string>;
    readonly total?: number;
  };
}

export interface PveTestOptions {
  readonly seed?: LabSeed;
  readonly network?: LabNetwork;
  readonly timing?: Partial<LabTiming>;
}

/** A Proxmox VE of the lab in a directory of its own, called without a network; its clock is moved by hand. */
export class PveLab {
  readonly directory = mkdtempSync(join(TEMPORARY, "bastide-pve-"));
  /** Milliseconds since 1970. */
  now = Date.parse("2026-11-21T11:30:00Z");
  device: PveDevice;

  constructor(private readonly options: PveTestOptions = {}) {
    this.device = this.#open();
  }

  /** The same device after a crash: only what is on disk remains. */
  restart(): void {
    this.device = this.#open();
  }

  /** What a crash at this moment leaves, opened as a second device; this one lives on. */
  crashed(): PveLab {
    const image = new PveLab(this.options);
    copyFileSync(join(this.directory, "pve.json"), join(image.directory, "pve.json"));
    image.restart();
    return image;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }

  /** @param body an object is sent as JSON, text as a form */
  async call(method: string, url: string, body?: unknown, headers: Record<string, string | undefined> = {}): Promise<PveAnswer> {
    const at = url.indexOf("?");
    const type = typeof body === "string" ? "application/x-www-form-urlencoded" : "application/json";
    const answer = await this.device.handle({
      method,
      path: at < 0 ? url : url.slice(0, at),
      query: new URLSearchParams(at < 0 ? "" : url.slice(at + 1)),
      headers: { authorization: `PVEAPIToken=${ADMIN}`, ...(body === undefined ? {} : { "content-type": type }), ...headers },
      body: body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body),
    });
    return {
      status: answer.status,
      reason: answer.reason,
      delayMs: answer.delayMs,
      body: JSON.parse(JSON.stringify(answer.body)),
    };
  }

  /** The data of a call that must succeed. */
  async data<Data = unknown>(method: string, url: string, body?: unknown, token = ADMIN): Promise<Data> {
    const answer = await this.call(method, url, body, { authorization: `PVEAPIToken=${token}` });
    if (answer.status !== 200) throw new Error(`${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.data as Data;
  }

  /** A user with a token of its own. @returns the token as a client sends it */
  async token(user: string, privsep: 0 | 1 = 1): Promise<string> {
    await this.data("POST", "/access/users", { userid: user });
    const { value } = await this.data<{ value: string }>("POST", `/access/users/${user}/token/tok`, { privsep });
    return `${user}!tok=${value}`;
  }

  #open(): PveDevice {
    return new PveDevice({
      directory: this.directory,
      seed: this.options.seed ?? EMPTY_SEED,
      adminTokenSecret: ADMIN.slice(ADMIN.indexOf("=") + 1),
      network: this.options.network ?? labNetwork({}),
      timing: { ...NO_WAIT, ...this.options.timing },
      fingerprint: "00:".repeat(31).concat("00"),
      clock: () => this.now,
    });
  }
}
