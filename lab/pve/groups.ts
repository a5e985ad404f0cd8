import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { anyOf, perm } from "./permission";
import { refuse, underLock } from "./refusal";
import { text } from "./table";

const GROUPID = text({ format: "pve-groupid" });
const ALLOCATE = perm("/access/groups", "Group.Allocate");
const MISSING = (group: string) => `group '${group}' does not exist`;

/** Groups of users. */
export function groupEndpoints(): Endpoint[] {
  return [
    get("/access/groups", "all", {}, listGroups),
    post("/access/groups", ALLOCATE, { groupid: GROUPID, "comment?": text() }, createGroup),
    get("/access/groups/{groupid}", anyOf("/access/groups", "Sys.Audit", "Group.Allocate"), { groupid: GROUPID }, readGroup),
    put("/access/groups/{groupid}", ALLOCATE, { groupid: GROUPID, "comment?": text() }, updateGroup),
    del("/access/groups/{groupid}", ALLOCATE, { groupid: GROUPID }, deleteGroup),
  ];
}

function listGroups(call: Call): unknown {
  return Object.entries(call.pve.state.access.groups)
    .filter(([name]) => call.caller.hasAny(`/access/groups/${name}`, "User.Modify", "Sys.Audit", "Group.Allocate"))
    .map(([groupid, { members, ...group }]) => ({ groupid, ...group, users: [...members].sort().join(",") }));
}

function createGroup(call: Call): void {
  const name = call.text("groupid");
  const comment = call.maybe("comment");
  underLock("create group failed", () =>
    call.pve.updateAccess(({ access }) => {
      if (access.groups[name] !== undefined) refuse(`group '${name}' already exists`);
      access.groups[name] = { members: [], ...(comment ? { comment } : {}) };
    }),
  );
}

function readGroup(call: Call): unknown {
  const name = call.text("groupid");
  const { members, ...group } = call.pve.state.access.groups[name] ?? refuse(MISSING(name));
  return { members, ...group };
}

function updateGroup(call: Call): void {
  const name = call.text("groupid");
  const comment = call.maybe("comment");
  underLock("update group failed", () =>
    call.pve.updateAccess(({ access }) => {
      const group = access.groups[name] ?? refuse(MISSING(name));
      if (comment === "") delete group.comment;
      else if (comment !== undefined) group.comment = comment;
    }),
  );
}

function deleteGroup(call: Call): void {
  const name = call.text("groupid");
  underLock("delete group failed", () =>
    call.pve.updateAccess(({ access }) => {
      if (access.groups[name] === undefined) refuse(MISSING(name));
      delete access.groups[name];
      access.acl = access.acl.filter(({ type, ugid }) => type !== "group" || ugid !== name);
    }),
  );
}
