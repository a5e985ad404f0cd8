import { type Answer, type Call, DONE } from "./call";
import type { Endpoint } from "./endpoint";
import {
  checkUnique,
  ENTITY,
  entities,
  entityOf,
  NOTIFICATION_AUDIT,
  NOTIFICATION_MODIFY,
  notificationsDigest,
  removeEntity,
  store,
} from "./notification-entities";
import { propertyString } from "./property-string";
import { Refusal, refuse } from "./refusal";
import {
  allOptional,
  arrayOf,
  integer,
  oneOf,
  optional,
  type ParameterTable,
  pattern,
  required,
  text,
  type Values,
  without,
} from "./schema";
import { changed, checkDigest, valuesOf } from "./sections";
import type { PbsState } from "./state";
import { changeParameters, line, notificationName } from "./types";
import { checkHeaders, KEY_AND_VALUE, mergedSecrets, nameOf } from "./webhook-secrets";

const RECIPIENTS: ParameterTable = { mailto: optional(arrayOf(line(2, 64))), "mailto-user": optional(arrayOf(line(2, 64))) };

/** One kind of end point. */
interface Kind {
  readonly type: "smtp" | "sendmail" | "gotify" | "webhook";
  readonly options: ParameterTable;
  /** Taken and never told again. */
  readonly secret?: "password" | "token" | "secret";
  readonly deletable: readonly string[];
  /** Taken at creation only. */
  readonly createOnly?: ParameterTable;
}

