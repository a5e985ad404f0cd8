import { createHash, pbkdf2Sync, randomBytes } from "node:crypto";
import { refuse } from "./refusal";

/** What a storage keeps of its encryption key: the file, and what the API shows of it. */
export interface StoredKey {
  readonly file: string;
  /** Fingerprint that stands in the file, or `1` where there is none. */
  readonly shown: string;
}

/** @param given a key file, or `autogen` for a new key. @throws Refusal where it is no key file */
export function storedKey(given: string, now: Date): StoredKey {
  const file = given === "autogen" ? newKeyFile(now) : given;
  const key = parsed(file);
  if (key === undefined || !("data" in key)) refuse("Value does not seems like a valid, JSON formatted encryption key!");
  const fingerprint = "fingerprint" in key ? key.fingerprint : undefined;
  return { file, shown: typeof fingerprint === "string" && fingerprint !== "" ? fingerprint : "1" };
}

function parsed(file: string): object | undefined {
  try {
    const value: unknown = JSON.parse(file);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function newKeyFile(now: Date): string {
  const key = randomBytes(32);
  const created = now.toISOString();
  return JSON.stringify({ kdf: null, created, modified: created, data: key.toString("base64"), fingerprint: fingerprintOf(key) });
}

/** The fingerprint of a key as the backup client computes it: it identifies the key and tells nothing about it. */
export function fingerprintOf(key: Buffer): string {
  const idKey = pbkdf2Sync(key, "_id_key", 10, 32, "sha256");
  const input = createHash("sha256").update("Proxmox Backup Encryption Key Fingerprint").digest();
  const digest = createHash("sha256").update(input).update(idKey).digest("hex");
  return digest.match(/../g)?.join(":") ?? "";
}
