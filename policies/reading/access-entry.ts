import { BACKUP_SERVER_ROLES } from "../../model";
import { onceFor } from "../engine/once-for";
import { createdAt, type DeviceObject, openKeys } from "./device-object";
import { flagOf } from "./device-value";

/** One right as the objects declare it, the dialects of both products brought together. */
export interface DeclaredEntry {
  readonly object: DeviceObject;
  readonly path: string;
  /** `user@realm` or `user@realm!token`. */
  readonly subject: string;
  readonly role: string;
  readonly propagate: boolean;
  /** Keys whose values are not known yet. */
  readonly open: readonly string[];
}

/** Every entry of the access control lists, the same list for the same objects. Groups are left out: Bastide makes none. */
export const declaredEntries = onceFor((objects: readonly DeviceObject[]): readonly DeclaredEntry[] =>
  createdAt(objects, "/access/acl").flatMap((object): DeclaredEntry[] => {
    const { body } = object;
    const subject = body["auth-id"] ?? body.tokens ?? body.users;
    return subject === undefined
      ? []
      : [
          {
            object,
            path: String(body.path),
            subject: String(subject),
            role: String(body.role ?? body.roles),
            propagate: flagOf(body.propagate, true) !== false,
            open: openKeys(object, ["path", "auth-id", "tokens", "users", "role", "roles", "propagate"]),
          },
        ];
  }),
);

/** The user of a token, the user itself of a user. */
export const userOf = (subject: string): string => subject.split("!")[0] ?? subject;

/** Whether an entry counts on a path: it stands there, or above it and reaches down. */
export const countsOn = (entry: DeclaredEntry, path: string): boolean =>
  entry.path === path || (entry.propagate && (entry.path === "/" || path.startsWith(`${entry.path}/`)));

/** Roles that hold every privilege there is. */
export const isAlmighty = (role: string): boolean => role === "Admin" || role === "Administrator";

/** Whether whoever has the one role has all that the other gives. By privileges where both are known, else by name. */
export function includesRole(role: string, other: string): boolean {
  if (role === other || isAlmighty(role)) return true;
  const own = BACKUP_SERVER_ROLES[role];
  return BACKUP_SERVER_ROLES[other]?.every((privilege) => own?.includes(privilege) === true) ?? false;
}
