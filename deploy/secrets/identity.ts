import { stat } from "node:fs/promises";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { type Fault, Secret, UserError } from "../../model";
import { createFile, onFile, readIfThere } from "./files";

/** The private age key, or keys, of the person or machine that runs this command. */
export interface AgeIdentity {
  /** All of them open; the first one also seals. Several let a person change keys without losing access. */
  readonly keys: readonly Secret[];
  /** Public half of the first key (`age1…`). Not secret. */
  readonly recipient: string;
  /** Where it came from: a variable or a file. */
  readonly origin: string;
}

export interface IdentitySource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Read when no variable is set; undefined where there is no home. */
  readonly defaultFile: string | undefined;
  /** Create `defaultFile` where it is missing. Only in the lab: elsewhere a new key opens nothing that a team has written. */
  readonly createIfMissing: boolean;
}

/**
 * Finds the key: `BASTIDE_AGE_KEY` (the key itself), else the file in `BASTIDE_AGE_KEY_FILE`, else the default file.
 * @throws UserError when there is none, it is none, or others may read its file
 */
export async function loadIdentity({ env, defaultFile, createIfMissing }: IdentitySource): Promise<AgeIdentity> {
  if (env.BASTIDE_AGE_KEY) return parseIdentity(env.BASTIDE_AGE_KEY, "BASTIDE_AGE_KEY");
  const file = env.BASTIDE_AGE_KEY_FILE || defaultFile;
  if (file === undefined) {
    throw new UserError({
      where: "BASTIDE_AGE_KEY_FILE",
      what: "no key to open the secrets with: no variable is set, and this user has no home directory",
      repair: "set BASTIDE_AGE_KEY_FILE to the file with the age key, or BASTIDE_AGE_KEY to the key",
    });
  }
  const named = Boolean(env.BASTIDE_AGE_KEY_FILE);
  return onFile(file, async () => {
    const text = (await readIfThere(file)) ?? (createIfMissing && !named ? await createKey(file) : undefined);
    if (text === undefined) throw missing(file, named);
    if (((await stat(file)).mode & 0o077) !== 0) {
      throw new UserError({
        where: file,
        what: "other users of this machine may read the key",
        why: "whoever has it reads every secret of the sites it opens",
        repair: `chmod 600 '${file}'`,
      });
    }
    return parseIdentity(text, file);
  });
}

function missing(file: string, named: boolean): UserError {
  return new UserError({
    where: file,
    what: named ? "BASTIDE_AGE_KEY_FILE names a file that does not exist" : "no key to open the secrets with",
    repair: named
      ? "name the file with the age key"
      : "put your age key there (age-keygen makes one), or set BASTIDE_AGE_KEY_FILE or BASTIDE_AGE_KEY",
  });
}

/** Writes a new key in the form of age-keygen. Where another process was first, its key is the one. */
async function createKey(file: string): Promise<string | undefined> {
  const key = await generateX25519Identity();
  const recipient = await identityToRecipient(key);
  const created = new Date().toISOString();
  const text = `# created: ${created}\n# public key: ${recipient}\n${key}\n`;
  return (await createFile(file, text)) ? text : readIfThere(file);
}

/** The lines of a key file: comments, empty lines, keys. The text of a line is never shown, it may be a key. */
async function parseIdentity(text: string, origin: string): Promise<AgeIdentity> {
  const keys: Secret[] = [];
  const recipients: string[] = [];
  const faults: Fault[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const key = line.trim();
    if (key === "" || key.startsWith("#")) continue;
    try {
      recipients.push(await identityToRecipient(key));
      keys.push(Secret.of(key));
    } catch {
      faults.push({
        where: `${origin} line ${index + 1}`,
        what: "is no age key",
        repair: "write one whole key a line, as age-keygen prints it: AGE-SECRET-KEY-1…",
      });
    }
  }
  const [recipient] = recipients;
  if (recipient === undefined && faults.length === 0) {
    faults.push({ where: origin, what: "holds no age key", repair: "write the key into it: AGE-SECRET-KEY-1…" });
  }
  if (faults.length > 0 || recipient === undefined) throw new UserError(faults);
  return { keys, recipient, origin };
}
