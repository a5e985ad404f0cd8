import { splitPath } from "./acl-tree";
import { isToken, userOf } from "./auth-id";
import type { Answer, Call } from "./call";
import type { Endpoint } from "./endpoint";
import { PRIVILEGES, privilegesOf, ROLE_NAMES } from "./privileges";
import { refuse } from "./refusal";
import { optional } from "./schema";
import { aclPath, authId } from "./types";

/** Answered even where no ACL names them. */
const DEFAULT_PATHS = ["/", "/access", "/datastore", "/remote", "/system"];

export const permissionEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/access/permissions",
    permission: "anybody",
    parameters: { "auth-id": optional(authId), path: optional(aclPath) },
    run: list,
  },
  {
    method: "GET",
    path: "/access/roles",
    permission: "anybody",
    parameters: {},
    run: () => ({ data: ROLE_NAMES.map((role) => ({ roleid: role, privs: privilegesOf(role) })) }),
  },
];

/** Effective privileges by path; a path without any is left out. */
function list({ state, caller, parameters }: Call): Answer {
  const id = String(parameters["auth-id"] ?? caller.authId);
  const isOwnToken = isToken(id) && !caller.isToken && userOf(id) === caller.authId;
  if (id !== caller.authId && !isOwnToken && !caller.hasAny(["access"], "Sys.Audit")) {
    refuse(`not allowed to list permissions of ${id}`);
  }
  const { path } = parameters;
  const paths = path === undefined ? [...DEFAULT_PATHS, ...state.acl.flatMap((entry) => prefixes(entry.path))] : [String(path)];
  const found = [...new Set(paths)].map((one) => [one, caller.privileges(splitPath(one), id)] as const);
  const data = found
    .filter(([, privileges]) => privileges.size > 0)
    .map(([one, privileges]) => [
      one,
      Object.fromEntries(PRIVILEGES.filter((name) => privileges.has(name)).map((name) => [name, privileges.get(name)])),
    ]);
  return { data: Object.fromEntries(data) };
}

/** A path and every path above it but the root. */
function prefixes(path: string): readonly string[] {
  const parts = splitPath(path);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}
