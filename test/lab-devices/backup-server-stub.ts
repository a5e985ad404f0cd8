import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { createAuthority, fingerprintOf, issueCertificate } from "../../lab/authority";

export interface StubSnapshot {
  "backup-type": string;
  "backup-id": string;
  "backup-time": number;
  [key: string]: unknown;
}

/** As much of a backup server over TLS as a hypervisor asks of one: two credentials, two datastores, their snapshots. */
export class BackupServerStub {
  readonly datastores = ["proxmox-data"];
  snapshots: StubSnapshot[] = [];
  /** What is accepted as `Authorization`; a caller without a right sees no datastore. */
  readonly tokens: Record<string, "may" | "may-not"> = {};
  readonly requests: string[] = [];
  readonly fingerprint: string;
  readonly #server: Server;

  private constructor(certPem: string, keyPem: string) {
    this.fingerprint = fingerprintOf(certPem);
    this.#server = createServer({ cert: certPem, key: keyPem }, async (request, response) => {
      const body = await textOf(request);
      this.requests.push(`${request.method} ${request.url}`);
      const { status, data } = this.#answer(request, body);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ data }));
    });
  }

  static async start(): Promise<BackupServerStub> {
    const authority = await createAuthority();
    const { certPem, keyPem } = await issueCertificate(authority, "pbs", ["127.0.0.1"]);
    const stub = new BackupServerStub(certPem, keyPem);
    await new Promise<void>((resolve) => stub.#server.listen(0, "127.0.0.1", resolve));
    return stub;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, body: string): { status: number; data: unknown } {
    const url = new URL(request.url ?? "/", "https://stub");
    if (url.pathname === "/api2/json/access/ticket") {
      const { password } = JSON.parse(body) as { password: string };
      return password === "password"
        ? { status: 200, data: { ticket: "t", CSRFPreventionToken: "c" } }
        : { status: 401, data: null };
    }
    const credential = request.headers.authorization ?? request.headers.cookie ?? "";
    const right = credential === "PBSAuthCookie=t" ? "may" : this.tokens[credential];
    if (right === undefined) return { status: 401, data: null };
    if (url.pathname === "/api2/json/admin/datastore") {
      return { status: 200, data: right === "may" ? this.datastores.map(datastore) : [] };
    }
    if (right === "may-not") return { status: 403, data: null };
    return this.#store(request.method ?? "", url, body);
  }

  #store(method: string, url: URL, body: string): { status: number; data: unknown } {
    const call = `${method} ${url.pathname.replace(/^\/api2\/json\/admin\/datastore\/[^/]+/, "")}`;
    const given = body === "" ? Object.fromEntries(url.searchParams) : (JSON.parse(body) as Record<string, unknown>);
    const same = (snapshot: StubSnapshot) =>
      ["backup-type", "backup-id", "backup-time"].every(
        (key) => given[key] === undefined || String(given[key]) === String(snapshot[key]),
      );
    if (call === "GET /status") return { status: 200, data: { total: 1000, used: 100, avail: 900 } };
    if (call === "GET /snapshots") return { status: 200, data: this.snapshots.filter(same) };
    if (call === "DELETE /snapshots") {
      if (this.snapshots.some((snapshot) => same(snapshot) && snapshot.protected === true)) return { status: 400, data: null };
      this.snapshots = this.snapshots.filter((snapshot) => !same(snapshot));
      return { status: 200, data: null };
    }
    if (call === "PUT /notes" || call === "PUT /protected") {
      for (const snapshot of this.snapshots.filter(same)) {
        if (given.notes !== undefined) snapshot.comment = given.notes;
        if (given.protected !== undefined) snapshot.protected = given.protected;
      }
      return { status: 200, data: null };
    }
    if (call === "POST /prune") {
      const group = this.snapshots
        .filter(({ "backup-id": id }) => id === given["backup-id"])
        .sort((one, other) => other["backup-time"] - one["backup-time"]);
      return {
        status: 200,
        data: group.map((snapshot, index) => ({ ...snapshot, keep: index < Number(given["keep-last"] ?? 1e9) })),
      };
    }
    if (method === "POST" && url.pathname === "/lab/snapshot") {
      this.snapshots.push(given as unknown as StubSnapshot);
      return { status: 200, data: null };
    }
    return { status: 404, data: null };
  }
}

function datastore(store: string) {
  return { store, comment: "EcoSolar2", "mount-status": "nonremovable", "backend-type": "filesystem" };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
