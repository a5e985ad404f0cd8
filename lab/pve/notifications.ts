import { createHash } from "node:crypto";
import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { builtinNotifications } from "./initial-state";
import { changeTable, ENDPOINT_KINDS, type EndpointType, MATCHER, type NotificationKind } from "./notification-table";
import { and, type Check, or, perm } from "./permission";
import { Refusal, refuse } from "./refusal";
import type { NotificationEntry, PveState } from "./state";
import { table, text } from "./table";

const MAPPING = "/mapping/notifications";
const MODIFY = perm(MAPPING, "Mapping.Modify");
const AUDIT = or(MODIFY, perm(MAPPING, "Mapping.Audit"));
const USE = or(MODIFY, perm(MAPPING, "Mapping.Audit"), perm(MAPPING, "Mapping.Use"));
// An end point makes the node talk to any address, which needs a right of its own.
const SEND = and(MODIFY, or(perm("/", "Sys.Audit", "Sys.Modify"), perm("/", "Sys.AccessNetwork")));
const NAME = text({ format: "pve-configid" });
const PREFIX = "/cluster/notifications";

/** End points, matchers and targets of notifications. */
export function notificationEndpoints(): Endpoint[] {
  const types = Object.keys(ENDPOINT_KINDS) as EndpointType[];
  const fields = ["type", "hostname", "job-id"];
  return [
    get(PREFIX, "all", {}, () =>
      ["endpoints", "matchers", "targets", "matcher-fields", "matcher-field-values"].map((name) => ({ name })),
    ),
    get(`${PREFIX}/endpoints`, "all", {}, () => types.map((name) => ({ name }))),
    get(`${PREFIX}/targets`, USE, {}, listTargets),
    post(`${PREFIX}/targets/{name}/test`, USE, { name: NAME }, testTarget),
    get(`${PREFIX}/matcher-fields`, AUDIT, {}, () => fields.map((name) => ({ name }))),
    ...types.flatMap((type) =>
      kindEndpoints(
        `${PREFIX}/endpoints/${type}`,
        type,
        ENDPOINT_KINDS[type],
        type === "gotify" || type === "webhook" ? perm(MAPPING, "Mapping.Audit") : AUDIT,
        SEND,
      ),
    ),
    ...kindEndpoints(`${PREFIX}/matchers`, "matcher", MATCHER, USE, MODIFY),
  ];
}

type EntryType = NotificationEntry["type"];

function kindEndpoints(path: string, type: EntryType, kind: NotificationKind, list: Check, modify: Check): Endpoint[] {
  const one = `${path}/{name}`;
  return [
    get(path, list, {}, (call) => entries(call.pve.state, type).map(([, entry]) => shown(entry))),
    post(path, modify, kind.table, (call) => create(call, type, kind)),
    get(one, AUDIT, { name: NAME }, (call) => {
      const { notifications } = call.pve.state;
      return { ...shown(existing(notifications, type, call.text("name"))), digest: digest(notifications) };
    }),
    put(one, modify, changeTable(kind), (call) => change(call, type, kind)),
    del(one, MODIFY, { name: NAME }, (call) => remove(call, type)),
  ];
}

function entries(state: Readonly<PveState>, type: EntryType): [string, NotificationEntry][] {
  return Object.entries(state.notifications).filter(([, entry]) => entry.type === type);
}

/** A webhook tells the names of its secrets, never their values. */
function shown({ config, origin, secret, type }: NotificationEntry): Record<string, unknown> {
  const names = type === "webhook" && Array.isArray(secret.secret) ? { secret: secret.secret.map(secretName) } : {};
  return { ...config, ...names, origin };
}

function secretName(entry: unknown): string {
  return `name=${/(?:^|,)name=([^,]+)/.exec(String(entry))?.[1] ?? ""}`;
}

function digest(notifications: Readonly<Record<string, NotificationEntry>>): string {
  return createHash("sha256").update(JSON.stringify(notifications)).digest("hex");
}

function existing(notifications: Record<string, NotificationEntry>, type: EntryType, name: string): NotificationEntry {
  const entry = notifications[name];
  if (entry?.type === type) return entry;
  throw new Refusal(`${type === "matcher" ? "matcher" : "endpoint"} '${name}' not found`, 404);
}

function bad(text: string): never {
  throw new Refusal(text, 400);
}

