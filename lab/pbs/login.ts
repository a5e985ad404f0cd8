import { realmOf } from "./auth-id";
import { hashOf, isActive, issueTicket } from "./authentication";
import { type Answer, type Call, DONE } from "./call";
import type { Endpoint } from "./endpoint";
import { Refusal, refuse } from "./refusal";
import { boolean, integer, optional, required, text } from "./schema";
import { line, userId } from "./types";

export const loginEndpoints: readonly Endpoint[] = [
  {
    method: "POST",
    path: "/access/ticket",
    permission: "world",
    parameters: {
      username: required(userId),
      password: optional(text()),
      "http-only": optional(boolean),
      path: optional(text()),
      port: optional(integer(0, 65535)),
      privs: optional(text()),
      "tfa-challenge": optional(text()),
    },
    run: login,
  },
  {
    method: "PUT",
    path: "/access/password",
    permission: "anybody",
    parameters: {
      userid: required(userId),
      password: required(line(8, 64)),
      "confirmation-password": optional(line(1, 1024)),
    },
    run: changePassword,
  },
  {
    method: "GET",
    path: "/access/domains",
    permission: "world",
    parameters: {},
    run: () => ({
      data: [
        { comment: "Linux PAM standard authentication", realm: "pam", type: "pam" },
        { comment: "Proxmox Backup authentication server", realm: "pbs", type: "pbs" },
      ],
    }),
  },
];

/** `root@pam` has no password in the lab: its administrator uses the token. */
function login({ state, server, parameters }: Call): Answer {
  const user = String(parameters.username);
  if (parameters.password === undefined) refuse("no password provided");
  const nowS = Math.floor(server.now() / 1000);
  const known = Object.hasOwn(state.passwords, user) ? state.passwords[user] : undefined;
  if (!isActive(state, user, nowS) || known !== hashOf(String(parameters.password))) {
    throw new Refusal(401, "permission check failed.");
  }
  const { ticket, csrf } = issueTicket(state, user, nowS);
  return { data: { CSRFPreventionToken: csrf, ticket, username: user }, status: 200, success: true };
}

function changePassword({ state, caller, server, parameters }: Call): Answer {
  const user = String(parameters.userid);
  if (!caller.isSuperuser) {
    const confirmation = parameters["confirmation-password"];
    if (confirmation === undefined) throw new Refusal(401, "missing password");
    if (state.passwords[caller.user] !== hashOf(String(confirmation))) throw new Refusal(401, "invalid credentials");
  }
  if (!Object.hasOwn(state.users, user)) throw new Refusal(401, `user '${user}' does not exists.`);
  if (caller.isToken) refuse("API tokens cannot access this API endpoint");
  const mayManage = caller.isSuperuser || (caller.hasAny([], "Permissions.Modify") && realmOf(user) !== "pam");
  if (user !== caller.authId && !mayManage) refuse("you are not authorized to change the password.");
  server.change((draft) => {
    draft.passwords = { ...draft.passwords, [user]: hashOf(String(parameters.password)) };
  });
  return DONE;
}
