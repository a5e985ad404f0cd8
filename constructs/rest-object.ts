import type { RestfulProvider } from "../.gen/providers/restful/provider";
import { type ResourceConfig, Resource as RestfulResource } from "../.gen/providers/restful/resource";
import { constructId } from "./construct-id";
import type { Construct, ITerraformDependable } from "./core";
import { literal } from "./literal";
import { memberOf, type RestBody, type RestValue, readSelector } from "./rest-selector";

/** A device that the restful provider drives. */
export interface RestDevice {
  readonly provider: RestfulProvider;
  /** Writes that name the same mutex follow one another: none of these devices is made for concurrent changes. */
  readonly mutex: string;
  /** What tells its objects from those of the other devices of the same stack: `["pbs"]`; empty where there is one device. */
  readonly idPrefix: readonly string[];
}

export interface RestObjectProps {
  readonly device: RestDevice;
  /** Path of the list that holds the object. Always a list: for a single missing object the devices answer 400 or 500, not 404. */
  readonly collection: string;
  /** Key and value that identify the object in the list. */
  readonly key: readonly [name: string, value: string];
  /** Where the object stands in the answer, if a look-up by `key` does not find it. */
  readonly select?: string;
  readonly readQuery?: Readonly<Record<string, string>>;
  /** Path that updates and deletes the object. Default: its key below the collection. */
  readonly objectPath?: string;
  /** Path that deletes it, where that is another one. */
  readonly deletePath?: string;
  /** Path that creates it. Default: the collection. */
  readonly createPath?: string;
  readonly deleteQuery?: Readonly<Record<string, string>>;
  /** Default POST and DELETE. */
  readonly methods?: { readonly create?: "PUT"; readonly delete?: "PUT" };
  /** Sent with the deletion, where that is not a DELETE. */
  readonly deleteBody?: RestBody;
  /** Part of the answer to a creation that may be kept. Default nothing: some answers carry a new secret. */
  readonly createSelector?: string;

  /** Everything that is declared: what differs from it on the device is planned as a change. */
  readonly body: RestBody;
  /** Values of declared keys that the device leaves out of its answers. Without its default, such a key would never settle. */
  readonly defaults?: RestBody;
  /** See {@link Reading.derived}. */
  readonly derived?: Readonly<Record<string, string>>;
  /** Declared keys that an update may not carry. A change of one replaces the object. */
  readonly createOnly?: readonly string[];
  /** Further declared keys whose change replaces the object, although an update could carry them. */
  readonly replaceOn?: readonly string[];
  /** Declared keys that the device takes and never answers. They are not compared. */
  readonly unread?: readonly string[];
  /**
   * Keys that an update can remove. Those that the body does not set must be absent: one that is set by hand is planned as a
   * change of the witness key and removed.
   */
  readonly deletable?: readonly string[];
  /** Keys of secrets that the device shows in another form than it is given them: one that is gone is given again. */
  readonly expected?: readonly string[];
  /** How the device takes the names to remove: an array, or one string with commas. Default `array`. */
  readonly deleteAs?: "array" | "string";
  /** Declared key in whose place a plan shows a key set by hand. Default `comment`. */
  readonly witness?: string;
  /** The update names the object by its position, as last read. Only for devices without a natural key in updates. */
  readonly positional?: boolean;
  /** Write-only values, as references to ephemeral variables: sent, and kept nowhere. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Kinds of the tasks that create and destroy the object, where the device does that after it has answered. */
  readonly tasks?: { readonly create: string; readonly delete: string };

  /** `prevent_destroy`: what would delete the object is refused at the plan. */
  readonly protect?: boolean;
  readonly dependsOn?: readonly ITerraformDependable[];
  /** Replace this object together with that one. */
  readonly replaceWith?: RestObject;
}

/**
 * One object of a device's API: created, compared with the device at every plan, repaired, deleted.
 * The pattern and its reasons stand here once; every other construct is props and a mapping to these props.
 */
export class RestObject extends RestfulResource {
  /**
   * @param kind what it is, in lower case with `_`
   * @param names what identifies it in the model, on its device
   */
  constructor(scope: Construct, kind: string, names: readonly string[], props: RestObjectProps) {
    const id = constructId(kind, ...props.device.idPrefix, ...names);
    super(scope, id, resourceConfig(id, props));
  }
}

