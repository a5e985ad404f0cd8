import { Refusal } from "./answers";
import { isFalsy, looselyEqual, strictlyEqual, text, typeName } from "./php";

/** Values of an object by field name: what a client sends and is shown. */
export type Values = Record<string, unknown>;
/** What the configuration file holds of an object; a key that is absent was never written or was removed. */
export type Stored = Record<string, string | number | true>;

/** One field of an object of the API, with the names that the package gives to its properties. */
export interface Field {
  readonly name: string;
  readonly type: "string" | "boolean" | "integer";
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly default?: unknown;
  /** Defaults to true. */
  readonly editable?: boolean;
  readonly readOnly?: boolean;
  readonly allowNull?: boolean;
  readonly allowEmpty?: boolean;
  /** Present: a list, stored as one string with this between its values. */
  readonly delimiter?: string;
  /** Defaults to 1024 characters for strings. */
  readonly maximumLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Lies in a sub-section of the configuration, and so keeps its first value where the sub-section is absent. */
  readonly namespaced?: boolean;
  /** Is given but never stored. */
  readonly representationOnly?: boolean;
  /** Is stored but never given. */
  readonly hidden?: boolean;
  /** The field exists only while each of these fields has this value, or one of these values. */
  readonly conditions?: Readonly<Record<string, unknown>>;
  /** The time of the call: on creation, or also at each change. */
  readonly clock?: "created" | "updated";
  readonly choices?: readonly unknown[] | (() => readonly unknown[]);
  /** @throws Refusal */
  readonly check?: (value: unknown) => void;
}

/** How a field asks for the other objects of its kind. */
export interface Siblings {
  /** Id of another object with this value. */
  other(field: string, value: unknown): unknown;
}

const refuse = (id: string, message: string) => new Refusal(400, id, message);

/** The value that a field of a new object has before the client's values are laid over it. */
export const firstValue = (field: Field, now: number): unknown => (field.clock === undefined ? null : now);

/** The value that the configuration gives to a field. */
export function fromStored(field: Field, stored: Stored, values: Values, now: number): unknown {
  const raw = stored[field.name];
  if (raw === undefined && field.namespaced) return firstValue(field, now);
  if (field.type === "boolean") return conditionsMet(field, values) ? raw === true : null;
  if (field.representationOnly || raw === undefined) {
    return !isFalsy(field.default) && conditionsMet(field, values) ? field.default : null;
  }
  if (field.delimiter === undefined) return raw;
  return isFalsy(raw) ? [] : String(raw).split(field.delimiter);
}

/** What the configuration keeps of a value; undefined: nothing. */
export function toStored(field: Field, value: unknown): string | number | true | undefined {
  if (field.representationOnly) return undefined;
  if (field.delimiter !== undefined)
    return Object.values(value ?? {})
      .map(text)
      .join(field.delimiter);
  if (value === null || value === undefined) return undefined;
  if (field.type === "boolean") return value === true ? true : undefined;
  return field.type === "integer" ? Number(value) : text(value);
}

/**
 * Checks one value in the order of the package and gives the value that the object then has: the default where there was none,
 * `null` where the conditions are not met.
 * @param initial values before a change; absent on creation
 */
export function checkedValue(field: Field, values: Values, initial: Values | undefined, siblings: Siblings): unknown {
  if (!conditionsMet(field, values)) return null;
  const given = values[field.name] ?? null;
  if (field.required && given === null) throw refuse("FIELD_IS_REQUIRED", `Field \`${field.name}\` is required.`);
  refuseChange(field, given, initial);
  const value = given ?? field.default ?? null;
  if (field.delimiter !== undefined && typeName(value) !== "array" && value !== null) {
    throw refuse("FIELD_INVALID_MANY_VALUE", `Field \`${field.name}\` must be of type \`array\`.`);
  }
  refuseEmpty(field, value);
  if ((field.allowNull || field.readOnly) && value === null) return null;
  const each = field.delimiter === undefined ? [value] : Object.values(value ?? {});
  for (const one of each) {
    checkOne(field, one, siblings);
    // What is allowed to be empty, and what no client should set, is not looked at further; nor is the rest of its list.
    if (field.readOnly || isEmpty(one)) return value;
    checkRange(field, one);
    field.check?.(one);
  }
  return value;
}

function checkOne(field: Field, value: unknown, siblings: Siblings): void {
  const isAllowedNull = field.allowNull && value === null;
  if (!field.readOnly && !isAllowedNull && field.type !== typeName(value)) {
    throw refuse("FIELD_INVALID_TYPE", `Field \`${field.name}\` must be of type \`${field.type}\``);
  }
  const choices = typeof field.choices === "function" ? field.choices() : field.choices;
  if (choices !== undefined && !choices.some((choice) => looselyEqual(choice, value))) {
    throw refuse("FIELD_INVALID_CHOICE", `Field \`${field.name}\` must be one of [${choices.map(text).join(", ")}]`);
  }
  if (field.unique) {
    const other = siblings.other(field.name, value);
    if (other !== undefined) {
      throw refuse(
        "FIELD_MUST_BE_UNIQUE",
        `Field '${field.name}' must be unique. Value is in use by object with ID '${text(other)}'.`,
      );
    }
  }
  refuseEmpty(field, value);
}

function checkRange(field: Field, value: unknown): void {
  const longest = field.maximumLength ?? 1024;
  if (typeof value === "string" && field.type === "string" && Buffer.byteLength(value) > longest) {
    throw refuse(
      "LENGTH_VALIDATOR_MAXIMUM_CONSTRAINT",
      `Field '${field.name}' exceeds the maximum character length of ${longest}.`,
    );
  }
  if (field.type !== "integer" || typeof value !== "number") return;
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = field;
  const limit = (word: string, than: string, bound: number) =>
    refuse(
      `NUMERIC_RANGE_VALIDATOR_${word}_CONSTRAINT`,
      `Field '${field.name}' must be ${than} than or equal to '${bound}'. Received '${value}'`,
    );
  if (value < minimum) throw limit("MINIMUM", "greater", minimum);
  if (value > maximum) throw limit("MAXIMUM", "less", maximum);
}

function refuseChange(field: Field, given: unknown, initial: Values | undefined): void {
  if (initial === undefined || field.editable !== false) return;
  const current = initial[field.name] ?? null;
  if (strictlyEqual(given, current)) return;
  throw refuse(
    "FIELD_VALUE_CHANGED_WHEN_NOT_EDITABLE",
    `Field \`${field.name}\` is not editable but the requested value \`${text(given)}\` differs from its current value \`${text(current)}\`.`,
  );
}

function refuseEmpty(field: Field, value: unknown): void {
  const allowed = field.readOnly || field.allowEmpty || field.delimiter !== undefined;
  if (allowed || !isEmpty(value)) return;
  throw refuse("FIELD_EMPTY_NOT_ALLOWED", `Field \`${field.name}\` cannot be empty.`);
}

const isEmpty = (value: unknown) => value === "" || (Array.isArray(value) && value.length === 0);

function conditionsMet(field: Field, values: Values): boolean {
  return Object.entries(field.conditions ?? {}).every(([name, wanted]) => {
    const value = values[name] ?? null;
    return Array.isArray(wanted) ? wanted.some((one) => looselyEqual(one, value)) : strictlyEqual(wanted, value);
  });
}