function create(call: Call, type: EntryType, kind: NotificationKind): void {
  const name = call.text("name");
  const { config, secret } = given(call, kind);
  call.pve.update(({ notifications }) => {
    if (notifications[name] !== undefined) bad(`Cannot create '${name}', an entity with the same name already exists`);
    const entry: NotificationEntry = { type, config: { name, ...config }, secret, origin: "user-created" };
    checkEntry(notifications, entry);
    notifications[name] = entry;
  });
}

function change(call: Call, type: EntryType, kind: NotificationKind): void {
  const name = call.text("name");
  const { config, secret } = given(call, kind);
  call.pve.update(({ notifications }) => {
    if (call.has("digest") && call.text("digest") !== digest(notifications)) {
      bad("detected modified configuration - file changed by other user? Try again.");
    }
    const before = existing(notifications, type, name);
    const gone = call.list("delete") ?? [];
    const unknown = gone.find((key) => !kind.deletable.includes(key));
    if (unknown !== undefined) {
      const known = kind.deletable.map((key) => `\`${key}\``).join(", ");
      refuse(`unknown variant \`${unknown}\`, expected one of ${known}`);
    }
    const without = (settings: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(settings).filter(([key]) => !gone.includes(key)));
    const entry: NotificationEntry = {
      type,
      config: { ...without(before.config), ...config },
      secret: { ...without(before.secret), ...secret },
      origin: before.origin === "user-created" ? "user-created" : "modified-builtin",
    };
    checkEntry(notifications, entry);
    notifications[name] = entry;
  });
}

/** The settings of a call; an empty list is not kept, switches and ports are numbers. */
function given(call: Call, kind: NotificationKind): { config: Record<string, unknown>; secret: Record<string, unknown> } {
  const config: Record<string, unknown> = {};
  const secret: Record<string, unknown> = {};
  for (const [key, property] of Object.entries(table(kind.table))) {
    const value = call.values[key];
    if (key === "name" || value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    const kept = typeof value === "string" && property.type !== "string" ? Number(value) : value;
    (kind.secret.includes(key) ? secret : config)[key] = kept;
  }
  return { config, secret };
}

function checkEntry(notifications: Readonly<Record<string, NotificationEntry>>, { type, config }: NotificationEntry): void {
  const list = (name: string) => (config[name] ?? []) as readonly string[];
  const needsRecipient = type === "smtp" || type === "sendmail";
  if (needsRecipient && list("mailto").length + list("mailto-user").length === 0) {
    bad("must at least provide one recipient, either in mailto or in mailto-user");
  }
  for (const severity of list("match-severity").flatMap((entry) => entry.split(","))) {
    if (!/^(info|notice|warning|error|unknown)$/.test(severity.trim())) refuse(`invalid severity ${severity.trim()}`);
  }
  for (const field of list("match-field")) {
    if (!/^(exact|regex):[^=]+=.*$/.test(field)) refuse(`could not apply filter: invalid match-field statement: ${field}`);
  }
  for (const target of list("target")) {
    const entry = notifications[target];
    if (entry === undefined || entry.type === "matcher") throw new Refusal(`endpoint '${target}' does not exist`, 404);
  }
}

/** What the product brings is not removed, but put back as it was. */
function remove(call: Call, type: EntryType): void {
  const name = call.text("name");
  call.pve.update(({ notifications }) => {
    existing(notifications, type, name);
    const builtin = builtinNotifications()[name];
    if (builtin !== undefined) {
      notifications[name] = builtin;
      return;
    }
    const users = Object.values(notifications).filter(({ config }) =>
      (config.target as readonly string[] | undefined)?.includes(name),
    );
    if (type !== "matcher" && users.length > 0) {
      bad(`cannot delete '${name}', referenced by: ${users.map(({ config }) => String(config.name)).join(", ")}`);
    }
    delete notifications[name];
  });
}

function listTargets(call: Call): unknown {
  return Object.entries(call.pve.state.notifications)
    .filter(([, { type }]) => type !== "matcher")
    .map(([name, { type, origin, config }]) => {
      const { comment, disable } = config;
      return { name, type, origin, ...(comment === undefined ? {} : { comment }), ...(disable === undefined ? {} : { disable }) };
    });
}

/** The lab sends no mail: a test of a target that exists is taken and does nothing. */
function testTarget(call: Call): void {
  const entry = call.pve.state.notifications[call.text("name")];
  if (entry === undefined || entry.type === "matcher") throw new Refusal(`endpoint '${call.text("name")}' does not exist`, 404);
}
