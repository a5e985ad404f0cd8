import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { DeviceRequest } from "../device";
import { TOKEN_ID } from "./formats";
import type { Hypervisor } from "./hypervisor";
import { Refusal } from "./refusal";
import type { User } from "./state";

/** A ticket is good for two hours. */
const TICKET_LIFE_S = 7200;

export interface Authenticated {
  /** `user@realm` or `user@realm!token`. */
  readonly id: string;
  readonly byToken: boolean;
}

/** Calls that anybody may make before a login. */
const OPEN: ReadonlySet<string> = new Set(["GET /access/domains", "GET /access/ticket", "POST /access/ticket"]);

/** Checks API tokens and tickets. Tickets are signed with a key that lives as long as the process. */
export class Authentication {
  readonly #key = randomBytes(32);

  constructor(private readonly pve: Hypervisor) {}

  /**
   * Who calls.
   * @returns undefined where the call is open to everybody
   * @throws Refusal 401
   */
  caller(request: DeviceRequest): Authenticated | undefined {
    if (OPEN.has(`${request.method} ${request.path}`)) return undefined;
    const authorization = request.headers.authorization;
    const ticket = cookie(request.headers.cookie) ?? cookie(authorization);
    if (ticket !== undefined) return { id: this.#ticketUser(ticket, request), byToken: false };
    const token = /(?:^|\s)PVEAPIToken[=\s]([^;]*)/.exec(authorization ?? "")?.[1];
    if (token === undefined) throw new Refusal("No ticket", 401);
    return { id: this.#tokenId(token), byToken: true };
  }

  /** A new ticket with its token against forged requests. */
  issue(user: string): { ticket: string; CSRFPreventionToken: string } {
    const stamp = this.pve.seconds().toString(16).toUpperCase().padStart(8, "0");
    return {
      ticket: `PVE:${user}:${stamp}::${this.#sign(`ticket:${user}:${stamp}`)}`,
      CSRFPreventionToken: `${stamp}:${this.#sign(`csrf:${user}:${stamp}`)}`,
    };
  }

  #tokenId(header: string): string {
    const at = header.lastIndexOf("=");
    const id = header.slice(0, at);
    const [, userId = "", , , tokenName = ""] = TOKEN_ID.exec(id) ?? [];
    const user = this.pve.state.access.users[userId];
    const token = user?.tokens[tokenName];
    const holds =
      user !== undefined &&
      token !== undefined &&
      this.#isEnabled(user) &&
      (token.expire === 0 || token.expire >= this.pve.seconds()) &&
      same(token.secret, header.slice(at + 1));
    if (!holds) throw new Refusal("Authentication failed!", 401);
    return id;
  }

  #ticketUser(ticket: string, request: DeviceRequest): string {
    const [, user = "", stamp = "", signature = ""] = /^PVE:([^:]+):([0-9A-F]{8})::(.+)$/.exec(ticket) ?? [];
    const account = this.pve.state.access.users[user];
    const isValid = this.#isFresh(stamp) && same(signature, this.#sign(`ticket:${user}:${stamp}`));
    if (!isValid || account === undefined || !this.#isEnabled(account)) throw new Refusal("Authentication failed!", 401);
    if (request.method !== "GET") this.#checkForgery(user, request.headers.csrfpreventiontoken);
    return user;
  }

  #checkForgery(user: string, token: string | undefined): void {
    const [stamp = "", signature = ""] = token?.split(":") ?? [];
    if (!this.#isFresh(stamp) || !same(signature, this.#sign(`csrf:${user}:${stamp}`))) {
      throw new Refusal("Permission denied - invalid csrf token", 401);
    }
  }

  #isEnabled(user: User): boolean {
    return user.enable === 1 && (user.expire === 0 || user.expire >= this.pve.seconds());
  }

  #isFresh(stamp: string): boolean {
    const age = this.pve.seconds() - Number.parseInt(stamp, 16);
    return age > -300 && age < TICKET_LIFE_S;
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64");
  }
}

function cookie(header: string | undefined): string | undefined {
  const value = /(?:^|[\s;])PVEAuthCookie=([^;]*)/.exec(header ?? "")?.[1];
  return value === undefined ? undefined : decodeURIComponent(value);
}

function same(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
