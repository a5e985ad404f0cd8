import { BACKUP_SERVER_ROLES } from "../model";
import type { Grant } from "./configuration";
import { isUnknown, type Known, whereKnown } from "./known";
import type { EffectivePrivileges } from "./protection";

/** What a subject of one device can do on a path and below it. */
interface Right {
  readonly path: string;
  readonly propagate: boolean;
  readonly privileges: readonly string[];
}

/** What nobody has to be granted. */
const SUPERUSER = "root@pam";
const EVERYTHING = "everything";

/**
 * What each subject can do, at every path where its own or its user's rights begin or change. On both products the roles of the
 * deepest path that names a subject replace what it inherits, `NoAccess` takes all away, and a token can do what both it and its
 * user can.
 */
export function effectivePrivileges(grants: Known<readonly Grant[]>): Known<readonly EffectivePrivileges[]> {
  return whereKnown(grants, (all) => {
    const keys = new Map(all.map(({ device, subject }) => [`${device} ${subject}`, { device, subject }]));
    return [...keys.values()]
      .flatMap(({ device, subject }) => {
        const own = rightsOf(all, device, subject);
        const rights = subject.includes("!") ? intersection(own, userRights(all, device, subject)) : own;
        return rights.map((right): EffectivePrivileges => ({ device, subject, ...right }));
      })
      .sort(
        (one, other) => compare(one.device, other.device) || compare(one.subject, other.subject) || compare(one.path, other.path),
      );
  });
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** The rights of a token's user; those of the superuser have no bounds. */
function userRights(all: readonly Grant[], device: string, token: string): readonly Right[] {
  const user = token.slice(0, token.indexOf("!"));
  return user === SUPERUSER ? [{ path: "/", propagate: true, privileges: [EVERYTHING] }] : rightsOf(all, device, user);
}

/** One right for each path: its roles add up. */
function rightsOf(all: readonly Grant[], device: string, subject: string): Right[] {
  const mine = all.filter((grant) => grant.device === device && grant.subject === subject);
  const paths = [...new Set(mine.map(({ path }) => path))];
  return paths.map((path) => {
    const here = mine.filter((grant) => grant.path === path);
    const none = here.some(({ role }) => role === "NoAccess");
    const privileges = none ? [] : here.flatMap(({ role }) => privilegesOf(device, role));
    return { path, propagate: here.some(({ propagate }) => propagate), privileges: [...new Set(privileges)].sort() };
  });
}

function privilegesOf(device: string, role: Known<string>): readonly string[] {
  if (isUnknown(role)) return [`role unknown: ${role.unknown}`];
  return (device === "hypervisor" ? undefined : BACKUP_SERVER_ROLES[role]) ?? [`role ${role}`];
}

function intersection(token: readonly Right[], user: readonly Right[]): Right[] {
  const paths = [...new Set([...token, ...user].map(({ path }) => path))];
  return paths.flatMap((path) => {
    const both = common(privilegesAt(token, path), privilegesAt(user, path));
    const below = `${path === "/" ? "" : path}/*`;
    const inherited = common(privilegesAt(token, below), privilegesAt(user, below));
    if (both.length === 0 && inherited.length === 0 && !token.some((right) => right.path === path)) return [];
    return [{ path, propagate: inherited.length > 0, privileges: both.length > 0 ? both : inherited }];
  });
}

function common(token: readonly string[], user: readonly string[]): readonly string[] {
  if (user.includes(EVERYTHING)) return token;
  return token.filter((privilege) => user.includes(privilege));
}

/** What a list of rights of one subject gives at a path: the deepest right above it that reaches it. */
export function privilegesAt(rights: readonly Right[], path: string): readonly string[] {
  const above = rights
    .filter((right) => right.path === path || (right.propagate && isBelow(path, right.path)))
    .sort((one, other) => other.path.length - one.path.length);
  return above[0]?.privileges ?? [];
}

const isBelow = (path: string, other: string): boolean => other === "/" || path.startsWith(`${other}/`);
