import { normalizedPath, type Rights, tokenParts } from "./acl";
import { type Call, type Endpoint, get, post, put } from "./endpoint";
import { and, or } from "./permission";
import { Refusal, refuse, refuseParameters, refusePermission } from "./refusal";
import { flag, text } from "./table";
import { existingUser, REALM_CHECK, USER_MODIFY, USERID, userId } from "./users";

const REALM = text({ format: "pve-realm", maxLength: 32 });
const TICKET = {
  username: text({ maxLength: 64 }),
  password: text(),
  "realm?": REALM,
  "otp?": text(),
  "path?": text({ maxLength: 64, requires: "privs" }),
  "privs?": text({ format: "pve-priv-list", maxLength: 64, requires: "path" }),
  "new-format?": flag(),
  "tfa-challenge?": text(),
};
const AUTHORIZED_ID = text({
  pattern: "[^\\s:/]+@[A-Za-z][A-Za-z0-9.\\-_]+(?:![A-Za-z][A-Za-z0-9.\\-_]+)?",
});

/** Logins, passwords, realms, and what a caller may do. */
export function sessionEndpoints(): Endpoint[] {
  const indexes = ["users", "groups", "roles", "acl", "domains", "openid", "tfa", "ticket", "password"];
  return [
    get("/access", "all", {}, () => indexes.map((subdir) => ({ subdir }))),
    get("/access/ticket", "world", {}, () => null),
    post("/access/ticket", "world", TICKET, login, { token: false }),
    put(
      "/access/password",
      or({ kind: "self" }, and(REALM_CHECK, USER_MODIFY)),
      {
        userid: USERID,
        password: text({ minLength: 8, maxLength: 64 }),
        "confirmation-password?": text({ minLength: 5, maxLength: 64 }),
      },
      changePassword,
      { token: false },
    ),
    get("/access/permissions", "all", { "userid?": AUTHORIZED_ID, "path?": text() }, readPermissions),
    get("/access/domains", "world", {}, () => REALMS),
    get(
      "/access/domains/{realm}",
      { kind: "perm", path: "/access/realm", privileges: ["Realm.Allocate", "Sys.Audit"], any: true },
      { realm: REALM },
      readRealm,
    ),
  ];
}

const REALMS = [
  { realm: "pam", type: "pam", comment: "Linux PAM standard authentication" },
  { realm: "pve", type: "pve", comment: "Proxmox VE authentication server", default: 1 },
];

function readRealm(call: Call): unknown {
  const name = call.text("realm");
  return REALMS.find(({ realm }) => realm === name) ?? refuse(`domain '${name}' does not exist`);
}

/** In the lab the password of `root@pam` is the secret of the administrator's token. */
function login(call: Call): unknown {
  const username = call.has("realm") ? `${call.text("username")}@${call.text("realm")}` : call.text("username");
  const user = call.pve.state.access.users[username];
  const password = username === "root@pam" ? user?.tokens.bastide?.secret : user?.password;
  if (user?.enable !== 1 || password === undefined || password !== call.text("password")) {
    throw new Refusal("authentication failure", 401);
  }
  return { ...call.authentication.issue(username), username, cap: {} };
}

function changePassword(call: Call): void {
  const id = userId(call);
  existingUser(call.pve.state.access, id);
  const caller = call.caller.id;
  if (id === "root@pam" && caller !== "root@pam") refusePermission();
  if (caller !== "root@pam" && !call.has("confirmation-password")) {
    refuseParameters({ "confirmation-password": "password is required to modify user" });
  }
  call.pve.update(({ access }) => {
    existingUser(access, id).password = call.text("password");
  });
}

function readPermissions(call: Call): unknown {
  const id = call.maybe("userid") ?? call.caller.id;
  const isOwn = id === call.caller.id || tokenParts(id)?.user === call.caller.id;
  if (!isOwn) call.caller.demand("/access", "Sys.Audit");
  const path = call.maybe("path");
  if (path) return { [path]: asObject(call.caller.rights(normalizedPath(path) ?? path, id)) };
  const all = permissionPaths(call).map((known) => [known, asObject(call.caller.rights(known, id))] as const);
  return Object.fromEntries(all.filter(([, rights]) => Object.keys(rights).length > 0));
}

function permissionPaths({ pve }: Call): string[] {
  const { access, pools } = pve.state;
  const ofPools = Object.values(pools).flatMap(({ vms, storage }) => [
    ...vms.map((vmid) => `/vms/${vmid}`),
    ...storage.map((id) => `/storage/${id}`),
  ]);
  const known = ["/", "/access", "/access/groups", "/nodes", "/pool", "/sdn", "/storage", "/vms"];
  return [...new Set([...known, ...access.acl.map(({ path }) => path), ...ofPools])];
}

function asObject(rights: Rights): Record<string, 0 | 1> {
  return Object.fromEntries(rights);
}
