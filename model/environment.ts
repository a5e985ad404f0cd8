import type { StateBackend } from "./site";
import type { Fingerprint } from "./values";

/** A device as the tools reach it in one environment. Holds nothing secret. */
export interface Endpoint {
  /** Base address without the API path: `https://127.0.0.1:40001`. */
  readonly url: string;
  /** PEM of what to trust for this device: its authority, or the pinned certificate itself. */
  readonly caPem: string;
  /** SHA-256 of the certificate that the device presents. */
  readonly fingerprint: Fingerprint;
}

/** An environment whose devices are located: what stacks, live checks and the runner work with. */
export interface ResolvedEnvironment {
  readonly name: string;
  readonly kind: "lab" | "live";
  readonly state: StateBackend;
  readonly protectData: boolean;
  readonly encryptState: boolean;
  readonly hypervisor: Endpoint;
  readonly backupServers: Readonly<Record<string, Endpoint>>;
  readonly firewall?: Endpoint;
}
