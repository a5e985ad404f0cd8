import type { Branded } from "./brand";
import { type Parsed, throwing } from "./parsed";

/** SHA-256 of a TLS certificate as PBS and PVE write it: 32 lower-case hex pairs with colons. */
export type Fingerprint = Branded<string, "Fingerprint">;

/** Reads a fingerprint; upper case and the form without colons, as `openssl` and browsers print it, are brought to one form. */
export function parseFingerprint(text: string): Parsed<Fingerprint> {
  const hex = text
    .trim()
    .replace(/^sha-?256(?: fingerprint)?[=: ]/i, "")
    .replaceAll(":", "")
    .toLowerCase();
  const colonsRight = !text.includes(":") || /^(?:[0-9a-f]{2}:){31}[0-9a-f]{2}$/i.test(text.trim().slice(-95));
  if (/^[0-9a-f]{64}$/.test(hex) && colonsRight) return { value: (hex.match(/../g) ?? []).join(":") as Fingerprint };
  return {
    problem: {
      what: `"${text}" is no SHA-256 fingerprint`,
      why: /^[0-9a-f]{40}$/.test(hex) ? "it has the length of a SHA-1 fingerprint" : "it must be 32 bytes in hex",
      repair: "copy it from the device: `proxmox-backup-manager cert info` on PBS, `pvenode cert info` on PVE",
    },
  };
}

/** Reads a fingerprint or throws a `UserError`. */
export const fingerprint = throwing(parseFingerprint, "fingerprint");
