import { rolePrivileges } from "./acl";
import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { FormatFault, registerFormat } from "./formats";
import { perm } from "./permission";
import { BUILTIN_ROLES, PRIVILEGES } from "./privileges";
import { refuse, refuseParameters, underLock } from "./refusal";
import { flag, text } from "./table";

registerFormat("pve-priv", (value) => {
  if (!PRIVILEGES.has(value)) throw new FormatFault(`invalid privilege '${value}'`);
});

const ROLEID = text({ format: "pve-roleid" });
const PRIVS = text({ format: "pve-priv-list" });
const MODIFY = perm("/access", "Sys.Modify");
const MISSING = (role: string) => `role '${role}' does not exist`;

/** Roles: sets of privileges. */
export function roleEndpoints(): Endpoint[] {
  return [
    get("/access/roles", "all", {}, listRoles),
    post("/access/roles", MODIFY, { roleid: ROLEID, "privs?": PRIVS }, createRole),
    get("/access/roles/{roleid}", "all", { roleid: ROLEID }, readRole),
    put(
      "/access/roles/{roleid}",
      MODIFY,
      { roleid: ROLEID, "privs?": PRIVS, "append?": flag({ requires: "privs" }) },
      updateRole,
    ),
    del("/access/roles/{roleid}", MODIFY, { roleid: ROLEID }, deleteRole),
  ];
}

function listRoles(call: Call): unknown {
  const own = Object.entries(call.pve.state.access.roles).map(([roleid, privileges]) => ({ roleid, privileges, special: 0 }));
  const builtin = [...BUILTIN_ROLES].map(([roleid, privileges]) => ({ roleid, privileges: [...privileges], special: 1 }));
  return [...builtin, ...own].map(({ privileges, ...role }) => ({ ...role, privs: [...privileges].sort().join(",") }));
}

function createRole(call: Call): void {
  const role = call.text("roleid");
  if (/^PVE/i.test(role)) refuseParameters({ roleid: "cannot use role ID starting with the (case-insensitive) 'PVE' namespace" });
  underLock("create role failed", () =>
    call.pve.updateAccess(({ access }) => {
      if (rolePrivileges(access, role) !== undefined) refuse(`role '${role}' already exists`);
      access.roles[role] = call.items("privs");
    }),
  );
}

function readRole(call: Call): unknown {
  const role = call.text("roleid");
  const privileges = rolePrivileges(call.pve.state.access, role) ?? refuse(MISSING(role));
  return Object.fromEntries([...privileges].map((privilege) => [privilege, 1]));
}

function updateRole(call: Call): void {
  const role = call.text("roleid");
  if (BUILTIN_ROLES.has(role)) refuse(`auto-generated role '${role}' cannot be modified`);
  underLock("update role failed", () =>
    call.pve.updateAccess(({ access }) => {
      const before = access.roles[role] ?? refuse(MISSING(role));
      access.roles[role] = [...new Set([...(call.flag("append") ? before : []), ...call.items("privs")])];
    }),
  );
}

function deleteRole(call: Call): void {
  const role = call.text("roleid");
  if (BUILTIN_ROLES.has(role)) refuse(`auto-generated role '${role}' cannot be deleted`);
  underLock("delete role failed", () =>
    call.pve.updateAccess(({ access }) => {
      if (access.roles[role] === undefined) refuse(MISSING(role));
      delete access.roles[role];
      access.acl = access.acl.filter(({ roleid }) => roleid !== role);
    }),
  );
}
