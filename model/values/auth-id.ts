import type { Branded } from "./brand";
import { type Parsed, throwing } from "./parsed";

/** Who acts on Proxmox: a user (`pve-backup@pbs`) or one of its API tokens (`pve-backup@pbs!pve-token`). */
export type AuthId = Branded<string, "AuthId">;

export interface AuthIdParts {
  readonly user: string;
  readonly realm: string;
  /** Absent for a user. */
  readonly token?: string;
}

const SHAPE = /^([^\s:/@!\p{Cc}]+)@([A-Za-z0-9_][A-Za-z0-9._-]*)(?:!([A-Za-z0-9_][A-Za-z0-9._-]*))?$/u;

/** Reads `user@realm` or `user@realm!token`, 3 to 64 characters (pbs-4.2.3 schema of `auth-id`). */
export function parseAuthId(text: string): Parsed<AuthId> {
  if (SHAPE.test(text) && text.length >= 3 && text.length <= 64) return { value: text as AuthId };
  const tooLong = text.length > 64;
  return {
    problem: {
      what: tooLong ? `"${text}" has ${text.length} characters, more than the 64 of an auth id` : `"${text}" is no auth id`,
      repair: tooLong
        ? "choose a shorter user or token name"
        : 'write "user@realm" or "user@realm!token", like "pve-backup@pbs!pve-token"',
    },
  };
}

/** Reads an auth id or throws a `UserError`. */
export const authId = throwing(parseAuthId, "auth id");

/** The parts of an auth id; the user without its realm. */
export function authIdParts(id: AuthId): AuthIdParts {
  const [, user = "", realm = "", token] = SHAPE.exec(id) ?? [];
  return token === undefined ? { user, realm } : { user, realm, token };
}