const KINDS: readonly Kind[] = [
  {
    type: "smtp",
    options: {
      ...RECIPIENTS,
      author: optional(text()),
      "from-address": required(text()),
      mode: optional(oneOf("insecure", "starttls", "tls")),
      password: optional(text()),
      port: optional(integer(0, 65535)),
      server: required(text()),
      username: optional(text()),
    },
    secret: "password",
    deletable: ["author", "comment", "disable", "mailto", "mailto-user", "password", "port", "username"],
  },
  {
    type: "sendmail",
    options: { ...RECIPIENTS, author: optional(text()), "from-address": optional(text()) },
    createOnly: { filter: optional(text()) },
    deletable: ["author", "comment", "disable", "from-address", "mailto", "mailto-user"],
  },
  {
    type: "gotify",
    options: { server: required(text()), token: required(text()) },
    createOnly: { filter: optional(text()) },
    secret: "token",
    deletable: ["comment", "disable"],
  },
  {
    type: "webhook",
    options: {
      body: optional(text()),
      header: optional(arrayOf(propertyString(KEY_AND_VALUE))),
      method: required(oneOf("post", "put", "get")),
      secret: optional(arrayOf(propertyString(KEY_AND_VALUE))),
      url: required(pattern(/^https?:\/\/[^\s/?#]+(?:\/[^\s]*)?$/)),
    },
    secret: "secret",
    deletable: ["comment", "disable", "header", "body", "secret"],
  },
];

export const notificationEndpoints: readonly Endpoint[] = [
  ...KINDS.flatMap(endpointsOf),
  {
    method: "GET",
    path: "/config/notifications/targets",
    permission: NOTIFICATION_AUDIT,
    parameters: {},
    run: ({ state }) => ({ data: targets(state) }),
  },
  {
    method: "POST",
    path: "/config/notifications/targets/:name/test",
    permission: NOTIFICATION_MODIFY,
    parameters: { name: required(notificationName) },
    run: test,
  },
];

function endpointsOf(kind: Kind): readonly Endpoint[] {
  const path = `/config/notifications/endpoints/${kind.type}`;
  const name = required(notificationName);
  return [
    {
      method: "GET",
      path,
      permission: NOTIFICATION_AUDIT,
      parameters: {},
      run: ({ state }) => ({ data: valuesOf(entities(state), kind.type).map((values) => told(state, kind, values)) }),
    },
    {
      method: "POST",
      path,
      permission: NOTIFICATION_MODIFY,
      parameters: { ...ENTITY, ...kind.options, ...kind.createOnly },
      run: (call) => create(call, kind),
    },
    {
      method: "GET",
      path: `${path}/:name`,
      permission: NOTIFICATION_AUDIT,
      parameters: { name },
      run: ({ state, parameters }) => ({
        data: told(state, kind, entityOf(state, kind.type, String(parameters.name), "endpoint")),
        digest: notificationsDigest(state),
      }),
    },
    {
      method: "PUT",
      path: `${path}/:name`,
      permission: NOTIFICATION_MODIFY,
      parameters: {
        ...allOptional({ ...without(ENTITY, "name", "origin"), ...kind.options }),
        name,
        ...changeParameters(...kind.deletable),
      },
      run: (call) => update(call, kind),
    },
    {
      method: "DELETE",
      path: `${path}/:name`,
      permission: NOTIFICATION_MODIFY,
      parameters: { name },
      run: (call) => remove(call, kind),
    },
  ];
}

/** A secret's value is never told; of a web hook's secrets the names are. */
function told(state: Readonly<PbsState>, kind: Kind, values: Values): Values {
  const secrets = state.notificationSecrets[String(values.name)]?.secret as readonly string[] | undefined;
  if (kind.type !== "webhook" || secrets === undefined || secrets.length === 0) return values;
  return { ...values, secret: secrets.map((secret) => `name=${nameOf(secret)}`) };
}

function create({ state, server, parameters }: Call, kind: Kind): Answer {
  checkUnique(state, String(parameters.name));
  checkRecipients(kind, parameters);
  server.change((draft) => {
    const { plain, secret } = apart(kind, parameters);
    store(draft, kind.type, plain);
    if (kind.secret !== undefined) keepSecret(draft, kind.secret, String(parameters.name), secret);
  });
  return DONE;
}

function update({ state, server, parameters }: Call, kind: Kind): Answer {
  const { delete: deleted, digest, ...given } = parameters;
  checkDigest(digest, notificationsDigest(state));
  const name = String(given.name);
  const present = entityOf(state, kind.type, name, "endpoint");
  const { plain, secret } = apart(kind, given);
  const values = changed(present, deleted, plain);
  checkRecipients(kind, values);
  if (kind.type === "webhook") checkHeaders(plain.header);
  const kept = kind.type === "webhook" && secret !== undefined ? mergedSecrets(state, name, secret as readonly string[]) : secret;
  const isForgotten = kind.secret !== undefined && ((deleted ?? []) as readonly string[]).includes(kind.secret);
  server.change((draft) => {
    store(draft, kind.type, values);
    if (kind.secret !== undefined && (kept !== undefined || isForgotten)) keepSecret(draft, kind.secret, name, kept);
  });
  return DONE;
}

function remove({ state, server, parameters }: Call, kind: Kind): Answer {
  const name = String(parameters.name);
  const { origin } = entityOf(state, kind.type, name, "endpoint");
  const users = valuesOf(entities(state), "matcher").filter((matcher) =>
    ((matcher.target ?? []) as readonly string[]).includes(name),
  );
  if (origin === "user-created" && users.length > 0) {
    refuse(`cannot delete '${name}', referenced by: ${users.map((matcher) => String(matcher.name)).join(", ")}`);
  }
  server.change((draft) => removeEntity(draft, name));
  return DONE;
}

/** The lab sends nothing: a test of a target ends at a refused connection, as it would without a network. */
function test({ state, parameters }: Call): Answer {
  const name = String(parameters.name);
  const type = entities(state)[name]?.type;
  if (type === undefined || type === "matcher") throw new Refusal(404, `notification target '${name}' does not exist`);
  throw new Refusal(400, `could not notify via endpoint(s): ${name}: Connection error: Connection refused (os error 111)`);
}

function targets(state: Readonly<PbsState>) {
  return Object.values(entities(state))
    .filter((section) => section.type !== "matcher")
    .map(({ type, values: { name, origin, disable, comment: text } }) => ({
      name,
      origin,
      type,
      ...(disable === undefined ? {} : { disable }),
      ...(text === undefined ? {} : { comment: text }),
    }));
}

function checkRecipients(kind: Kind, values: Values): void {
  const count = (name: string) => ((values[name] ?? []) as readonly string[]).length;
  if ("mailto" in kind.options && count("mailto") + count("mailto-user") === 0) {
    refuse("must at least provide one recipient, either in mailto or in mailto-user");
  }
}

function apart(kind: Kind, values: Values): { readonly plain: Values; readonly secret: Values[string] | undefined } {
  if (kind.secret === undefined) return { plain: values, secret: undefined };
  const { [kind.secret]: secret, ...plain } = values;
  return { plain, secret };
}

function keepSecret(draft: PbsState, kind: string, name: string, secret: Values[string] | undefined): void {
  draft.notificationSecrets = { ...draft.notificationSecrets, [name]: secret === undefined ? {} : { [kind]: secret } };
}
