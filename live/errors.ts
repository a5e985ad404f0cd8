import type { Fault } from "../model";

/** Seconds a device may take for one answer. A PVE node that contacts a slow backup server needs about 10. */
export const ANSWER_TIMEOUT_S = 20;

interface Call {
  readonly device: string;
  readonly url: string;
  readonly method: string;
  readonly path: string;
  /** What to do where the credential is not accepted. */
  readonly renewal?: string;
}

/** A call that got no answer, in the words of somebody who has to repair it. */
export function connectionFault(call: Call, error: unknown): Fault {
  const code = codeOf(error);
  const where = `${call.device} ${call.url} ${call.method} ${call.path}`;
  switch (code) {
    case "ECONNREFUSED":
      return {
        where,
        what: "refuses the connection: no service listens there",
        repair: `start the device or its API service, and check the endpoint of "${call.device}" in the environment`,
      };
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return {
        where,
        what: "its name cannot be resolved",
        repair: `check the endpoint of "${call.device}" in the environment, and the DNS of this machine`,
      };
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "UND_ERR_CONNECT_TIMEOUT":
    case "ETIMEDOUT":
      return {
        where,
        what: "cannot be reached from this machine",
        repair: "check that the device is up, that a route or VPN leads to it, and that a firewall lets this machine through",
      };
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
      return {
        where,
        what: `did not answer within ${ANSWER_TIMEOUT_S} s`,
        repair: "look at the load of the device, then run the same command again: it continues where it stopped",
      };
    case "ECONNRESET":
    case "UND_ERR_SOCKET":
    case "EPIPE":
      return {
        where,
        what: "cut the connection in the middle of the call",
        repair: "check whether the device is restarting, then run the same command again: it continues where it stopped",
      };
    case "BASTIDE_FINGERPRINT":
      return {
        where,
        what: `its certificate is not the pinned one: it ${messageOf(error)}`,
        why: "either the device got a new certificate, or somebody else answers in its place",
        repair: `compare with the fingerprint on the device's console; if it was renewed, write the new one into the environment`,
      };
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "CERT_SIGNATURE_FAILURE":
      return {
        where,
        what: "its certificate is not signed by the authority of the environment",
        repair: `give the right "ca" or "fingerprint" for "${call.device}" in the environment`,
      };
    case "CERT_HAS_EXPIRED":
    case "CERT_NOT_YET_VALID":
      return {
        where,
        what: `its certificate is not valid now (${code})`,
        repair: "compare the clocks of the device and of this machine, then renew the certificate",
      };
    default:
      return {
        where,
        what: `the call failed: ${messageOf(error)}`,
        repair: "run the same command again; with --debug it prints the whole error",
      };
  }
}

/** A call that the device refused. The device's own words are kept: they can be searched for. */
export function answerFault(call: Call, status: number, reason: string, text: string): Fault {
  const where = `${call.device} ${call.method} ${call.path}`;
  const said = wordsOf(reason, text);
  if (status === 401) {
    return {
      where,
      what: `does not accept the credential (401 ${said})`,
      why: "it is wrong, expired, disabled or belongs to another device",
      repair: call.renewal ?? "create a new token on the device and store it: ./bastide secrets set SITE --env ENVIRONMENT NAME",
    };
  }
  if (status === 403) {
    return {
      where,
      what: `the credential lacks a right for this call (403 ${said})`,
      repair: "give the provisioning token the rights listed in the README, to the token and to its user",
    };
  }
  if (status >= 500 && call.method === "GET") {
    return {
      where,
      what: `failed on the device (${status} ${said})`,
      repair: "look at the device's own log; then run the same command again",
    };
  }
  return {
    where,
    what: `was refused (${status} ${said})`,
    repair: "repair what the device names, then run the same command again",
  };
}

function wordsOf(reason: string, text: string): string {
  try {
    const body = JSON.parse(text) as { message?: unknown; errors?: Record<string, unknown> };
    const errors = Object.entries(body.errors ?? {}).map(([key, value]) => `${key}: ${String(value)}`);
    const words = [typeof body.message === "string" ? body.message.trim() : "", ...errors].filter((word) => word !== "");
    if (words.length > 0) return words.join("; ");
  } catch {
    // Proxmox answers a refused call with plain text.
  }
  return (text.trim() || reason).slice(0, 500);
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  if (typeof code === "string" && code !== "UND_ERR_SOCKET") return code;
  const cause = (error as { cause?: unknown }).cause;
  const inner = cause === undefined ? undefined : (cause as { code?: unknown }).code;
  return typeof inner === "string" ? inner : typeof code === "string" ? code : "";
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
