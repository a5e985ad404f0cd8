import type { Property } from "./property";
import { flag, integer, list, table, text } from "./table";

export type EndpointType = "smtp" | "sendmail" | "gotify" | "webhook";

const NAME = text({ format: "pve-configid" });
const RECIPIENTS = {
  "mailto?": list(text({ format: "email-or-username" })),
  "mailto-user?": list(text({ format: "pve-userid" })),
};
const COMMON = { name: NAME, "comment?": text(), "disable?": flag() };

export interface NotificationKind {
  readonly table: Readonly<Record<string, Property>>;
  /** Settings that a change may take away. */
  readonly deletable: readonly string[];
  /** Settings that no answer shows. */
  readonly secret: readonly string[];
}

/** The ways to send a notification. */
export const ENDPOINT_KINDS: Readonly<Record<EndpointType, NotificationKind>> = {
  smtp: {
    table: {
      ...COMMON,
      ...RECIPIENTS,
      server: text(),
      "from-address": text(),
      "mode?": text({ enum: ["insecure", "starttls", "tls"] }),
      "port?": integer(),
      "username?": text(),
      "password?": text(),
      "author?": text(),
    },
    deletable: ["author", "comment", "disable", "mailto", "mailto-user", "password", "port", "username"],
    secret: ["password"],
  },
  sendmail: {
    table: { ...COMMON, ...RECIPIENTS, "from-address?": text(), "author?": text() },
    deletable: ["author", "comment", "disable", "from-address", "mailto", "mailto-user"],
    secret: [],
  },
  gotify: { table: { ...COMMON, server: text(), token: text() }, deletable: ["comment", "disable"], secret: ["token"] },
  webhook: {
    table: {
      ...COMMON,
      method: text({ enum: ["post", "put", "get"] }),
      url: text(),
      "body?": text(),
      "header?": list(text()),
      "secret?": list(text()),
    },
    deletable: ["body", "comment", "disable", "header", "secret"],
    secret: ["secret"],
  },
};

/** What decides which notification goes where. */
export const MATCHER: NotificationKind = {
  table: {
    ...COMMON,
    "mode?": text({ enum: ["all", "any"] }),
    "invert-match?": flag(),
    "target?": list(NAME),
    "match-severity?": list(text()),
    "match-field?": list(text()),
    "match-calendar?": list(text()),
  },
  deletable: ["comment", "disable", "invert-match", "match-calendar", "match-field", "match-severity", "mode", "target"],
  secret: [],
};

/** The table of a change: everything but the name can be left out. */
export function changeTable(kind: NotificationKind): Readonly<Record<string, Property>> {
  const { name: _, ...rest } = table(kind.table);
  const optional = Object.fromEntries(Object.entries(rest).map(([key, property]) => [`${key}?`, property]));
  return { name: NAME, ...optional, "delete?": list(text({ format: "pve-configid" })), "digest?": text({ maxLength: 64 }) };
}
