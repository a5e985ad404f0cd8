import type { Answer, Call } from "./call";
import type { Caller } from "./caller";
import type { Privilege } from "./privileges";
import type { ParameterTable } from "./schema";

/** Who may call, before the parameters are looked at. */
export type Permission =
  /** No credential needed. */
  | "world"
  /** Any credential; the handler checks the rest itself. */
  | "anybody"
  /** All of the privileges on the path; `{name}` stands for a path parameter. */
  | { readonly on: string; readonly all: readonly Privilege[] }
  /** The caller is the user named by the path parameter. */
  | { readonly isUser: string }
  | { readonly or: readonly Permission[] };

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export interface Endpoint {
  readonly method: Method;
  /** `/config/prune/:id` */
  readonly path: string;
  readonly permission: Permission;
  readonly parameters: ParameterTable;
  run(call: Call): Answer | Promise<Answer>;
}

export function permits(permission: Permission, caller: Caller | undefined, parts: Readonly<Record<string, string>>): boolean {
  if (permission === "world") return true;
  if (caller === undefined) return false;
  if (permission === "anybody" || caller.isSuperuser) return true;
  if ("isUser" in permission) return caller.authId === parts[permission.isUser];
  if ("or" in permission) return permission.or.some((one) => permits(one, caller, parts));
  const path = permission.on.split("/").filter((part) => part !== "");
  const concrete = path.flatMap((part) => (part.startsWith("{") ? (parts[part.slice(1, -1)] ?? "").split("/") : [part]));
  return caller.hasAll(concrete, ...permission.all);
}
