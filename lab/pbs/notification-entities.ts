import type { Permission } from "./endpoint";
import { Refusal, refuse } from "./refusal";
import { boolean, oneOf, optional, type ParameterTable, required, type Values } from "./schema";
import { digestOf, type Section, type Sections } from "./sections";
import type { PbsState } from "./state";
import { comment, notificationName } from "./types";

export const NOTIFICATION_AUDIT: Permission = { on: "/system/notifications", all: ["Sys.Audit"] };
export const NOTIFICATION_MODIFY: Permission = { on: "/system/notifications", all: ["Sys.Modify"] };
const ORIGIN = oneOf("user-created", "builtin", "modified-builtin");

/** What every entity has. */
export const ENTITY: ParameterTable = {
  name: required(notificationName),
  comment: optional(comment),
  disable: optional(boolean),
  origin: optional(ORIGIN),
};

/** There from the installation; removing one brings it back as it was. */
const BUILTIN: Sections = {
  "mail-to-root": {
    type: "sendmail",
    values: { name: "mail-to-root", comment: "Send mails to root@pam's email address", "mailto-user": ["root@pam"] },
  },
  "default-matcher": {
    type: "matcher",
    values: {
      name: "default-matcher",
      comment: "Route everything but successful prune job notifications to mail-to-root",
      "invert-match": true,
      "match-field": ["exact:type=prune"],
      "match-severity": ["info"],
      mode: "all",
      target: ["mail-to-root"],
    },
  },
};

/** Every end point and matcher, with where it comes from. */
export function entities(state: Readonly<PbsState>): Sections {
  const all = { ...state.notifications, ...missing(BUILTIN, state.notifications) };
  return Object.fromEntries(
    Object.entries(all).map(([name, section]) => [name, { ...section, values: withOrigin(name, section) }]),
  );
}

/** @throws Refusal 404 */
export function entityOf(state: Readonly<PbsState>, type: string, name: string, what: string): Values {
  const section = entities(state)[name];
  if (section?.type !== type) throw new Refusal(404, `${what} '${name}' not found`);
  return section.values;
}

/** Digest of the file, in which built-in entities stand only once somebody has changed something. */
export function notificationsDigest(state: Readonly<PbsState>): string {
  return digestOf(state.notifications, "name", "origin");
}

/** @throws Refusal 400 where any entity has this name */
export function checkUnique(state: Readonly<PbsState>, name: string): void {
  if (Object.hasOwn(entities(state), name)) refuse(`Cannot create '${name}', an entity with the same name already exists`);
}

/** @throws Refusal 404 where one of the targets is no end point */
export function checkTargets(state: Readonly<PbsState>, names: Values[string] | undefined): void {
  const all = entities(state);
  for (const name of (names ?? []) as readonly string[]) {
    if (all[name] === undefined || all[name].type === "matcher") throw new Refusal(404, `endpoint '${name}' does not exist`);
  }
}

/** Stores an entity; `origin` is never stored, and an empty list is the same as none. */
export function store(draft: PbsState, type: string, values: Values): void {
  const { origin: _origin, ...rest } = values;
  const kept = Object.entries(rest).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  const section: Section = { type, values: Object.fromEntries(kept) };
  draft.notifications = { ...draft.notifications, [String(values.name)]: section };
}

export function removeEntity(draft: PbsState, name: string): void {
  const { [name]: _removed, ...rest } = draft.notifications;
  draft.notifications = rest;
  const { [name]: _secret, ...secrets } = draft.notificationSecrets;
  draft.notificationSecrets = secrets;
}

function withOrigin(name: string, section: Section): Values {
  const builtin = Object.hasOwn(BUILTIN, name) ? BUILTIN[name] : undefined;
  if (builtin === undefined || builtin.type !== section.type) return { ...section.values, origin: "user-created" };
  return { ...section.values, origin: sameValues(builtin.values, section.values) ? "builtin" : "modified-builtin" };
}

function sameValues(left: Values, right: Values): boolean {
  const sorted = (values: Values) => JSON.stringify(Object.entries(values).sort());
  return sorted(left) === sorted(right);
}

function missing(sections: Sections, present: Sections): Sections {
  return Object.fromEntries(Object.entries(sections).filter(([name]) => !Object.hasOwn(present, name)));
}
