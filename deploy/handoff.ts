import { setTimeout as delay } from "node:timers/promises";
import { type Secret, UserError } from "../model";
import { type Cancellation, throwIfCancelled } from "./cancellation";
import type { Secrets } from "./deployment";
import { issueTokenSecret } from "./secrets/token";

/** What a token's secret is good for at present. "without rights": the device knows it, and its ACL does not show yet. */
export type TokenStanding = "works" | "without rights" | "refused";

/** A token whose secret the device issues, and which the store keeps. */
export interface IssuedToken {
  /** Key of the backup server in the site. */
  readonly backupServer: string;
  /** `user@realm`. */
  readonly user: string;
  readonly name: string;
  /** Name of its secret in the store. */
  readonly secret: string;
}

/** The backup server as the hand-off needs it. */
export interface TokenIssuer {
  /** A call with the provisioning credential. */
  put(path: string, body?: object): Promise<unknown>;
  /** Asks the device with the token itself. */
  standing(secret: Secret): Promise<TokenStanding>;
}

export interface HandOffOptions {
  readonly secrets: Secrets;
  readonly issuerOf: (token: IssuedToken) => TokenIssuer;
  readonly cancellation: Cancellation;
  readonly onNote?: (text: string) => void;
  /** Longest wait for a fresh right to be seen, in seconds. Default 30: the device needs about 6. */
  readonly patienceSeconds?: number;
}

const POLL_MS = 500;

/**
 * Makes sure that the store holds a working secret of each token; issues a new one where there is none, or where the
 * device has forgotten it because the token was made anew.
 * @returns the tokens that got a new secret
 */
export async function handOver(tokens: readonly IssuedToken[], options: HandOffOptions): Promise<IssuedToken[]> {
  const renewed: IssuedToken[] = [];
  for (const token of tokens) {
    throwIfCancelled(options.cancellation);
    const issuer = options.issuerOf(token);
    const present = options.secrets.get(token.secret);
    const standing = present === undefined ? "refused" : await issuer.standing(present);
    if (standing === "refused") {
      await issue(token, issuer, options);
      renewed.push(token);
    }
    if (standing !== "works") await waitForRights(token, issuer, options);
  }
  return renewed;
}

/** Names of the secrets that their device refuses, such as after somebody made the token anew by hand. */
export async function refusedSecrets(tokens: readonly IssuedToken[], options: HandOffOptions): Promise<string[]> {
  const refused: string[] = [];
  for (const token of tokens) {
    const present = options.secrets.get(token.secret);
    if (present === undefined) continue;
    // A backup server that does not answer says nothing about the secret: the plan tells what is wrong with it.
    const standing = await options
      .issuerOf(token)
      .standing(present)
      .catch(() => "works" as const);
    if (standing === "refused") refused.push(token.secret);
  }
  return refused;
}

async function issue(token: IssuedToken, issuer: TokenIssuer, { secrets, onNote }: HandOffOptions): Promise<void> {
  await secrets.set(token.secret, await issueTokenSecret(issuer, token));
  onNote?.(`${token.backupServer}: new secret for ${token.user}!${token.name}, kept in the store`);
}

async function waitForRights(token: IssuedToken, issuer: TokenIssuer, options: HandOffOptions): Promise<void> {
  const deadline = Date.now() + (options.patienceSeconds ?? 30) * 1000;
  for (let told = false; ; ) {
    const secret = options.secrets.get(token.secret);
    const standing = secret === undefined ? "refused" : await issuer.standing(secret);
    if (standing === "works") return;
    if (Date.now() >= deadline) throw powerless(token, standing);
    if (!told) options.onNote?.(`${token.backupServer}: waiting until the rights of ${token.user}!${token.name} are seen`);
    told = true;
    throwIfCancelled(options.cancellation);
    await delay(POLL_MS);
  }
}

const powerless = (token: IssuedToken, standing: TokenStanding): UserError =>
  new UserError({
    where: `${token.backupServer} token ${token.user}!${token.name}`,
    what: standing === "refused" ? "its new secret is not accepted" : "it has no right on its datastores",
    why: "a right counts only if both the token and its user have it",
    repair: "look whether user and token are enabled and not expired on the backup server, then run the same command again",
  });
