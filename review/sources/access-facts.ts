import type { Grant } from "../configuration";
import { type ApiObject, certain, ObjectReader } from "./api-object";

/** Keys that name the subject: the list's, then those of a request to each product. */
const SUBJECT = ["ugid", "auth-id", "tokens", "users", "groups"];
const ROLE = ["roleid", "role", "roles"];

/** A right, as `/access/acl` lists it or as it is requested. A group stands with an `@` before its name. */
function grantOf(source: ApiObject): Grant {
  const entry = new ObjectReader(source);
  const key = SUBJECT.find((name) => entry.has(name) || entry.unknown(name)) ?? "ugid";
  const subject = entry.name(key);
  const isGroup = key === "groups" || certain(entry.text("type", "")) === "group";
  const role = ROLE.find((name) => entry.has(name) || entry.unknown(name)) ?? "roleid";
  return {
    device: source.device,
    subject: isGroup ? `@${subject}` : subject,
    path: entry.name("path"),
    role: entry.has(role) || entry.unknown(role) ? entry.text(role, "") : { unknown: "it names no role" },
    propagate: certain(entry.flag("propagate", true)),
  };
}

/** A user or token, with what its rights depend on. */
export interface Account {
  readonly device: string;
  readonly subject: string;
  readonly enabled: boolean;
  /** A token of Proxmox VE that has all rights of its user, and none of its own. */
  readonly sharesRights: boolean;
}

/** A user with its tokens, as `/access/users` lists them. */
export function accountsOf(source: ApiObject): Account[] {
  const user = new ObjectReader(source);
  const { device, object } = source;
  const subject = user.name("userid");
  const tokens = (Array.isArray(object.tokens) ? object.tokens : []) as Readonly<Record<string, unknown>>[];
  return [
    { device, subject, enabled: certain(user.flag("enable", true)), sharesRights: false },
    ...tokens.map((token) => tokenOf({ ...source, object: token }, subject)),
  ];
}

/** A token. @param user `user@realm` that owns it: Proxmox VE names a token without it */
export function tokenOf(source: ApiObject, user: string, name?: string): Account {
  const token = new ObjectReader(source);
  const id = name ?? token.name("tokenid");
  return {
    device: source.device,
    subject: id.includes("!") ? id : `${user}!${id}`,
    enabled: certain(token.flag("enable", true)),
    sharesRights: source.device === "hypervisor" && !certain(token.flag("privsep", true)),
  };
}

/** The rights in force: those of a disabled account are none, and a token without rights of its own has its user's. */
export function grantsInForce(entries: readonly ApiObject[], accounts: readonly Account[]): Grant[] {
  const key = (device: string, subject: string) => `${device} ${subject}`;
  const disabled = new Set(accounts.filter(({ enabled }) => !enabled).map(({ device, subject }) => key(device, subject)));
  const shared = new Map(accounts.filter(({ sharesRights }) => sharesRights).map((one) => [key(one.device, one.subject), one]));
  const userOf = (subject: string) => subject.split("!")[0] ?? subject;
  const isOff = (device: string, subject: string) =>
    disabled.has(key(device, subject)) || disabled.has(key(device, userOf(subject)));
  const own = entries.map(grantOf).filter((grant) => !shared.has(key(grant.device, grant.subject)));
  const inherited = [...shared.values()].flatMap(({ device, subject }) =>
    own
      .filter((grant) => grant.device === device && grant.subject === userOf(subject))
      .map((grant): Grant => ({ ...grant, subject })),
  );
  return [...own, ...inherited].filter(({ device, subject }) => !isOff(device, subject));
}
