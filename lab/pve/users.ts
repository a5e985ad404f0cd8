import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { checkUserId, FormatFault, USER_ID } from "./formats";
import { and, type Check } from "./permission";
import { refuse, underLock } from "./refusal";
import type { AccessState, PveState, User } from "./state";
import { flag, integer, text } from "./table";

export const USERID = text({ format: "pve-userid", maxLength: 64 });
export const REALM_CHECK: Check = { kind: "realm" };
export const USER_MODIFY: Check = { kind: "groups", privileges: ["User.Modify"] };

const DATA = {
  "enable?": flag(),
  "expire?": integer({ minimum: 0 }),
  "firstname?": text({ maxLength: 1024 }),
  "lastname?": text({ maxLength: 1024 }),
  "email?": text({ format: "email-opt", maxLength: 254 }),
  "comment?": text({ maxLength: 2048 }),
  "keys?": text({ pattern: "[0-9a-zA-Z!=]{0,4096}" }),
  "groups?": text({ format: "pve-groupid-list" }),
};
const PASSWORD = text({ minLength: 8, maxLength: 64 });
const TEXTS = ["firstname", "lastname", "email", "comment", "keys"] as const;

/** Users of the realms; their tokens have a file of their own. */
export function userEndpoints(): Endpoint[] {
  return [
    get("/access/users", "all", { "enabled?": flag(), "full?": flag() }, listUsers),
    post(
      "/access/users",
      and(REALM_CHECK, { kind: "groups", privileges: ["User.Modify"], parameter: "create" }),
      { userid: USERID, "password?": PASSWORD, ...DATA },
      createUser,
    ),
    get("/access/users/{userid}", { kind: "groups", privileges: ["User.Modify", "Sys.Audit"] }, { userid: USERID }, readUser),
    put(
      "/access/users/{userid}",
      { kind: "groups", privileges: ["User.Modify"], parameter: "update" },
      { userid: USERID, "append?": flag({ requires: "groups" }), ...DATA },
      updateUser,
    ),
    del("/access/users/{userid}", and(REALM_CHECK, USER_MODIFY), { userid: USERID }, deleteUser),
  ];
}

/** @throws Refusal where there is no such user */
export function existingUser(access: AccessState, id: string): User {
  return access.users[id] ?? refuse(`no such user ('${id}')`);
}

/** The user id of a call. @throws Refusal where it cannot be one */
export function userId(call: Call): string {
  const id = call.text("userid");
  try {
    checkUserId(id);
  } catch (error) {
    if (error instanceof FormatFault) refuse(error.message);
    throw error;
  }
  return id;
}

function listUsers(call: Call): unknown {
  const { access } = call.pve.state;
  const mayAll = call.caller.hasAny("/access/groups", "User.Modify", "Sys.Audit");
  const groups = Object.entries(access.groups).filter(([name]) =>
    call.caller.hasAny(`/access/groups/${name}`, "User.Modify", "Sys.Audit"),
  );
  const allowed = new Set(groups.flatMap(([, group]) => group.members));
  const enabled = call.flag("enabled");
  return Object.entries(access.users)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .filter(([id]) => mayAll || id === call.caller.id || allowed.has(id))
    .filter(([, user]) => enabled === undefined || (user.enable === 1) === enabled)
    .map(([id, user]) => ({
      ...userData(user),
      ...realmType(id),
      ...(call.flag("full") ? fullData(access, id, user) : {}),
      userid: id,
    }));
}

function realmType(id: string): Record<string, string> {
  const realm = USER_ID.exec(id)?.[2];
  return realm === "pam" || realm === "pve" ? { "realm-type": realm } : {};
}

function fullData(access: AccessState, id: string, user: User): Record<string, unknown> {
  const tokens = Object.entries(user.tokens).sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    groups: groupsOf(access, id).join(","),
    tokens: tokens.length === 0 ? null : tokens.map(([tokenid, { secret: _, ...token }]) => ({ tokenid, ...token })),
  };
}

/** The product drops what is empty, but keeps an empty mail address in front of a comment or a key. */
function userData(user: User): Record<string, string | number> {
  const data: Record<string, string | number> = { enable: user.enable, expire: user.expire };
  for (const name of TEXTS) if (user[name] !== undefined) data[name] = user[name];
  if (data.email === undefined && (data.comment !== undefined || data.keys !== undefined)) data.email = "";
  return data;
}

function groupsOf(access: AccessState, id: string): string[] {
  return Object.keys(access.groups)
    .filter((group) => access.groups[group]?.members.includes(id))
    .sort();
}

function createUser(call: Call): void {
  const id = userId(call);
  underLock("create user failed", () =>
    call.pve.updateAccess((draft) => {
      if (draft.access.users[id] !== undefined) refuse(`user '${id}' already exists`);
      const user: User = { enable: call.flag("enable") === false ? 0 : 1, expire: call.number("expire") ?? 0, tokens: {} };
      const password = call.maybe("password");
      if (password !== undefined) user.password = password;
      setTexts(user, call);
      draft.access.users[id] = user;
      addToGroups(draft, id, call.items("groups"));
    }),
  );
}

function readUser(call: Call): unknown {
  const id = userId(call);
  const user = existingUser(call.pve.state.access, id);
  const tokens = Object.entries(user.tokens).map(([name, { secret: _, ...token }]) => [name, token]);
  return {
    ...userData(user),
    groups: groupsOf(call.pve.state.access, id),
    tokens: tokens.length === 0 ? null : Object.fromEntries(tokens),
  };
}

function updateUser(call: Call): void {
  const id = userId(call);
  // Asked before the lock by the permission check, hence without the lock's prefix.
  existingUser(call.pve.state.access, id);
  underLock("update user failed", () =>
    call.pve.updateAccess((draft) => {
      const user = existingUser(draft.access, id);
      const enable = call.flag("enable");
      if (enable !== undefined) user.enable = enable ? 1 : 0;
      user.expire = call.number("expire") ?? user.expire;
      setTexts(user, call);
      if (!call.flag("append") && call.has("groups")) removeFromGroups(draft, id);
      addToGroups(draft, id, call.items("groups"));
    }),
  );
}

function deleteUser(call: Call): void {
  const id = userId(call);
  existingUser(call.pve.state.access, id);
  call.pve.updateAccess((draft) => {
    delete draft.access.users[id];
    removeFromGroups(draft, id);
    draft.access.acl = draft.access.acl.filter(({ ugid }) => ugid !== id && !ugid.startsWith(`${id}!`));
  });
}

function setTexts(user: User, call: Call): void {
  for (const name of TEXTS) {
    const value = call.maybe(name);
    if (value === undefined) continue;
    if (value === "") delete user[name];
    else user[name] = value;
  }
}

function addToGroups(draft: PveState, id: string, groups: readonly string[]): void {
  for (const name of groups) {
    const group = draft.access.groups[name] ?? refuse(`no such group '${name}'`);
    if (!group.members.includes(id)) group.members.push(id);
  }
}

function removeFromGroups(draft: PveState, id: string): void {
  for (const group of Object.values(draft.access.groups)) group.members = group.members.filter((member) => member !== id);
}
