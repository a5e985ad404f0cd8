import { createHash } from "node:crypto";
import { request } from "node:http";
import { connect, type TLSSocket } from "node:tls";
import type { LabNetwork } from "../network";

/** The product gives up after this time, which is longer than a backup server takes to refuse a password. */
const TIMEOUT_MS = 7000;

export interface BackupServerAddress {
  readonly server: string;
  readonly port: number;
  /** `user@realm` with a password, or `user@realm!token` with its secret. */
  readonly username: string;
  readonly password: string;
  /** SHA-256 of the certificate that is trusted; absent: none is. */
  readonly fingerprint?: string;
}

/** A call to a backup server that failed, in the words of the product's client. */
export class BackupServerFault extends Error {
  constructor(
    message: string,
    /** What the server itself said, where it answered. */
    readonly detail: string = message,
  ) {
    super(message);
  }
}

/** Proxmox VE's client of a backup server: TLS with a pinned certificate, nothing sent before it is checked. */
export class BackupServer {
  constructor(
    private readonly network: LabNetwork,
    private readonly address: BackupServerAddress,
  ) {}

  /** @throws BackupServerFault */
  async get(path: string, query: Readonly<Record<string, string>> = {}): Promise<unknown> {
    return this.#call("GET", `/api2/json${withQuery(path, query)}`);
  }

  /** @throws BackupServerFault */
  async delete(path: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    return this.#call("DELETE", `/api2/json${withQuery(path, query)}`);
  }

  /** A call with a body. @throws BackupServerFault */
  async call(method: "POST" | "PUT", path: string, body: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.#call(method, `/api2/json${path}`, body);
  }

  /** Hands a finished snapshot to the lab's backup server, outside of the product's own API. @throws BackupServerFault */
  async register(snapshot: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.#call("POST", "/lab/snapshot", snapshot);
  }

  async #call(method: string, path: string, body?: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.#send(method, path, await this.#credential(), body);
  }

  /** Tokens are sent as they are; a user logs in first. */
  async #credential(): Promise<Record<string, string>> {
    const { username, password } = this.address;
    if (username.includes("!")) return { authorization: `PBSAPIToken=${username}:${password}` };
    const answer = await this.#send("POST", "/api2/json/access/ticket", {}, { username, password });
    const { ticket, CSRFPreventionToken } = answer as { ticket: string; CSRFPreventionToken: string };
    return { cookie: `PBSAuthCookie=${encodeURIComponent(ticket)}`, csrfpreventiontoken: CSRFPreventionToken };
  }

  async #send(method: string, path: string, credential: Record<string, string>, body?: Readonly<Record<string, unknown>>) {
    const socket = await this.#connect();
    const text = body === undefined ? "" : JSON.stringify(body);
    const headers = {
      ...credential,
      ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
    };
    // Plain HTTP over the socket whose certificate has been checked.
    return new Promise<unknown>((resolve, reject) => {
      const call = request({ method, path, headers, createConnection: () => socket, timeout: TIMEOUT_MS }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", (error) => reject(new BackupServerFault(`500 ${error.message}`)));
        response.on("end", () => {
          const status = response.statusCode ?? 500;
          const text = Buffer.concat(chunks).toString("utf8");
          if (status >= 400)
            reject(new BackupServerFault(`${status} ${response.statusMessage ?? ""}`, text === "" ? undefined : text));
          else resolve(dataOf(text));
        });
      });
      call.on("timeout", () => call.destroy(new Error("read timeout")));
      call.on("error", (error) => reject(new BackupServerFault(`500 ${error.message}`)));
      call.end(text);
    });
  }

  #connect(): Promise<TLSSocket> {
    const { server, port, fingerprint } = this.address;
    const unreachable = (why: string) => new BackupServerFault(`500 Can't connect to ${server}:${port} (${why})`);
    const place = this.network.locate(server, port);
    if (place === undefined) return Promise.reject(unreachable("No route to host"));
    return new Promise((resolve, reject) => {
      // The product trusts the fingerprint alone, whoever signed the certificate.
      const socket = connect({ host: place.host, port: place.port, rejectUnauthorized: false, timeout: TIMEOUT_MS });
      socket.once("error", (error: NodeJS.ErrnoException) => reject(unreachable(connectionText(error))));
      socket.once("timeout", () => socket.destroy(new Error("Connection timed out")));
      socket.once("secureConnect", () => {
        const seen = fingerprintOf(socket);
        if (seen === fingerprint?.toUpperCase()) return resolve(socket);
        socket.destroy();
        reject(new BackupServerFault(`fingerprint '${seen}' not verified, abort!`));
      });
    });
  }
}

function dataOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { data?: unknown }).data;
  } catch {
    throw new BackupServerFault("got unexpected content type");
  }
}

function fingerprintOf(socket: TLSSocket): string {
  const digest = createHash("sha256").update(socket.getPeerCertificate().raw).digest("hex").toUpperCase();
  return digest.match(/../g)?.join(":") ?? "";
}

function connectionText(error: NodeJS.ErrnoException): string {
  return error.code === "ECONNREFUSED" ? "Connection refused" : error.message;
}

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === "" ? path : `${path}?${text}`;
}
