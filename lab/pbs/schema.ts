/**
 * The product's parameter schemas as small values, and the two ways in which it reads parameters: JSON bodies strictly, forms
 * and queries from text. The texts of the faults are the product's.
 */
import { type ParameterFault, ParameterRefusal, parameterText } from "./refusal";

export type Schema =
  | { readonly kind: "boolean" }
  | { readonly kind: "integer"; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: "string"; readonly min?: number; readonly max?: number; readonly check?: StringCheck }
  | { readonly kind: "array"; readonly items: Schema };

/** @returns what is wrong with the text, or with the properties written in it; undefined where nothing is */
export type StringCheck = (text: string) => string | readonly ParameterFault[] | undefined;

/** Parameters of a call by name. */
export interface ParameterTable {
  readonly [name: string]: Parameter;
}

export interface Parameter {
  readonly schema: Schema;
  readonly required: boolean;
}

export type Value = boolean | number | string | readonly Value[];
export type Values = Readonly<Record<string, Value>>;

export const boolean: Schema = { kind: "boolean" };

export function integer(minimum?: number, maximum?: number): Schema {
  return { kind: "integer", ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
}

export function text(limits: { min?: number; max?: number } = {}, check?: StringCheck): Schema {
  return { kind: "string", ...limits, ...(check === undefined ? {} : { check }) };
}

export function pattern(regex: RegExp, limits: { min?: number; max?: number } = {}): Schema {
  return text(limits, (value) => (regex.test(value) ? undefined : "value does not match the regex pattern"));
}

export function oneOf(...values: readonly string[]): Schema {
  return text({}, (value) => (values.includes(value) ? undefined : `value '${value}' is not defined in the enumeration.`));
}

export function arrayOf(items: Schema): Schema {
  return { kind: "array", items };
}

export function required(schema: Schema): Parameter {
  return { schema, required: true };
}

export function optional(schema: Schema): Parameter {
  return { schema, required: false };
}

/** The same parameters, none of them required, as a PUT takes them. */
export function allOptional(table: ParameterTable): ParameterTable {
  return Object.fromEntries(Object.entries(table).map(([name, { schema }]) => [name, optional(schema)]));
}

export function without(table: ParameterTable, ...names: readonly string[]): ParameterTable {
  return Object.fromEntries(Object.entries(table).filter(([name]) => !names.includes(name)));
}

/** Checks a JSON body; the product looks at its keys in alphabetical order. @throws ParameterRefusal */
export function verifyJson(table: ParameterTable, body: Readonly<Record<string, unknown>>): Values {
  const faults: ParameterFault[] = [];
  for (const name of Object.keys(body).sort(byCodePoint)) {
    const parameter = lookUp(table, name);
    if (parameter === undefined) faults.push([name, "schema does not allow additional properties"]);
    else faults.push(...verifyValue(parameter.schema, name, body[name]));
  }
  for (const name of requiredNames(table)) {
    if (body[name] === undefined || body[name] === null) faults.push([name, "property is missing and it is not optional"]);
  }
  if (faults.length > 0) throw new ParameterRefusal(faults);
  return body as Values;
}

/** Reads a form or query; a key that comes several times is an array. @throws ParameterRefusal */
export function parseStrings(table: ParameterTable, pairs: Iterable<readonly [string, string]>): Values {
  const faults: ParameterFault[] = [];
  const values: Record<string, Value> = {};
  for (const [name, raw] of pairs) {
    const parameter = lookUp(table, name);
    if (parameter === undefined) {
      faults.push([name, "schema does not allow additional properties."]);
      continue;
    }
    const isArray = parameter.schema.kind === "array";
    const read = parseSimple(parameter.schema.kind === "array" ? parameter.schema.items : parameter.schema, raw);
    if ("fault" in read) faults.push([name, read.fault]);
    else if (isArray) values[name] = [...((values[name] as readonly Value[] | undefined) ?? []), read.value];
    else if (values[name] !== undefined) faults.push([name, "duplicate parameter."]);
    else values[name] = read.value;
  }
  if (faults.length === 0) {
    for (const name of requiredNames(table)) {
      if (values[name] === undefined) faults.push([name, "parameter is missing and it is not optional."]);
    }
  }
  if (faults.length > 0) throw new ParameterRefusal(faults);
  return values;
}

/** Reads one value from text, as in a path. */
export function parseSimple(schema: Schema, raw: string): { readonly value: Value } | { readonly fault: string } {
  switch (schema.kind) {
    case "boolean":
      return parseBoolean(raw);
    case "integer": {
      if (raw === "") return { fault: "cannot parse integer from empty string" };
      if (!/^[+-]?\d+$/.test(raw)) return { fault: "invalid digit found in string" };
      const fault = integerFault(schema, Number(raw));
      return fault === undefined ? { value: Number(raw) } : { fault };
    }
    case "string": {
      const fault = stringFault(schema, raw);
      if (fault === undefined) return { value: raw };
      return { fault: typeof fault === "string" ? fault : parameterText(fault) };
    }
    case "array":
      return { fault: "unable to parse complex (sub) objects." };
  }
}

function parseBoolean(raw: string): { readonly value: boolean } | { readonly fault: string } {
  const lower = raw.toLowerCase();
  if (["1", "on", "yes", "true"].includes(lower)) return { value: true };
  if (["0", "off", "no", "false"].includes(lower)) return { value: false };
  return { fault: "Unable to parse boolean option." };
}

function verifyValue(schema: Schema, name: string, value: unknown): ParameterFault[] {
  const fault = (message: string | undefined): ParameterFault[] => (message === undefined ? [] : [[name, message]]);
  switch (schema.kind) {
    case "boolean":
      return fault(typeof value === "boolean" ? undefined : "Expected boolean value.");
    case "integer":
      return fault(Number.isSafeInteger(value) ? integerFault(schema, value as number) : "Expected integer value.");
    case "string": {
      const wrong = typeof value === "string" ? stringFault(schema, value) : "Expected string value.";
      if (wrong === undefined || typeof wrong === "string") return fault(wrong);
      return wrong.map(([inner, message]) => [`${name}/${inner}`, message]);
    }
    case "array": {
      if (!Array.isArray(value)) {
        return fault(`Expected array - got ${typeof value === "object" && value !== null ? "object" : "scalar value"}.`);
      }
      // The product stops at the first bad element.
      for (const [index, item] of value.entries()) {
        const faults = verifyValue(schema.items, `${name}/[${index}]`, item);
        if (faults.length > 0) return faults;
      }
      return [];
    }
  }
}

function integerFault(schema: { readonly minimum?: number; readonly maximum?: number }, value: number): string | undefined {
  const { minimum, maximum } = schema;
  if (minimum !== undefined && value < minimum) return `value must have a minimum value of ${minimum} (got ${value})`;
  if (maximum !== undefined && value > maximum) return `value must have a maximum value of ${maximum} (got ${value})`;
  return undefined;
}

function stringFault(
  schema: { readonly min?: number; readonly max?: number; readonly check?: StringCheck },
  value: string,
): ReturnType<StringCheck> {
  const length = [...value].length;
  if (schema.min !== undefined && length < schema.min) return `value must be at least ${schema.min} characters long`;
  if (schema.max !== undefined && length > schema.max) return `value may only be ${schema.max} characters long`;
  return schema.check?.(value);
}

function lookUp(table: ParameterTable, name: string): Parameter | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function requiredNames(table: ParameterTable): readonly string[] {
  return Object.keys(table)
    .filter((name) => table[name]?.required)
    .sort(byCodePoint);
}

function byCodePoint(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
