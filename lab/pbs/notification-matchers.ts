import { type Answer, type Call, DONE } from "./call";
import { dailyDurationFault } from "./daily-duration";
import type { Endpoint } from "./endpoint";
import {
  checkTargets,
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
import { refuse } from "./refusal";
import {
  allOptional,
  arrayOf,
  boolean,
  oneOf,
  optional,
  type ParameterTable,
  required,
  text,
  type Values,
  without,
} from "./schema";
import { changed, checkDigest, valuesOf } from "./sections";
import { changeParameters, notificationName } from "./types";

const PATH = "/config/notifications/matchers";
const SEVERITIES = ["info", "notice", "warning", "error", "unknown"];

const MATCHER: ParameterTable = {
  ...ENTITY,
  "invert-match": optional(boolean),
  "match-calendar": optional(arrayOf(text())),
  "match-field": optional(arrayOf(text())),
  "match-severity": optional(arrayOf(text())),
  mode: optional(oneOf("all", "any")),
  target: optional(arrayOf(notificationName)),
};

export const matcherEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: PATH,
    permission: NOTIFICATION_AUDIT,
    parameters: {},
    run: ({ state }) => ({ data: valuesOf(entities(state), "matcher") }),
  },
  { method: "POST", path: PATH, permission: NOTIFICATION_MODIFY, parameters: MATCHER, run: create },
  {
    method: "GET",
    path: `${PATH}/:name`,
    permission: NOTIFICATION_AUDIT,
    parameters: { name: required(notificationName) },
    run: ({ state, parameters }) => ({
      data: entityOf(state, "matcher", String(parameters.name), "matcher"),
      digest: notificationsDigest(state),
    }),
  },
  {
    method: "PUT",
    path: `${PATH}/:name`,
    permission: NOTIFICATION_MODIFY,
    parameters: {
      ...allOptional(without(MATCHER, "name", "origin")),
      name: required(notificationName),
      ...changeParameters(...Object.keys(without(MATCHER, "name", "origin"))),
    },
    run: update,
  },
  {
    method: "DELETE",
    path: `${PATH}/:name`,
    permission: NOTIFICATION_MODIFY,
    parameters: { name: required(notificationName) },
    run: remove,
  },
];

function create({ state, server, parameters }: Call): Answer {
  checkDirectives(parameters);
  checkUnique(state, String(parameters.name));
  checkTargets(state, parameters.target);
  server.change((draft) => store(draft, "matcher", parameters));
  return DONE;
}

function update({ state, server, parameters }: Call): Answer {
  const { delete: deleted, digest, ...given } = parameters;
  checkDirectives(given);
  checkDigest(digest, notificationsDigest(state));
  const present = entityOf(state, "matcher", String(given.name), "matcher");
  checkTargets(state, given.target);
  server.change((draft) => store(draft, "matcher", changed(present, deleted, given)));
  return DONE;
}

function remove({ state, server, parameters }: Call): Answer {
  const name = String(parameters.name);
  entityOf(state, "matcher", name, "matcher");
  server.change((draft) => removeEntity(draft, name));
  return DONE;
}

/** What to match is read when the request is, after its parameters were checked; a fault there names no parameter. */
function checkDirectives(values: Values): void {
  const texts = (name: string) => (values[name] ?? []) as readonly string[];
  for (const severities of texts("match-severity")) {
    const wrong = severities.split(",").find((severity) => !SEVERITIES.includes(severity.trim()));
    if (wrong !== undefined) refuse(`invalid severity ${wrong.trim()}`);
  }
  for (const field of texts("match-field")) {
    if (!/^(?:exact|regex):[A-Za-z0-9_][A-Za-z0-9._-]*=.*$/.test(field)) {
      refuse(`could not apply filter: invalid match-field statement: ${field}`);
    }
  }
  for (const hours of texts("match-calendar")) {
    const fault = dailyDurationFault(hours);
    if (fault !== undefined) refuse(`could not parse schedule: ${fault}`);
  }
}
