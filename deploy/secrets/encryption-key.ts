import { createHash, pbkdf2Sync, randomBytes } from "node:crypto";
import * as z from "zod";
import { type Fault, type Fingerprint, fingerprint as fingerprintFrom, parseFingerprint, Secret, UserError } from "../../model";
import type { SecretStore } from "./store";

/** A key that encrypts backups on the client side (ECO-05), in the format of proxmox-backup-client. */
export interface EncryptionKey {
  /**
   * The key file, JSON on one line; what PVE takes as `encryption-key`. It always holds its fingerprint, because PVE shows a
   * key without one as `1`, which cannot be compared with anything.
   */
  readonly file: Secret;
  /** Identifies the key. Not secret: it stands in every encrypted snapshot. */
  readonly fingerprint: Fingerprint;
  /** When the key was made, RFC 3339. */
  readonly created: string;
}

const KEY_BYTES = 32;
/** Proxmox reads RFC 3339 without fractions of a second. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;
const PAPER = /-----BEGIN PROXMOX BACKUP KEY-----([\s\S]*?)-----END PROXMOX BACKUP KEY-----/;
const KEY_FILE = z.looseObject({
  kdf: z.unknown(),
  created: z.string().regex(TIME),
  modified: z.string().regex(TIME),
  data: z.string(),
  fingerprint: z.string().optional(),
  hint: z.string().optional(),
});

/** Makes a new key. It is in no backup: escrow it before it is used. */
export function generateEncryptionKey(now: Date = new Date()): EncryptionKey {
  const data = randomBytes(KEY_BYTES);
  const time = `${now.toISOString().slice(0, 19)}Z`;
  return keyOf({ kdf: null, created: time, modified: time, data: data.toString("base64") }, data);
}

/**
 * Reads a key file, or the printed form of one (what stands between the BEGIN and END lines).
 * @param origin where it came from, for messages
 * @throws UserError with everything that is wrong, showing nothing of the key
 */
export function parseEncryptionKey(text: Secret, origin: string): EncryptionKey {
  const content = text.reveal();
  const parsed = KEY_FILE.safeParse(readJson(PAPER.exec(content)?.[1] ?? content));
  if (!parsed.success) {
    throw new UserError({
      where: origin,
      what: "is no key file of proxmox-backup-client",
      why: 'such a file is JSON with "kdf", "created", "modified" and "data"',
      repair: "give the file that `proxmox-backup-client key create --kdf none` wrote, or the text of a printed key",
    });
  }
  const { kdf, created, modified, data, fingerprint, hint } = parsed.data;
  const faults: Fault[] = [];
  if (kdf !== undefined && kdf !== null) {
    faults.push({
      where: `${origin} kdf`,
      what: "the key is protected by a password",
      why: "Proxmox VE runs backups unattended and takes only keys without one",
      repair: "remove the password: proxmox-backup-client key change-passphrase --kdf none <file>",
    });
  }
  const bytes = Buffer.from(data, "base64");
  if (faults.length === 0 && (bytes.length !== KEY_BYTES || bytes.toString("base64") !== data)) {
    faults.push({
      where: `${origin} data`,
      what: `does not hold the ${KEY_BYTES} bytes of a key in base64`,
      repair: "copy the file or the printed text again, character by character",
    });
  }
  if (faults.length === 0 && fingerprint !== undefined && !isFingerprint(fingerprint, fingerprintOf(bytes))) {
    faults.push({
      where: `${origin} fingerprint`,
      what: `the file says ${fingerprint}, its key has ${fingerprintOf(bytes)}`,
      why: "a character was changed or two keys were mixed up; a backup made with another key cannot be read with this one",
      repair: "compare both with the fingerprint of a snapshot (Proxmox VE: `encrypted`), and take the file that fits",
    });
  }
  if (faults.length > 0) throw new UserError(faults);
  return keyOf({ kdf: null, created, modified, data }, bytes, hint);
}

/**
 * The key of a store, made on first use. Two processes that ask at once get the same one: backups made with a key that
 * another one has overwritten could never be read.
 */
export async function ensureEncryptionKey(store: SecretStore, name: string): Promise<EncryptionKey> {
  const present = store.get(name) ?? (await store.setIfMissing(name, () => generateEncryptionKey().file));
  return parseEncryptionKey(present, `${store.file} ${name}`);
}

/**
 * Puts a key into the store. A different one that it replaces is kept as `<name>.<first 8 bytes of its fingerprint>`, because
 * the backups made with it need it as long as they exist.
 */
export async function escrowEncryptionKey(store: SecretStore, name: string, key: EncryptionKey): Promise<void> {
  await store.update((content) => {
    const present = content.get(name);
    if (present !== undefined) {
      const old = parseEncryptionKey(present, `${store.file} ${name}`);
      if (old.fingerprint === key.fingerprint) return;
      content.set(`${name}.${shortFingerprint(old.fingerprint)}`, present);
    }
    content.set(name, key.file);
  });
}

/** Its first 8 bytes, by which Proxmox names a key in lists, without colons. */
export const shortFingerprint = (fingerprint: Fingerprint): string => fingerprint.replaceAll(":", "").slice(0, 16);

/**
 * How Proxmox Backup identifies a key: SHA-256 of a constant and of a second key that is derived from the key; the constant is
 * itself the SHA-256 of a sentence. Proven by the fingerprints that PBS 4.2.3 recorded for two known keys (see the test).
 */
function fingerprintOf(key: Buffer): Fingerprint {
  const constant = createHash("sha256").update("Proxmox Backup Encryption Key Fingerprint").digest();
  const identifying = pbkdf2Sync(key, "_id_key", 10, 32, "sha256");
  const digest = createHash("sha256").update(constant).update(identifying).digest("hex");
  return fingerprintFrom(digest);
}

function isFingerprint(text: string, expected: Fingerprint): boolean {
  const read = parseFingerprint(text);
  return "value" in read && read.value === expected;
}

function keyOf(
  fields: { readonly kdf: null; readonly created: string; readonly modified: string; readonly data: string },
  bytes: Buffer,
  hint?: string,
): EncryptionKey {
  const fingerprint = fingerprintOf(bytes);
  const file = { ...fields, fingerprint, ...(hint === undefined ? {} : { hint }) };
  return { file: Secret.of(JSON.stringify(file)), fingerprint, created: fields.created };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    return undefined;
  }
}
