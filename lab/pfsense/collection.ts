import { phpFault, Refusal } from "./answers";
import type { Stored, Values } from "./field";
import type { Item } from "./item";
import {
  type Context,
  indexOf,
  listOf,
  type Model,
  mergedItem,
  newItem,
  overlay,
  readAll,
  readOne,
  shown,
  storedItem,
  validate,
} from "./model";
import { isMap, strictlyEqual } from "./php";
import { select } from "./query";
import type { RequestData } from "./request-data";

/** The calls on a list of objects. Each changes the configuration of its context and gives the `data` of the answer. */

export function read(model: Model, { values }: RequestData, context: Context): unknown {
  if (!("id" in values)) throw idRequired();
  return shown(model, readOne(model, values.id, context));
}

export const list = (model: Model, { values, page }: RequestData, context: Context): unknown =>
  select(readAll(model, context), values, page, model.fields).map((item) => shown(model, item));

export function create(model: Model, { values, dryRun }: RequestData, context: Context): unknown {
  const placement = placementOf(values);
  const stored = listOf(model, context);
  const item = newItem(model, values, context);
  item.id = stored.length;
  validate(model, item, undefined, context);
  if (dryRun) return shown(model, item);
  model.beforeCreate?.(item.values);
  stored.push(storedItem(model, item, context.now));
  place(stored, item, placement);
  applyOrMark(model, values.apply === true, context);
  return shown(model, item);
}

export function update(model: Model, request: RequestData, context: Context): unknown {
  const { values, dryRun } = request;
  const initial = "id" in values ? readOne(model, values.id, context) : undefined;
  const placement = placementOf(values);
  if (initial === undefined) throw idRequired();
  const item = combineLists(model, initial, overlay(model, initial, values), request);
  validate(model, item, initial, context);
  if (dryRun) return shown(model, item);
  const stored = listOf(model, context);
  const index = indexOf(item.id);
  stored[index] = mergedItem(model, item, stored[index] ?? {}, context.now);
  place(stored, item, placement);
  applyOrMark(model, values.apply === true, context);
  return shown(model, item);
}

export function remove(model: Model, { values, dryRun }: RequestData, context: Context): unknown {
  const item = readOne(model, values.id, context);
  refuseMinimum(model, context);
  if (dryRun) return shown(model, item);
  listOf(model, context).splice(indexOf(item.id), 1);
  applyOrMark(model, values.apply === true, context);
  return shown(model, item);
}

/** The objects that a plural DELETE takes away, last first: each is an own write, and a refusal does not undo those before. */
export function toRemove(model: Model, { values, page }: RequestData, context: Context): Item[] {
  if (values.all === true) return readAll(model, context);
  if (Object.keys(values).length === 0) {
    throw new Refusal(
      400,
      "MODEL_DELETE_MANY_REQUIRES_QUERY_PARAMS",
      "At least one query parameter is required to perform mass deletion.",
    );
  }
  return select(readAll(model, context), values, { ...page, reverse: false }, model.fields);
}

/** Removes one of {@link toRemove}. Known fault of the package: the plural DELETE forgets `dry_run` and deletes. */
export function removeOne(model: Model, item: Item, context: Context): void {
  refuseMinimum(model, context);
  listOf(model, context).splice(indexOf(item.id), 1);
  applyOrMark(model, false, context);
}

/** PUT on the plural: the given objects instead of all that are stored. */
export function replaceAll(model: Model, { list: given, dryRun }: RequestData, context: Context): unknown {
  const minimum = model.minimum ?? 0;
  if (given.length < minimum) {
    throw new Refusal(
      400,
      "MODEL_REPLACE_ALL_MINIMUM_NOT_MET",
      `A minimum of ${minimum} new objects is required to replace all existing objects.`,
    );
  }
  const stored = listOf(model, context);
  if (!dryRun) stored.length = 0;
  const items: Item[] = [];
  for (const one of given) {
    if (!isMap(one)) throw phpFault("Cannot unset offset in a non-array variable");
    const item = newItem(model, named(one, model, context), context);
    item.id = items.length;
    validate(model, item, undefined, context, items);
    // Known fault of the package: a dry run of a valid replacement stumbles over its own cache.
    if (dryRun)
      throw new Refusal(500, "MODEL_CACHE_MODELSET_MISSING_SIGNATURE", "ModelSet cannot be cached without a valid signature.");
    stored.push(storedItem(model, item, context.now));
    items.push(item);
  }
  if (!dryRun) applyOrMark(model, false, context);
  return items.map((item) => shown(model, item));
}

/** Loads the filter: what was pending is in force then. */
export function applyFilter({ configuration }: Context): void {
  configuration.pending = [];
  configuration.applies += 1;
}

const idRequired = () => new Refusal(400, "MODEL_REQUIRES_ID", "Field 'id' is required.");

function placementOf({ placement }: Values): number | undefined {
  if (placement === undefined || placement === null) return undefined;
  const place = typeof placement === "boolean" ? Number(placement) : placement;
  if (typeof place === "number" || (typeof place === "string" && /^\d+$/.test(place))) return Math.trunc(Number(place));
  throw phpFault(`Cannot assign ${typeof placement} to property RESTAPI\\Core\\Model::$placement of type ?int`);
}

/** Moves the object to its place; the last one where the place is beyond the end. */
function place(stored: Stored[], item: Item, placement: number | undefined): void {
  if (placement === undefined) return;
  const target = Math.min(placement, stored.length);
  const [moved] = stored.splice(indexOf(item.id), 1);
  if (moved === undefined) return;
  stored.splice(target, 0, moved);
  if (target < 0 || stored[target] !== moved) {
    throw new Refusal(500, "MODEL_FAILED_TO_SET_PLACEMENT", "Failed to set placement for Model object.");
  }
  item.id = target;
}

/** `append` and `remove`: list fields are added to, or taken from, what is stored. */
function combineLists(model: Model, initial: Item, item: Item, { append, remove: take }: RequestData): Item {
  if (!append && !take) return item;
  const values = { ...item.values };
  for (const { name, delimiter } of model.fields) {
    const [before, given] = [initial.values[name], values[name]];
    if (delimiter === undefined || !Array.isArray(given) || !Array.isArray(before) || strictlyEqual(before, given)) continue;
    if (append) values[name] = [...before, ...given];
    if (take) values[name] = before.filter((one) => !given.includes(one));
  }
  return { id: item.id, values };
}

function refuseMinimum(model: Model, context: Context): void {
  const minimum = model.minimum ?? 0;
  if (minimum === 0 || listOf(model, context).length > minimum) return;
  throw new Refusal(
    403,
    "MODEL_MANY_MINIMUM_REACHED",
    `Object deletion denied. Deleting this object would result in the number of existing objects falling below the minimum number allowed for this Model, ${minimum}.`,
  );
}

function applyOrMark(model: Model, apply: boolean, context: Context): void {
  const { pending } = context.configuration;
  if (model.subsystem !== undefined && !pending.includes(model.subsystem)) pending.push(model.subsystem);
  if (apply && !model.alwaysApply) applyFilter(context);
}

/** Only PUT knows its caller when it builds a rule, so only there `created_by` has a name. */
function named(data: Values, model: Model, { user }: Context): Values {
  const { id: _ignored, ...values } = data;
  return model.fields.some(({ name }) => name === "created_by") ? { created_by: `${user}@127.0.0.1 (API)`, ...values } : values;
}
