/** One call to a device, free of transport: the same devices answer HTTPS and unit tests. */
export interface DeviceRequest {
  readonly method: string;
  /** Path below the API base, percent-encoding untouched, without the query: `/access/users/a%40pbs`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as it came; devices differ in how they read it. */
  readonly body: string;
}

export interface DeviceAnswer {
  readonly status: number;
  /** Reason phrase, where the product writes its error text there (Proxmox VE). */
  readonly reason?: string;
  /** A string is sent as it is (`text/plain`), anything else as JSON. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds before the answer leaves, as the real product waits after a wrong password. */
  readonly delayMs?: number;
}

/** A product that the lab imitates. */
export interface Device {
  /** Path prefix of its API: `/api2/json` or `/api/v2`. */
  readonly apiBase: string;
  handle(request: DeviceRequest): Promise<DeviceAnswer>;
  /** Calls below `/lab` that only the lab has, where the real product is fed by a protocol that the lab does not speak. */
  handleLab?(request: DeviceRequest): Promise<DeviceAnswer>;
}