function resourceConfig(id: string, props: RestObjectProps): ResourceConfig {
  const { device, collection, key, methods = {}, unread = [], replaceWith } = props;
  const body = present(props.body);
  const createOnly = (props.createOnly ?? []).filter((name) => name in body);
  const objectPath = props.objectPath ?? `${collection}/${key[1]}`;
  const removable = (props.deletable ?? []).filter((name) => !(name in body));
  const compared = Object.keys(body).filter((name) => !unread.includes(name));
  const replacing = [...createOnly, ...(props.replaceOn ?? [])].filter((name) => compared.includes(name));
  const removal: RestValue = props.deleteAs === "string" ? removable.join(",") : removable;
  // An object that always exists is created by an update, so its very first request must remove what was set by hand.
  const removeAtOnce = methods.create === "PUT" && removable.length > 0;
  const writeOnly = removeAtOnce ? [...unread, "delete"] : unread;
  const patches = removeAtOnce || removable.length === 0 ? [] : [{ path: "delete", rawJson: JSON.stringify(removal) }];
  const mutex = [{ mutex: device.mutex }];
  checkDeclared(id, props, body);

  return {
    provider: device.provider,
    path: props.createPath ?? collection,
    createSelector: props.createSelector ?? "{}",
    readPath: collection,
    readSelector: literal(
      readSelector({
        select: props.select ?? memberOf("data", key),
        defaults: props.defaults ?? {},
        derived: props.derived ?? {},
        unwanted: removable,
        expected: props.expected ?? [],
        witness: props.witness ?? "comment",
      }),
    ),
    updatePath: objectPath,
    deletePath: props.deletePath ?? objectPath,
    body: { ...escapeBody(body), ...(removeAtOnce ? { delete: removal } : {}) },
    // The whole answer would change with every read (next run, local time) and could hold more than is needed.
    outputAttrs: [props.positional ? "id" : (compared[0] ?? key[0])],
    precheckCreate: mutex,
    precheckUpdate: mutex,
    precheckDelete: mutex,
    ...optional("readQuery", query(props.readQuery)),
    ...optional("deleteQuery", query(props.deleteQuery)),
    ...optional("createMethod", methods.create),
    ...optional("deleteMethod", methods.delete),
    ...optional("deleteBody", props.deleteBody && escapeBody(present(props.deleteBody))),
    ...optional("ephemeralBody", props.secrets),
    ...optional("writeOnlyAttrs", nonEmpty(writeOnly)),
    ...optional("forceNewAttrs", nonEmpty(replacing)),
    ...optional(
      "updateBodyPatches",
      nonEmpty([
        ...createOnly.map((path) => ({ path, removed: true })),
        ...patches,
        ...(props.positional ? [{ path: "id", rawJson: "$(body.id)" }] : []),
      ]),
    ),
    ...(props.tasks ? { pollCreate: poll(props.tasks.create, key[1]), pollDelete: poll(props.tasks.delete, key[1]) } : {}),
    ...optional("dependsOn", props.dependsOn && [...props.dependsOn]),
    ...(props.protect || replaceWith
      ? {
          lifecycle: {
            ...(props.protect ? { preventDestroy: true } : {}),
            ...optional(
              "replaceTriggeredBy",
              replaceWith && [`${replaceWith.terraformResourceType}.${replaceWith.friendlyUniqueId}.id`],
            ),
          },
        }
      : {}),
  };
}

/** A construct that declares a default without its key, or no witness for keys set by hand, would hide what it should show. */
function checkDeclared(id: string, props: RestObjectProps, body: Readonly<Record<string, RestValue>>): void {
  const names = [...Object.keys(props.defaults ?? {}), ...Object.keys(props.derived ?? {}), ...(props.createOnly ?? [])];
  const witness = props.deletable?.length || props.expected?.length ? [props.witness ?? "comment"] : [];
  const missing = [...names, ...witness].filter((name) => !(name in body) && !(name in props.body));
  if (missing.length > 0) throw new Error(`${id}: not in the body: ${missing.join(", ")}`);
}

/** The list of tasks is polled, not the object: when its task fails the object never appears, and the failure is told at once. */
function poll(kind: string, name: string): NonNullable<ResourceConfig["pollCreate"]> {
  return {
    urlLocator: `exact./nodes/localhost/tasks?typefilter=${kind}&limit=50`,
    statusLocator: `body.${memberOf("data", ["worker_id", name])}.[!{"status":"running"},@this]|@join|status`,
    status: { success: "OK", pending: ["running"] },
    defaultDelaySec: 1,
  };
}

function present(body: RestBody): Readonly<Record<string, RestValue>> {
  const entries: [string, RestValue][] = [];
  for (const [key, value] of Object.entries(body)) if (value !== undefined) entries.push([key, value]);
  return Object.fromEntries(entries);
}

function query(parameters: Readonly<Record<string, string>> | undefined): Record<string, string[]> | undefined {
  return parameters && Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, [literal(value)]]));
}

function escapeBody(body: Readonly<Record<string, RestValue>>): Record<string, RestValue> {
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, escapeValue(value)]));
}

function escapeValue(value: RestValue): RestValue {
  if (typeof value === "string") return literal(value);
  return typeof value === "object" ? value.map(literal) : value;
}

function nonEmpty<Item>(items: readonly Item[]): Item[] | undefined {
  return items.length > 0 ? [...items] : undefined;
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Value });
}
