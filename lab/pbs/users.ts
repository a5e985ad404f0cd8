import { accountChange, USER_AUDIT, USER_MODIFY, usersDigest } from "./accounts";
import { realmOf } from "./auth-id";
import { hashOf } from "./authentication";
import { type Answer, type Call, DONE } from "./call";
import type { Endpoint } from "./endpoint";
import { refuse } from "./refusal";
import { allOptional, boolean, integer, optional, type ParameterTable, required, without } from "./schema";
import { changed, checkDigest, lookUp, trimmed, valuesOf } from "./sections";
import { removeToken } from "./tokens";
import { changeParameters, comment, line, removal, userId } from "./types";

const REALMS = ["pam", "pbs"];

const USER: ParameterTable = {
  userid: required(userId),
  comment: optional(comment),
  enable: optional(boolean),
  expire: optional(integer(0)),
  firstname: optional(line(2, 64)),
  lastname: optional(line(2, 64)),
  email: optional(line(2, 64)),
};

export const userEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/access/users",
    permission: "anybody",
    parameters: { include_tokens: optional(boolean) },
    run: list,
  },
  {
    method: "POST",
    path: "/access/users",
    permission: { on: "/access/users", all: ["Permissions.Modify"] },
    parameters: { ...USER, password: optional(line(8, 64)) },
    run: create,
  },
  {
    method: "GET",
    path: "/access/users/:userid",
    permission: USER_AUDIT,
    parameters: { userid: required(userId) },
    run: ({ state, parameters }) => ({
      data: lookUp(state.users, "user", String(parameters.userid)),
      digest: usersDigest(state),
    }),
  },
  {
    method: "PUT",
    path: "/access/users/:userid",
    permission: USER_MODIFY,
    parameters: {
      ...allOptional(without(USER, "userid")),
      userid: required(userId),
      // Accepted and ignored: passwords are changed by PUT /access/password.
      password: optional(line(1, 1024)),
      ...changeParameters("comment", "firstname", "lastname", "email"),
    },
    run: update,
  },
  {
    method: "DELETE",
    path: "/access/users/:userid",
    permission: USER_MODIFY,
    parameters: removal("userid", userId),
    run: remove,
  },
];

function list({ state, caller, parameters }: Call): Answer {
  const all = caller.hasAny(["access", "users"], "Sys.Audit");
  const users = valuesOf(state.users, "user").filter((user) => all || user.userid === caller.user);
  const tokens = valuesOf(state.users, "token");
  const data = users.map((user) => {
    const own = tokens.filter((token) => String(token.tokenid).startsWith(`${String(user.userid)}!`));
    return parameters.include_tokens === true && own.length > 0 ? { ...user, tokens: own } : user;
  });
  return { data, digest: usersDigest(state) };
}

function create({ state, caller, server, parameters }: Call): Answer {
  const { password, ...values } = parameters;
  const id = String(values.userid);
  if (Object.hasOwn(state.users, id)) refuse(`user '${id}' already exists.`);
  const realm = realmOf(id);
  if (!REALMS.includes(realm)) refuse(`unknown realm '${realm}'`);
  const isPam = password !== undefined && realm === "pam";
  server.change((draft) => {
    draft.users = { ...draft.users, [id]: { type: "user", values } };
    if (typeof password === "string" && !isPam) draft.passwords = { ...draft.passwords, [id]: hashOf(password) };
  });
  if (isPam && !caller.isSuperuser) refuse("only superuser can edit pam credentials!");
  return DONE;
}

function update({ state, server, parameters }: Call): Answer {
  const { userid, delete: deleted, digest, password: _ignored, ...given } = parameters;
  const id = String(userid);
  checkDigest(digest, usersDigest(state));
  const user = lookUp(state.users, "user", id);
  const names = Object.fromEntries(
    ["firstname", "lastname", "email"].flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
  const values = changed(user, deleted, { ...names, ...trimmed(given.comment), ...accountChange(given) });
  server.change((draft) => {
    draft.users = { ...draft.users, [id]: { type: "user", values } };
  });
  return DONE;
}

function remove({ state, server, parameters }: Call): Answer {
  const id = String(parameters.userid);
  checkDigest(parameters.digest, usersDigest(state));
  if (!Object.hasOwn(state.users, id)) refuse(`user '${id}' does not exist.`);
  server.change((draft) => {
    const { [id]: _removed, ...rest } = draft.users;
    draft.users = rest;
    const { [id]: _password, ...passwords } = draft.passwords;
    draft.passwords = passwords;
    for (const tokenId of Object.keys(rest).filter((other) => other.startsWith(`${id}!`))) removeToken(draft, tokenId);
    draft.acl = draft.acl.filter((entry) => entry.authId !== id);
  });
  return DONE;
}
