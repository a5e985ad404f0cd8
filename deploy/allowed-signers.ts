/** One line of an allowed-signers file (ssh-keygen(1), "ALLOWED SIGNERS"). */
export interface AllowedSigner {
  /** Names of whoever holds the key, as they are written. */
  readonly principals: readonly string[];
  /** The public key in base64, as after its type. */
  readonly key: string;
}

/** Principals, options in which quoted text may hold blanks, the type of the key, the key. */
const LINE = /^("[^"]*"|\S+)\s+(?:(?:[^\s"]|"[^"]*")+\s+)?((?:ssh|ecdsa|sk)-\S+)\s+([A-Za-z0-9+/=]+)(?:\s|$)/;

/** Reads an allowed-signers file. Comments, and lines that ssh-keygen would not understand either, are left out. */
export function parseAllowedSigners(text: string): AllowedSigner[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, principals = "", , key = ""] = LINE.exec(line.trim()) ?? [];
    return key === "" || principals.startsWith("#") ? [] : [{ principals: principals.replaceAll('"', "").split(","), key }];
  });
}

/** Every name that the file gives to a key. A pattern is none: it would let the holder choose who he is. */
export const principalsOf = (signers: readonly AllowedSigner[], key: string): string[] => [
  ...new Set(
    signers.filter((one) => one.key === key).flatMap(({ principals }) => principals.filter((name) => !/[*?!]/.test(name))),
  ),
];

/** What an SSH signature says of itself. Nothing of it is proven. */
export interface SignatureClaims {
  readonly namespace: string;
  /** The public key in base64. */
  readonly key: string;
}

const ARMOR = /^-----BEGIN SSH SIGNATURE-----\s([A-Za-z0-9+/=\s]+)-----END SSH SIGNATURE-----\s*$/;
const MAGIC = "SSHSIG";

/** Reads the public part of an armored signature (PROTOCOL.sshsig); undefined: it is none. */
export function claimsOf(armored: string): SignatureClaims | undefined {
  const [, body] = ARMOR.exec(armored) ?? [];
  const bytes = Buffer.from(body ?? "", "base64");
  if (bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) return undefined;
  let at = MAGIC.length + 4;
  const next = (): Buffer => {
    const start = at + 4;
    at = start + bytes.readUInt32BE(at);
    if (at > bytes.length) throw new RangeError("the signature ends too early");
    return bytes.subarray(start, at);
  };
  try {
    const key = next().toString("base64");
    return { key, namespace: next().toString("utf8") };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
