import { randomUUID } from "node:crypto";
import { accountChange, USER_AUDIT, USER_MODIFY, usersDigest } from "./accounts";
import { tokenNameOf } from "./auth-id";
import { hashOf } from "./authentication";
import { type Answer, type Call, DONE } from "./call";
import type { Endpoint } from "./endpoint";
import { refuse } from "./refusal";
import { boolean, integer, optional, type ParameterTable, required } from "./schema";
import { changed, checkDigest, lookUp, trimmed, valuesOf } from "./sections";
import type { PbsState } from "./state";
import { changeParameters, comment, configDigest, tokenName, userId } from "./types";

const ID: ParameterTable = { userid: required(userId), "token-name": required(tokenName) };
const TOKEN: ParameterTable = { comment: optional(comment), enable: optional(boolean), expire: optional(integer(0)) };

export const tokenEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/access/users/:userid/token",
    permission: USER_AUDIT,
    parameters: { userid: required(userId) },
    run: list,
  },
  {
    method: "GET",
    path: "/access/users/:userid/token/:token-name",
    permission: USER_AUDIT,
    parameters: ID,
    run: (call) => ({ data: lookUp(call.state.users, "token", idOf(call)), digest: usersDigest(call.state) }),
  },
  {
    method: "POST",
    path: "/access/users/:userid/token/:token-name",
    permission: USER_MODIFY,
    parameters: { ...ID, ...TOKEN, digest: optional(configDigest) },
    run: create,
  },
  {
    method: "PUT",
    path: "/access/users/:userid/token/:token-name",
    permission: USER_MODIFY,
    parameters: { ...ID, ...TOKEN, regenerate: optional(boolean), ...changeParameters("comment") },
    run: update,
  },
  {
    method: "DELETE",
    path: "/access/users/:userid/token/:token-name",
    permission: USER_MODIFY,
    parameters: { ...ID, digest: optional(configDigest) },
    run: remove,
  },
];

/** Removes a token with its secret and its ACL entries. */
export function removeToken(draft: PbsState, id: string): void {
  const { [id]: _removed, ...users } = draft.users;
  draft.users = users;
  const { [id]: _secret, ...secrets } = draft.tokenSecrets;
  draft.tokenSecrets = secrets;
  draft.acl = draft.acl.filter((entry) => entry.authId !== id);
}

function idOf({ parameters }: Call): string {
  return `${String(parameters.userid)}!${String(parameters["token-name"])}`;
}

function list({ state, parameters }: Call): Answer {
  const own = valuesOf(state.users, "token").filter((token) => String(token.tokenid).startsWith(`${String(parameters.userid)}!`));
  const data = own.map((token) => ({ "token-name": tokenNameOf(String(token.tokenid)), ...token }));
  return { data, digest: usersDigest(state) };
}

function create(call: Call): Answer {
  const { state, server, parameters } = call;
  const { userid, "token-name": name, digest, ...given } = parameters;
  checkDigest(digest, usersDigest(state));
  const id = idOf(call);
  if (Object.hasOwn(state.users, id)) refuse(`token '${String(name)}' for user '${String(userid)}' already exists.`);
  const value = randomUUID();
  server.change((draft) => {
    draft.users = { ...draft.users, [id]: { type: "token", values: { tokenid: id, ...given } } };
    draft.tokenSecrets = { ...draft.tokenSecrets, [id]: hashOf(value) };
  });
  return { data: { tokenid: id, value } };
}

function update(call: Call): Answer {
  const { state, server, parameters } = call;
  const { delete: deleted, digest, regenerate, ...given } = parameters;
  checkDigest(digest, usersDigest(state));
  const id = idOf(call);
  const values = changed(lookUp(state.users, "token", id), deleted, { ...trimmed(given.comment), ...accountChange(given) });
  const secret = regenerate === true ? randomUUID() : undefined;
  server.change((draft) => {
    draft.users = { ...draft.users, [id]: { type: "token", values } };
    if (secret !== undefined) draft.tokenSecrets = { ...draft.tokenSecrets, [id]: hashOf(secret) };
  });
  return secret === undefined ? DONE : { data: { secret } };
}

function remove(call: Call): Answer {
  const { state, server, parameters } = call;
  checkDigest(parameters.digest, usersDigest(state));
  const id = idOf(call);
  if (!Object.hasOwn(state.users, id)) {
    refuse(`token '${String(parameters["token-name"])}' of user '${String(parameters.userid)}' does not exist.`);
  }
  server.change((draft) => removeToken(draft, id));
  return DONE;
}
