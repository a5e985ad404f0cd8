import { isAclPath, normalizedPath, type Rights, rolePrivileges, tokenParts } from "./acl";
import { type Call, type Endpoint, get, put } from "./endpoint";
import { refuse, refuseParameters, underLock } from "./refusal";
import type { AclEntry, PveState } from "./state";
import { flag, text } from "./table";
import { existingUser } from "./users";

type Subject = Pick<AclEntry, "type" | "ugid">;

/** The access control list: who has which role on which path. */
export function aclEndpoints(): Endpoint[] {
  const parameters = {
    path: text(),
    roles: text({ format: "pve-roleid-list" }),
    "users?": text({ format: "pve-userid-list" }),
    "groups?": text({ format: "pve-groupid-list" }),
    "tokens?": text({ format: "pve-tokenid-list" }),
    "propagate?": flag(),
    "delete?": flag(),
  };
  return [get("/access/acl", "all", {}, listAcl), put("/access/acl", { kind: "modify", path: "{path}" }, parameters, updateAcl)];
}

function listAcl(call: Call): unknown {
  const mayAll = call.caller.has("/access", "Sys.Audit");
  return [...call.pve.state.access.acl]
    .filter(({ path }) => mayAll || call.caller.mayModify(path))
    .sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
}

function sortKey({ path, type, ugid, roleid }: AclEntry): string {
  return [path, ["user", "group", "token"].indexOf(type), ugid, roleid].join("\0");
}

function updateAcl(call: Call): void {
  const given = call.text("path");
  if (!["users", "groups", "tokens"].some((name) => call.maybe(name))) {
    const fault = "either 'users', 'groups' or 'tokens' is required.";
    refuseParameters({ users: fault, groups: fault, tokens: fault });
  }
  const path = normalizedPath(given);
  const isRemoval = call.flag("delete") === true;
  if (path === undefined || (!isRemoval && !isAclPath(path))) refuseParameters({ path: `invalid ACL path '${given}'` });
  const propagate = call.flag("propagate") === false ? 0 : 1;
  const rights = call.caller.rights(path);
  underLock("ACL update failed", () =>
    call.pve.updateAccess((draft) => {
      for (const role of call.items("roles")) {
        const privileges = rolePrivileges(draft.access, role) ?? refuse(`role '${role}' does not exist`);
        if (!rights.has("Permissions.Modify")) checkHandedOut(role, privileges, rights, isRemoval, propagate);
        for (const subject of subjects(call, draft)) setEntry(draft, { path, ...subject, roleid: role, propagate }, isRemoval);
      }
    }),
  );
}

/** Who may not change all rights on a path may hand out only those that it has. */
function checkHandedOut(
  role: string,
  privileges: ReadonlySet<string>,
  rights: Rights,
  isRemoval: boolean,
  propagate: 0 | 1,
): void {
  const verb = isRemoval ? "remove" : "add";
  for (const privilege of privileges) {
    const own = rights.get(privilege);
    if (own === undefined) {
      refuseParameters({ role: `Cannot ${verb} role '${role}' - requires 'Permissions.Modify' or superset of privileges.` });
    }
    if (propagate === 1 && own !== 1 && !isRemoval) {
      refuseParameters({
        role: `Cannot ${verb} role '${role}' with propagation - requires 'Permissions.Modify' or propagated superset of privileges.`,
      });
    }
  }
  if (role === "NoAccess") refuseParameters({ role: `Cannot ${verb} role '${role}' - requires 'Permissions.Modify'` });
}

function subjects(call: Call, { access }: PveState): Subject[] {
  for (const group of call.items("groups")) if (access.groups[group] === undefined) refuse(`group '${group}' does not exist`);
  for (const user of call.items("users")) if (access.users[user] === undefined) refuse(`user '${user}' does not exist`);
  for (const id of call.items("tokens")) {
    const { user, token } =
      tokenParts(id) ?? refuse(`'${id}' is not a valid token ID - not able to split into user and token parts`);
    if (existingUser(access, user).tokens[token] === undefined) refuse(`no such token '${token}' for user '${user}'`);
  }
  const named = (type: Subject["type"], name: string) => call.items(name).map((ugid): Subject => ({ type, ugid }));
  return [...named("group", "groups"), ...named("user", "users"), ...named("token", "tokens")];
}

function setEntry(draft: PveState, entry: AclEntry, isRemoval: boolean): void {
  const others = draft.access.acl.filter(
    ({ path, type, ugid, roleid }) =>
      path !== entry.path || type !== entry.type || ugid !== entry.ugid || roleid !== entry.roleid,
  );
  // The administrator has every right anyway: the product does not write an entry for it.
  draft.access.acl = isRemoval || entry.ugid === "root@pam" ? others : [...others, entry];
}
