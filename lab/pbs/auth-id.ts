/** A user (`user@realm`) or an API token (`user@realm!name`). */
export const ROOT = "root@pam";

export function isToken(authId: string): boolean {
  return authId.includes("!");
}

export function userOf(authId: string): string {
  const at = authId.indexOf("!");
  return at < 0 ? authId : authId.slice(0, at);
}

/** Name of a token; undefined for a user. */
export function tokenNameOf(authId: string): string | undefined {
  const at = authId.indexOf("!");
  return at < 0 ? undefined : authId.slice(at + 1);
}

export function realmOf(userId: string): string {
  return userId.slice(userId.lastIndexOf("@") + 1);
}
