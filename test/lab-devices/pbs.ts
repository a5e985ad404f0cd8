import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority } from "../../lab/authority";
import { PbsDevice } from "../../lab/pbs/device";
import type { LabTiming } from "../../lab/timing";

export const ADMIN = "root@pam!bastide:secret-of-the-test";

/** Waits as the real product does; the clock of the tests goes on only when they say so. */
export const REAL_WAITS: LabTiming = { authFailureMs: 3000, aclLagMs: 5000, datastoreMs: 3000, taskMs: 1000 };

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly delayMs?: number | undefined;
}

export interface CallOptions {
  /** `user@realm!name:secret`; null: no credential. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** A body that is sent as it stands, instead of JSON. */
  readonly raw?: string;
}

let certificate: string | undefined;

/** A backup server of the lab in a directory of its own, called without a network. */
export class BackupServerLab {
  readonly directory = mkdtempSync(join(tmpdir(), "bastide-pbs-"));
  device: PbsDevice;
  /** Milliseconds since the epoch. */
  now = Date.parse("2026-11-21T11:00:00Z");

  private constructor(
    private readonly pem: string,
    private readonly timing: LabTiming,
  ) {
    this.device = this.#open();
  }

  static async start(timing: LabTiming = REAL_WAITS): Promise<BackupServerLab> {
    certificate ??= (await createAuthority()).certPem;
    return new BackupServerLab(certificate, timing);
  }

  /** The same server after a crash: only what is on disk remains. */
  restart(): void {
    this.device = this.#open();
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }

  async call(
    method: string,
    url: string,
    body?: unknown,
    { token = ADMIN, headers = {}, raw }: CallOptions = {},
  ): Promise<Answer> {
    const at = url.indexOf("?");
    const answer = await this.device.handle({
      method,
      path: at < 0 ? url : url.slice(0, at),
      query: new URLSearchParams(at < 0 ? "" : url.slice(at + 1)),
      headers: {
        ...(token === null ? {} : { authorization: `PBSAPIToken=${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: raw ?? (body === undefined ? "" : JSON.stringify(body)),
    });
    return { status: answer.status, body: JSON.parse(JSON.stringify(answer.body)), delayMs: answer.delayMs };
  }

  /** `data` of a call that must succeed. */
  async data(method: string, url: string, body?: unknown, options?: CallOptions): Promise<unknown> {
    const answer = await this.call(method, url, body, options);
    if (answer.status !== 200) throw new Error(`${method} ${url}: ${answer.status} ${String(answer.body)}`);
    return (answer.body as { data: unknown }).data;
  }

  /** A call of the lab's own, below `/lab`. */
  async labCall(path: string, body: unknown, token = ADMIN): Promise<Answer> {
    const headers = { authorization: `PBSAPIToken=${token}`, "content-type": "application/json" };
    const request = { method: "POST", path, query: new URLSearchParams(), headers, body: JSON.stringify(body) };
    const answer = await this.device.handleLab(request);
    return { status: answer.status, body: answer.body };
  }

  wait(ms: number): void {
    this.now += ms;
  }

  /** A datastore whose worker has ended. */
  async datastore(name: string, options: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.data("POST", "/config/datastore", { name, path: `/mnt/datastore/${name}`, ...options });
    this.wait(this.timing.datastoreMs);
  }

  /** A user with a token and the same roles for both. @returns the token's credential */
  async account(user: string, roles: Readonly<Record<string, string>> = {}): Promise<string> {
    await this.data("POST", "/access/users", { userid: user });
    const { tokenid, value } = (await this.data("POST", `/access/users/${user}/token/t`, {})) as Record<string, string>;
    for (const [path, role] of Object.entries(roles)) {
      for (const id of [user, tokenid]) await this.grant(String(id), path, role);
    }
    return `${tokenid}:${value}`;
  }

  async grant(authId: string, path: string, role: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.data("PUT", "/access/acl", { "auth-id": authId, path, role, ...more });
    this.wait(this.timing.aclLagMs);
  }

  #open(): PbsDevice {
    return new PbsDevice({
      directory: this.directory,
      name: "pbs",
      adminTokenSecret: ADMIN.slice(ADMIN.indexOf(":") + 1),
      certificate: this.pem,
      timing: this.timing,
      clock: () => this.now,
    });
  }
}

/** One recorded call of the real product. */
export interface RecordedCall {
  readonly method: string;
  readonly url: string;
  readonly request?: unknown;
  readonly status: number;
  readonly response: unknown;
  readonly note?: string;
}

export function recordedCalls(file: string): RecordedCall[] {
  const text = readFileSync(join(__dirname, "../fixtures/traces", file), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
