import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { escrowEncryptionKey, parseEncryptionKey } from "../deploy/secrets/encryption-key";
import { replaceFile } from "../deploy/secrets/files";
import { loadIdentity } from "../deploy/secrets/identity";
import { paperKey } from "../deploy/secrets/paper";
import { rotateHypervisorToken } from "../deploy/secrets/rotate";
import { tokenAccepted } from "../deploy/secrets/token";
import { backupTargets, ENCRYPTION_KEY, type RequiredSecret, requiredSecrets, Secret, UserError } from "../model";
import type { CommonOptions } from "./options";
import { type Chosen, choose, chooseSite, generateSecrets, openSession, secretsOf } from "./session";

interface MissingSecret extends Omit<RequiredSecret, "form"> {
  readonly command: string;
}

/** Makes the store with what nobody has to give. @returns among others the file of a key that was made */
export async function initialize(
  argument: string | undefined,
  options: CommonOptions,
  wantsKey: boolean,
): Promise<{ file: string; newKey: string | undefined; missing: MissingSecret[] }> {
  const newKey = wantsKey ? await makeKey(argument, options) : undefined;
  const chosen = await choose(argument, options);
  await generateSecrets(chosen.site, chosen.environmentName, chosen.secrets);
  return { file: chosen.secrets.file, newKey, missing: missingOf(chosen).filter(({ origin }) => origin === "given") };
}

/** The person's key, where there is none and nothing is sealed yet: a new one would not open what others have written. */
async function makeKey(argument: string | undefined, options: CommonOptions): Promise<string | undefined> {
  const { file, keyFile } = secretsOf(await chooseSite(argument, options));
  const isNamed = Boolean(process.env.BASTIDE_AGE_KEY || process.env.BASTIDE_AGE_KEY_FILE);
  if (isNamed || keyFile === undefined || existsSync(keyFile) || existsSync(file)) return undefined;
  await loadIdentity({ env: {}, defaultFile: keyFile, createIfMissing: true });
  return keyFile;
}

export async function listSecrets(argument: string | undefined, options: CommonOptions) {
  const chosen = await choose(argument, options);
  return { file: chosen.secrets.file, stored: chosen.secrets.list(), missing: missingOf(chosen) };
}

function missingOf({ site, environmentName, secrets }: Chosen): MissingSecret[] {
  return requiredSecrets(site, environmentName)
    .filter(({ name }) => secrets.get(name) === undefined)
    .map(({ name, origin, purpose }) => ({ name, origin, purpose, command: secrets.command("set", name) }));
}

/** Stores a value. An encryption key is checked first, and the one before it is kept: backups may need it. */
export async function setSecret(site: string, name: string, options: CommonOptions, file: string | undefined): Promise<void> {
  const chosen = await choose(site, options);
  const known = requiredSecrets(chosen.site, chosen.environmentName);
  const wanted = known.find((secret) => secret.name === name);
  if (wanted === undefined) {
    throw new UserError(
      {
        where: `secrets of ${chosen.site.name}, ${chosen.environmentName}`,
        what: `nothing needs a secret "${name}"`,
        repair: `name one of: ${known.map((secret) => secret.name).join(", ")}`,
      },
      64,
    );
  }
  const value = await readValue(name, file, options.json);
  if (wanted.form !== undefined && !wanted.form.pattern.test(value.reveal())) {
    throw new UserError({
      where: `secret ${name}`,
      what: `the value is not written like ${wanted.form.example}`,
      why: "the device would not accept it",
      repair: "give the token's whole id and the secret that the device showed when the token was made",
    });
  }
  if (name !== ENCRYPTION_KEY) return await chosen.secrets.set(name, value);
  await escrowEncryptionKey(chosen.secrets, name, parseEncryptionKey(value, file ?? "standard input"));
}

async function readValue(name: string, file: string | undefined, json: boolean): Promise<Secret> {
  const text =
    file !== undefined ? await readGiven(file) : process.stdin.isTTY === true && !json ? await ask(name) : await readAll();
  const value = text.replace(/\r?\n$/, "");
  if (value !== "") return Secret.of(value);
  throw new UserError({
    where: `secret ${name}`,
    what: "the value is empty",
    repair: "give it with --file PATH, or through a pipe",
  });
}

async function readGiven(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UserError({
      where: file,
      what: `cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})`,
      repair: "name a file that you may read",
    });
  }
}

async function ask(name: string): Promise<string> {
  const { password } = await import("@inquirer/prompts");
  return await password({ message: `Value of ${name}:`, mask: true }, { output: process.stderr });
}

async function readAll(): Promise<string> {
  let text = "";
  for await (const part of process.stdin) text += String(part);
  return text;
}

/**
 * Changes the token's secret on the backup server and on the hypervisor.
 * @returns the storages that were proven, and the command that tells the engine
 */
export async function rotateSecret(
  siteName: string,
  name: string,
  options: CommonOptions,
): Promise<{ storages: string[]; apply: string }> {
  const session = await openSession(siteName, options);
  const { site, secrets, environment, progress } = session;
  const token = session.tokens.find(({ secret }) => secret === name);
  if (token === undefined) {
    throw new UserError(
      {
        where: `secret ${name}`,
        what: "only the hypervisor's token can be changed by Bastide",
        repair: `name one of: ${session.tokens.map(({ secret }) => secret).join(", ")}`,
      },
      64,
    );
  }
  const endpoint = environment.backupServers[token.backupServer];
  if (endpoint === undefined) throw new Error(`no endpoint of ${token.backupServer}`);
  const storages = backupTargets(site)
    .filter(({ backupServer }) => backupServer === token.backupServer)
    .map(({ storage }) => storage);
  await session.withClients(async (clients) => {
    const pbs = clients.backupServers[token.backupServer];
    if (pbs === undefined) throw new Error(`no client of ${token.backupServer}`);
    await progress.during(`changing the secret of ${token.user}!${token.name}`, () =>
      rotateHypervisorToken({
        pbs,
        pve: clients.hypervisor,
        store: secrets,
        secretName: name,
        token,
        storages,
        nodes: Object.keys(site.hypervisors),
        prove: (secret) => tokenAccepted(endpoint, token.backupServer, token, secret),
      }),
    );
  });
  return { storages, apply: `./bastide apply ${site.name} --env ${environment.name}` };
}

/** The key for the safe. @returns what to print on the terminal */
export async function exportPaper(
  argument: string | undefined,
  options: CommonOptions,
  file: string | undefined,
): Promise<{ text: string; fingerprint: string }> {
  const { site, environmentName, secrets } = await choose(argument, options);
  const key = parseEncryptionKey(secrets.require(ENCRYPTION_KEY), secrets.file);
  const page = await paperKey(site, environmentName, key);
  if (file === undefined) return { text: page.text.reveal(), fingerprint: key.fingerprint };
  await replaceFile(file, page.html.reveal());
  return {
    text: `${file} holds the key in clear: print it, put it into the safe, then delete the file`,
    fingerprint: key.fingerprint,
  };
}
