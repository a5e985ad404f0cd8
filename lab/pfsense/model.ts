import { Refusal } from "./answers";
import { checkedValue, type Field, firstValue, fromStored, type Stored, toStored, type Values } from "./field";
import type { Item } from "./item";
import { isMap, text } from "./php";
import { matches } from "./query";
import type { Configuration } from "./state";

/** A kind of object that the API keeps as a list: its fields in the order of the answers, and its own checks. */
export interface Model {
  /** Name in the messages and in the configuration. */
  readonly name: keyof Configuration["lists"];
  readonly fields: readonly Field[];
  /** How many objects must remain. Default 0. */
  readonly minimum?: number;
  /** Marked as pending by a write, until the filter is loaded again. */
  readonly subsystem?: string;
  /** Every write loads the filter at once. */
  readonly alwaysApply?: boolean;
  readonly uniqueTogether?: readonly string[];
  /** Checks that see the whole object, in the order of the fields; each may replace the value. */
  readonly checks?: Readonly<Record<string, (value: unknown, values: Values, context: Context) => unknown>>;
  /** Last touch before an object is stored for the first time. */
  readonly beforeCreate?: (values: Values) => void;
}

/** Who calls, when, and with what already stored. */
export interface Context {
  readonly configuration: Configuration;
  /** Name of the authenticated user. */
  readonly user: string;
  /** Unix seconds. */
  readonly now: number;
}

export const listOf = (model: Model, { configuration }: Context): Stored[] => configuration.lists[model.name];

export const readAll = (model: Model, context: Context): Item[] =>
  listOf(model, context).map((stored, id) => ({ id, values: valuesOf(model, stored, context) }));

/** @throws Refusal 404 where no object has this id, 500 where it is null */
export function readOne(model: Model, id: unknown, context: Context): Item {
  if (id === null || id === undefined) {
    throw new Refusal(
      500,
      "MODEL_ID_REQUIRED_FOR_REFRESH",
      "An ID is required when refreshing objects from config on model with 'many'.",
    );
  }
  const stored = listOf(model, context)[indexOf(id)];
  if (stored === undefined) throw new Refusal(404, "MODEL_OBJECT_NOT_FOUND", `Object with ID '${text(id)}' does not exist.`);
  return { id, values: valuesOf(model, stored, context) };
}

/** PHP takes `"1"`, `1.5` and `true` for the index 1. */
export function indexOf(id: unknown): number {
  if (typeof id === "string") return /^(0|[1-9]\d*)$/.test(id) ? Number(id) : -1;
  return typeof id === "number" || typeof id === "boolean" ? Math.trunc(Number(id)) : -1;
}

function valuesOf(model: Model, stored: Stored, { now }: Context): Values {
  const values: Values = {};
  for (const field of model.fields) values[field.name] = fromStored(field, stored, values, now);
  return values;
}

/** A new object with the client's values; keys that are no field are ignored, as the package does. */
export function newItem(model: Model, data: Values, { now }: Context): Item {
  const item: Item = { id: undefined, values: {} };
  for (const field of model.fields) item.values[field.name] = firstValue(field, now);
  return overlay(model, item, data);
}

/** The item with the client's values laid over its own. */
export function overlay(model: Model, item: Item, data: Values): Item {
  const given = model.fields
    .filter(({ name }) => name in data)
    // PHP keeps lists and maps in the same type, so a map in place of a list counts by its values.
    .map(({ name, delimiter }) => [name, delimiter !== undefined && isMap(data[name]) ? Object.values(data[name]) : data[name]]);
  return { id: item.id, values: { ...item.values, ...Object.fromEntries(given) } };
}

/**
 * Checks the item as the package does and puts the values that it derives in place.
 * @param initial the item before a change
 * @param others the objects that must differ from it; default: all that are stored
 * @throws Refusal
 */
export function validate(model: Model, item: Item, initial: Item | undefined, context: Context, others?: readonly Item[]): void {
  const known = others ?? readAll(model, context);
  const siblings = {
    other: (field: string, value: unknown) =>
      known.find((other) => matches(other, { id__except: item.id, [field]: value }, model.fields))?.id,
  };
  for (const field of model.fields) {
    item.values[field.name] = checkedValue(field, item.values, initial?.values, siblings);
  }
  for (const { name, delimiter } of model.fields) {
    const check = model.checks?.[name];
    const value = item.values[name] ?? null;
    if (check === undefined || value === null) continue;
    item.values[name] =
      delimiter === undefined
        ? check(value, item.values, context)
        : Object.values(value).map((one) => check(one, item.values, context));
  }
  refuseTwins(model, item, known);
}

function refuseTwins(model: Model, item: Item, known: readonly Item[]): void {
  const { uniqueTogether } = model;
  if (uniqueTogether === undefined) return;
  const wanted = Object.fromEntries(uniqueTogether.map((name) => [name, item.values[name]]));
  const twin = known.find((other) => matches(other, { id__except: item.id, ...wanted }, model.fields));
  if (twin === undefined) return;
  throw new Refusal(
    400,
    "MODEL_FIELDS_NOT_UNIQUE_TOGETHER",
    `Fields [${uniqueTogether.join(", ")}] together must be unique from all other objects of its kind. Values in use by object with ID \`${text(twin.id)}\`.`,
  );
}

/** What the configuration keeps of a new object: keys without a value stay absent. */
export function storedItem(model: Model, item: Item, now: number): Stored {
  const stored: Stored = {};
  for (const field of model.fields) {
    if (field.clock === "updated") item.values[field.name] = now;
    if ((item.values[field.name] ?? null) === null) continue;
    const kept = toStored(field, item.values[field.name]);
    if (kept !== undefined) stored[field.name] = kept;
  }
  return stored;
}

/**
 * What the configuration keeps of a changed object. A list without a value is written as an empty one here, which is why
 * the API gives `null` for it after a POST and `[]` after a PATCH.
 */
export function mergedItem(model: Model, item: Item, before: Stored, now: number): Stored {
  const stored: Stored = { ...before };
  for (const field of model.fields) {
    if (field.representationOnly) continue;
    if (field.clock === "updated") item.values[field.name] = now;
    const kept = toStored(field, item.values[field.name]);
    if (kept === undefined) delete stored[field.name];
    else stored[field.name] = kept;
  }
  return stored;
}

/** The item as the API shows it. */
export const shown = (model: Model, item: Item): Values => ({
  id: item.id,
  ...Object.fromEntries(model.fields.filter(({ hidden }) => !hidden).map(({ name }) => [name, item.values[name] ?? null])),
});
