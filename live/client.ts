import type { PeerCertificate } from "node:tls";
import type { Agent, request } from "undici";
import { type Endpoint, type Secret, UserError } from "../model";
import { ANSWER_TIMEOUT_S, answerFault, connectionFault } from "./errors";

/** A call that a device refused, or that did not reach it. `status` is absent where no answer came. */
export class DeviceError extends UserError {
  constructor(
    fault: ConstructorParameters<typeof UserError>[0],
    readonly status: number | undefined,
  ) {
    super(fault);
  }
}

/** The API of one device. Each call gives the `data` of the answer, or throws a `DeviceError` that names device and call. */
export interface DeviceClient {
  /** Name of the device in the site file: `pve`, `pbs`, `firewall`. */
  readonly device: string;
  get(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
  post(path: string, body?: object): Promise<unknown>;
  put(path: string, body?: object): Promise<unknown>;
  patch(path: string, body?: object): Promise<unknown>;
  delete(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
  /** Certificate fingerprint that the device presented, once it has answered. */
  presentedFingerprint(): string | undefined;
  /** Seconds that the device's clock is ahead of ours, from the `Date` header of its last answer. */
  clockOffsetS(): number | undefined;
  close(): Promise<void>;
}

interface Dialect {
  readonly apiBase: string;
  headers(credential: string): Record<string, string>;
}

const PVE: Dialect = { apiBase: "/api2/json", headers: (token) => ({ authorization: `PVEAPIToken=${token}` }) };
const PBS: Dialect = { apiBase: "/api2/json", headers: (token) => ({ authorization: `PBSAPIToken=${token}` }) };
const PFSENSE: Dialect = { apiBase: "/api/v2", headers: (key) => ({ "x-api-key": key }) };

/**
 * @param credential `user@realm!id=secret`
 * @param renewal what to do where it is not accepted
 */
export const hypervisorClient = (endpoint: Endpoint, credential: Secret, renewal?: string): DeviceClient =>
  new HttpsClient("hypervisor", endpoint, credential, PVE, renewal);
/** @param credential `user@realm!name:secret` */
export const backupServerClient = (endpoint: Endpoint, credential: Secret, device: string, renewal?: string): DeviceClient =>
  new HttpsClient(device, endpoint, credential, PBS, renewal);
/** @param credential the API key */
export const firewallClient = (endpoint: Endpoint, credential: Secret, renewal?: string): DeviceClient =>
  new HttpsClient("firewall", endpoint, credential, PFSENSE, renewal);

interface Transport {
  readonly agent: Agent;
  readonly request: typeof request;
}

class HttpsClient implements DeviceClient {
  #transport: Promise<Transport> | undefined;
  #presented: string | undefined;
  #clockOffsetS: number | undefined;

  constructor(
    readonly device: string,
    private readonly endpoint: Endpoint,
    private readonly credential: Secret,
    private readonly dialect: Dialect,
    private readonly renewal: string | undefined,
  ) {}

  get = (path: string, query?: Readonly<Record<string, string>>) => this.#call("GET", path, query);
  delete = (path: string, query?: Readonly<Record<string, string>>) => this.#call("DELETE", path, query);
  post = (path: string, body: object = {}) => this.#call("POST", path, undefined, body);
  put = (path: string, body: object = {}) => this.#call("PUT", path, undefined, body);
  patch = (path: string, body: object = {}) => this.#call("PATCH", path, undefined, body);
  presentedFingerprint = () => this.#presented;
  clockOffsetS = () => this.#clockOffsetS;
  close = async () => (await this.#transport)?.agent.close();

  async #call(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    query?: Readonly<Record<string, string>>,
    body?: object,
  ) {
    const renewal = this.renewal === undefined ? {} : { renewal: this.renewal };
    const call = { device: this.device, url: this.endpoint.url, method, path, ...renewal };
    const url = new URL(this.endpoint.url.replace(/\/$/, "") + this.dialect.apiBase + path);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
    this.#transport ??= this.#open();
    const { agent, request } = await this.#transport;
    let status: number;
    let text: string;
    let reason = "";
    try {
      const answer = await request(url, {
        method,
        dispatcher: agent,
        // pfSense ignores the query of a GET that claims a JSON body, so the type goes only with a body.
        headers: { ...this.dialect.headers(this.credential.reveal()), ...(body ? { "content-type": "application/json" } : {}) },
        body: body ? JSON.stringify(body) : null,
      });
      status = answer.statusCode;
      reason = answer.statusText ?? "";
      this.#noteClock(answer.headers.date);
      text = await answer.body.text();
    } catch (error) {
      throw new DeviceError(connectionFault(call, error), undefined);
    }
    if (status >= 400) throw new DeviceError(answerFault(call, status, reason, text), status);
    try {
      return (JSON.parse(text) as { data?: unknown }).data;
    } catch {
      throw new DeviceError(
        {
          where: `${this.device} ${method} ${path}`,
          what: `answered ${status} with a body that is not complete JSON`,
          why: "the connection was cut, or something between us and the device answered in its place",
          repair: "run the command again; if it stays, look for a proxy in front of the device",
        },
        status,
      );
    }
  }

  /** Loads the library at the first call, because it is large and a plan calls no device from here. */
  async #open(): Promise<Transport> {
    const { Agent, request } = await import("undici");
    const agent = new Agent({
      connect: {
        ca: this.endpoint.caPem,
        // A pinned certificate is trusted as it is, without the authority that signed it.
        allowPartialTrustChain: true,
        timeout: 5_000,
        checkServerIdentity: (_host: string, certificate: PeerCertificate) => this.#identify(certificate),
      },
      headersTimeout: ANSWER_TIMEOUT_S * 1000,
      bodyTimeout: ANSWER_TIMEOUT_S * 1000,
    });
    return { agent, request };
  }

  /** The pin names this very certificate; whether its names match an address or a tunnel adds nothing to that. */
  #identify(certificate: PeerCertificate): Error | undefined {
    this.#presented = certificate.fingerprint256.toLowerCase();
    if (this.#presented === this.endpoint.fingerprint) return undefined;
    return Object.assign(new Error(`presents ${this.#presented}, pinned is ${this.endpoint.fingerprint}`), {
      code: "BASTIDE_FINGERPRINT",
    });
  }

  #noteClock(date: string | string[] | undefined): void {
    const time = typeof date === "string" ? Date.parse(date) : Number.NaN;
    if (!Number.isNaN(time)) this.#clockOffsetS = Math.round((time - Date.now()) / 1000);
  }
}
