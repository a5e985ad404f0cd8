/** How a site file writes its environments. */
import type { DevicesInput, EnvironmentInput } from "./input";
import type { StateBackend } from "./site";

interface EnvironmentOptions {
  /** Default `localState()`. */
  readonly state?: StateBackend;
  /** `prevent_destroy` on what holds data or keys. Default: true outside the lab. */
  readonly protectData?: boolean;
  /** Encrypt state and plan files. Default: true outside the lab. */
  readonly encryptState?: boolean;
  /** How many people approve a weakening of the protection. Default 1. */
  readonly approvals?: 1 | 2;
}

/** The embedded devices on this machine; may be destroyed and rebuilt at any time. */
export function lab(options: EnvironmentOptions = {}): EnvironmentInput {
  return { kind: "lab", state: localState(), protectData: false, encryptState: false, approvals: 1, ...options };
}

/** Real devices. `devices` says how each one is reached and how it is recognised. */
export function production(options: EnvironmentOptions & { readonly devices: DevicesInput }): EnvironmentInput {
  return { kind: "live", state: localState(), protectData: true, encryptState: true, approvals: 1, ...options };
}

/** State in files beside the run, on this machine only. */
export function localState(): StateBackend {
  return { kind: "local" };
}

/** State in PostgreSQL, with locks. @param connection without a password: `postgres://state.example/bastide`; PGUSER and PGPASSWORD give the rest */
export function pgState(connection = "postgres:///bastide", schema = "bastide"): StateBackend {
  return { kind: "pg", connection, schema };
}

/** State in an S3 bucket. Credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. */
export function s3State(options: {
  readonly bucket: string;
  /** Default `bastide`. */
  readonly prefix?: string;
  readonly region: string;
  /** For a store that is not Amazon's. */
  readonly endpoint?: string;
}): StateBackend {
  return { kind: "s3", prefix: "bastide", ...options };
}

/** State behind an HTTP address that speaks the engine's protocol. Credentials come from TF_HTTP_USERNAME and TF_HTTP_PASSWORD. */
export function httpState(address: string): StateBackend {
  return { kind: "http", address };
}
