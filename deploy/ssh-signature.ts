import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Fault, UserError } from "../model";
import { type AllowedSigner, claimsOf, parseAllowedSigners, principalsOf } from "./allowed-signers";

/** Who may sign, and where that is written. */
export interface AllowedSigners {
  readonly file: string;
  readonly signers: readonly AllowedSigner[];
}

/** Whether a signature is good, and whose it is. */
export type Verification =
  | { readonly key: string; readonly principals: readonly string[] }
  | { readonly refused: Pick<Fault, "what" | "why" | "repair"> };

export interface Signature {
  readonly text: string;
  /** Armored. */
  readonly signature: string;
  readonly namespace: string;
  /** Principal who is said to have signed. */
  readonly who: string;
}

/** @throws UserError when the file cannot be read or names nobody */
export async function readAllowedSigners(file: string): Promise<AllowedSigners> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UserError({
      where: file,
      what: error.code === "ENOENT" ? "there is no such file" : `cannot be read (${error.code})`,
      why: "it says whose approval counts",
      repair: `write a line for each person who may approve: ${LINE}; or name the file with --allowed-signers`,
    });
  });
  return { file, signers: parseAllowedSigners(text) };
}

const LINE = "<mail address> ssh-ed25519 AAAA… (the content of the person's .pub file)";

/** The public key of a key file in base64; what it is part of may be asked for its passphrase on the terminal. */
export async function publicKeyOf(keyFile: string): Promise<string> {
  const publicFile = keyFile.endsWith(".pub") ? keyFile : `${keyFile}.pub`;
  if (!existsSync(keyFile)) throw keyFault(keyFile, "there is no such file");
  const text = existsSync(publicFile)
    ? await readFile(publicFile, "utf8")
    : await sshKeygen(["-y", "-f", keyFile], "").then(({ code, stdout, stderr }) => {
        if (code === 0) return stdout;
        throw keyFault(keyFile, lastLine(stderr));
      });
  const [, key] = /^\S+\s+([A-Za-z0-9+/=]+)/.exec(text) ?? [];
  if (key === undefined) throw keyFault(publicFile, "holds no SSH public key");
  return key;
}

/**
 * Signs a text with `ssh-keygen -Y sign`: with a private key file, which may ask for its passphrase on the terminal, or with a
 * public one whose private half an agent has.
 * @returns the armored signature
 */
export async function signText(text: string, { keyFile, namespace }: { readonly keyFile: string; readonly namespace: string }) {
  const { code, stdout, stderr } = await sshKeygen(["-Y", "sign", "-q", "-n", namespace, "-f", keyFile], text);
  if (code === 0 && stdout !== "") return stdout;
  throw keyFault(keyFile, `nothing could be signed with it: ${lastLine(stderr)}`);
}

/**
 * Whether a text was signed in a namespace by a person whom the allowed-signers file names, with a key that is his on a day.
 * @param today `YYYY-MM-DD`: lines of the file may have a first and a last day
 * @throws UserError when ssh-keygen is missing
 */
export async function verifySignature(
  { text, signature, namespace, who }: Signature,
  allowed: AllowedSigners,
  today: string,
): Promise<Verification> {
  const claims = claimsOf(signature);
  if (claims === undefined) return refused("its signature is not one of SSH", "have it signed again");
  if (claims.namespace !== namespace) {
    return refused(`it is signed for "${claims.namespace}", not for "${namespace}"`, "have it signed again by ./bastide approve");
  }
  const principals = principalsOf(allowed.signers, claims.key);
  const key = fingerprintOf(claims.key);
  if (principals.length === 0) {
    return refused(
      `it is signed with the key ${key}, which ${allowed.file} does not name`,
      `if the key is that of somebody who may approve, have that merged: ${LINE}`,
    );
  }
  if (!principals.includes(who)) {
    return refused(
      `it says that ${who} signed, and the key is that of ${principals.join(", ")}`,
      "have it signed by the person whom it names",
    );
  }
  return await inFile(signature, async (file) => {
    const day = today.replaceAll("-", "");
    const options = ["-f", allowed.file, "-I", who, "-n", namespace, "-s", file, "-O", `verify-time=${day}`];
    const { code, stderr } = await sshKeygen(["-Y", "verify", ...options], text);
    if (code === 0) return { key, principals };
    if (/incorrect signature/.test(stderr)) {
      return refused(
        "it was changed after it was signed",
        "restore the file from the repository, or delete it and have the findings approved again",
      );
    }
    return refused(`its signature is not accepted: ${lastLine(stderr)}`, `look at the line of ${who} in ${allowed.file}`);
  });
}

/** As ssh-keygen shows keys: `SHA256:…`. */
export const fingerprintOf = (key: string): string =>
  `SHA256:${createHash("sha256").update(Buffer.from(key, "base64")).digest("base64").replace(/=+$/, "")}`;

const refused = (what: string, repair: string): Verification => ({ refused: { what, repair } });

/** The reason: what ssh-keygen says in the end may only be that it did not work. */
const lastLine = (stderr: string): string =>
  stderr
    .split(/\r?\n/)
    .filter((line) => line !== "" && !/^(Signing data on|Could not verify)/.test(line))
    .at(-1)
    ?.replace(/^Enter passphrase: /, "") ?? "ssh-keygen gives no reason";

const keyFault = (keyFile: string, what: string): UserError =>
  new UserError({
    where: keyFile,
    what,
    repair: "name a file with your SSH key with --key, or make one: ssh-keygen -t ed25519",
  });

async function inFile<Result>(text: string, work: (file: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "bastide-signature-"));
  try {
    const file = join(folder, "signature");
    await writeFile(file, text);
    return await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs ssh-keygen in English. It asks for a passphrase on the terminal of this process, not on standard input. */
function sshKeygen(args: readonly string[], input: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = execFile("ssh-keygen", args, { env: { ...process.env, LC_ALL: "C" } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === "number") resolve({ code, stdout, stderr });
      else reject(code === "ENOENT" ? missing() : error);
    });
    // One that stops before it has read everything says why by how it ends.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

const missing = (): UserError =>
  new UserError({
    where: "ssh-keygen",
    what: "is not installed on this machine",
    why: "approvals are SSH signatures, which it makes and verifies",
    repair: "install OpenSSH 8.9 or later; on Debian and Ubuntu: apt-get install openssh-client",
  });
