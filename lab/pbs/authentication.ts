import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { DeviceRequest } from "../device";
import { isToken, userOf } from "./auth-id";
import { Refusal } from "./refusal";
import type { PbsState } from "./state";
import { TOKEN_ID_PATTERN } from "./types";

const TOKEN_SCHEME = /^PBSAPIToken[ =](.*)$/;
const COOKIES = ["__Host-PBSAuthCookie", "PBSAuthCookie"];
const TICKET_LIFETIME_S = 2 * 60 * 60;
/** A clock may be this much behind. */
const TICKET_EARLY_S = 300;

/** The answer to every wrong credential; the product does not say what is wrong with it. */
class AuthenticationFailed extends Refusal {
  constructor() {
    super(401, "authentication failed");
  }
}

/** The auth id of a request. @throws AuthenticationFailed */
export function authenticate(state: Readonly<PbsState>, request: DeviceRequest, nowS: number): string {
  const ticket = ticketOf(request.headers.cookie ?? "");
  if (ticket !== undefined) return byTicket(state, ticket, request, nowS);
  const token = TOKEN_SCHEME.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) throw new AuthenticationFailed();
  return byToken(state, token, nowS);
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** A ticket for a user who has given the right password. */
export function issueTicket(state: Readonly<PbsState>, user: string, nowS: number): { ticket: string; csrf: string } {
  const time = hex(nowS);
  return {
    ticket: `PBS:${encodeURIComponent(user).replaceAll("%40", "@")}:${time}::${sign(state, `ticket:${user}:${time}`)}`,
    csrf: `${time}:${sign(state, `csrf:${user}:${time}`)}`,
  };
}

/** Whether an account, and for a token its user too, is enabled and not expired. */
export function isActive(state: Readonly<PbsState>, authId: string, nowS: number): boolean {
  return [userOf(authId), ...(isToken(authId) ? [authId] : [])].every((id) => {
    const values = Object.hasOwn(state.users, id) ? state.users[id]?.values : undefined;
    if (values === undefined || values.enable === false) return false;
    const expire = values.expire;
    return typeof expire !== "number" || expire === 0 || expire > nowS;
  });
}

function byToken(state: Readonly<PbsState>, token: string, nowS: number): string {
  const at = token.indexOf(":");
  const id = at < 0 ? token : token.slice(0, at);
  const known = state.tokenSecrets[id];
  const secret = at < 0 ? undefined : decoded(token.slice(at + 1));
  if (!TOKEN_ID_PATTERN.test(id) || known === undefined || secret === undefined) throw new AuthenticationFailed();
  if (!isActive(state, id, nowS) || !sameText(known, hashOf(secret))) throw new AuthenticationFailed();
  return id;
}

function byTicket(state: Readonly<PbsState>, ticket: string, request: DeviceRequest, nowS: number): string {
  const [, user = "", time = "", signature = ""] = /^PBS:([^:]+):([0-9A-F]{8})::([0-9a-f]+)$/.exec(ticket) ?? [];
  const name = decoded(user) ?? "";
  if (!isFresh(time, nowS) || !sameText(signature, sign(state, `ticket:${name}:${time}`))) throw new AuthenticationFailed();
  if (!isActive(state, name, nowS)) throw new AuthenticationFailed();
  if (request.method !== "GET") {
    const [, csrfTime = "", csrf = ""] = /^([0-9A-F]{8}):([0-9a-f]+)$/.exec(request.headers.csrfpreventiontoken ?? "") ?? [];
    if (!isFresh(csrfTime, nowS) || !sameText(csrf, sign(state, `csrf:${name}:${csrfTime}`))) throw new AuthenticationFailed();
  }
  return name;
}

function ticketOf(cookies: string): string | undefined {
  const all = new Map(
    cookies.split(";").map((part) => [part.slice(0, part.indexOf("=")).trim(), part.slice(part.indexOf("=") + 1)]),
  );
  const found = COOKIES.map((name) => all.get(name)).find((value) => value !== undefined);
  return found === undefined ? undefined : decoded(found.trim());
}

function isFresh(time: string, nowS: number): boolean {
  const age = nowS - Number.parseInt(time, 16);
  return age >= -TICKET_EARLY_S && age <= TICKET_LIFETIME_S;
}

function sign(state: Readonly<PbsState>, text: string): string {
  return createHmac("sha256", state.ticketKey).update(text).digest("hex");
}

function sameText(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

function hex(nowS: number): string {
  return nowS.toString(16).toUpperCase().padStart(8, "0");
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
