import { Refusal } from "./answers";
import { apiKey } from "./api-key";
import { applyFilter, create, list, read, remove, removeOne, replaceAll, toRemove, update } from "./collection";
import { firewallAlias } from "./firewall-alias";
import { firewallRule } from "./firewall-rule";
import { firewallState } from "./firewall-state";
import { INTERFACE_FIELDS, interfaceGroup, interfaceValues, interfaceVlan } from "./interfaces";
import type { Item } from "./item";
import { type Context, type Model, shown } from "./model";
import { text } from "./php";
import { select } from "./query";
import type { RequestData } from "./request-data";

/** Runs a change on a copy of the configuration and keeps it on disk; a refusal inside leaves nothing behind. */
export type WriteOnce = <Result>(change: (context: Context) => Result) => Result;

type Call = (request: RequestData, context: Context, write: WriteOnce) => unknown;

export interface Endpoint {
  readonly calls: Readonly<Record<string, Call>>;
  /** Names that a list can be sorted by. */
  readonly fields: (context: Context) => readonly string[];
  readonly onlyBasic?: boolean;
  /** How many objects a list gives without `limit`; 0: all. */
  readonly limit?: number;
}

type ModelOf = (context: Context) => Model;

/** The URL of one object. */
function singular(modelOf: ModelOf, methods: readonly string[]): Endpoint {
  const calls: Record<string, Call> = {
    GET: (request, context) => read(modelOf(context), request, context),
    POST: (request, _context, write) => write((context) => create(modelOf(context), request, context)),
    PATCH: (request, _context, write) => write((context) => update(modelOf(context), request, context)),
    DELETE: (request, _context, write) => write((context) => remove(modelOf(context), request, context)),
  };
  return { calls: only(calls, methods), fields: fieldsOf(modelOf) };
}

/** The URL of the whole list. */
function plural(modelOf: ModelOf, methods: readonly string[], limit = 0): Endpoint {
  const calls: Record<string, Call> = {
    GET: (request, context) => list(modelOf(context), request, context),
    PUT: (request, _context, write) => write((context) => replaceAll(modelOf(context), request, context)),
    DELETE: (request, context, write) => {
      const doomed = toRemove(modelOf(context), request, context);
      for (const item of [...doomed].reverse()) write((current) => removeOne(modelOf(current), item, current));
      return doomed.map((item) => shown(modelOf(context), item));
    },
  };
  return { calls: only(calls, methods), fields: fieldsOf(modelOf), limit };
}

const only = (calls: Record<string, Call>, methods: readonly string[]) =>
  Object.fromEntries(Object.entries(calls).filter(([method]) => methods.includes(method)));

const fieldsOf = (modelOf: ModelOf) => (context: Context) => modelOf(context).fields.map(({ name }) => name);

const fixed = (calls: Readonly<Record<string, Call>>): Endpoint => ({ calls, fields: () => [] });

const applied = ({ configuration: { pending } }: Context) => ({ applied: pending.length === 0, pending_subsystems: pending });

const interfaces = ({ configuration }: Context): Item[] =>
  Object.entries(configuration.interfaces).map(([id, one]) => ({ id, values: interfaceValues(one) }));

const interfaceShown = ({ id, values }: Item) => ({ id, ...values });

function oneInterface({ values }: RequestData, context: Context): unknown {
  if (!("id" in values)) throw new Refusal(400, "MODEL_REQUIRES_ID", "Field 'id' is required.");
  const found = interfaces(context).find(({ id }) => id === values.id);
  if (found !== undefined) return interfaceShown(found);
  throw new Refusal(404, "MODEL_OBJECT_NOT_FOUND", `Object with ID '${text(values.id)}' does not exist.`);
}

/** pfSense CE 2.8.1, the newest that the package 2.10.0 is built for. */
const VERSION = { version: "2.8.1-RELEASE", base: "2.8.1", patch: "0", buildtime: "20250903-0413" };

/** Every URL of the package that the lab answers, below `/api/v2`. */
export const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "/firewall/rule": singular(firewallRule, ["GET", "POST", "PATCH", "DELETE"]),
  "/firewall/rules": plural(firewallRule, ["GET", "PUT", "DELETE"]),
  "/firewall/alias": singular(firewallAlias, ["GET", "POST", "PATCH", "DELETE"]),
  "/firewall/aliases": plural(firewallAlias, ["GET", "PUT", "DELETE"]),
  "/firewall/apply": fixed({
    GET: (_request, context) => applied(context),
    POST: ({ dryRun }, context, write) => {
      if (!dryRun) write(applyFilter);
      return dryRun ? applied(context) : { applied: true, pending_subsystems: [] };
    },
  }),
  "/firewall/state": singular(firewallState, ["GET", "DELETE"]),
  "/firewall/states": plural(firewallState, ["GET", "DELETE"], 100),
  "/interface": fixed({ GET: oneInterface }),
  "/interfaces": {
    calls: {
      GET: ({ values, page }, context) => select(interfaces(context), values, page, INTERFACE_FIELDS).map(interfaceShown),
    },
    fields: () => INTERFACE_FIELDS.map(({ name }) => name),
  },
  "/interface/vlan": singular(interfaceVlan, ["GET", "POST", "PATCH", "DELETE"]),
  "/interface/vlans": plural(interfaceVlan, ["GET", "DELETE"]),
  "/interface/group": singular(interfaceGroup, ["GET", "POST", "PATCH", "DELETE"]),
  "/interface/groups": plural(interfaceGroup, ["GET", "PUT", "DELETE"]),
  "/auth/key": { ...singular(apiKey, ["POST", "DELETE"]), onlyBasic: true },
  "/auth/keys": plural(apiKey, ["GET", "DELETE"]),
  "/system/version": fixed({ GET: () => VERSION }),
};
