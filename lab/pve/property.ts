import { FormatFault, scalarFormat, splitList } from "./formats";
import type { Wire } from "./transport";

/** One parameter of a call or one key of a property string, with the limits that the real product checks. */
export interface Property {
  readonly type: "string" | "integer" | "number" | "boolean" | "array";
  readonly optional?: boolean;
  /** Name of a format (with `-list` or `-opt` behind it), or the keys of a property string. */
  readonly format?: string | Properties;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Another parameter that must then be given too. */
  readonly requires?: string;
  readonly items?: Property;
  /** In a property string: the key that a value without key stands for. */
  readonly defaultKey?: boolean;
  /** In a property string: this key is another name for that one. */
  readonly alias?: string;
  /** In a property string: the key under which the alias that was used is remembered. */
  readonly keyAlias?: string;
}

export type Properties = Readonly<Record<string, Property>>;

/** Checked parameters. The product hands every scalar on as a string. */
export type Values = Readonly<Record<string, string | readonly string[]>>;

export type Faults = Record<string, string>;

const UNKNOWN = "property is not defined in schema and the schema does not allow additional properties";

/**
 * Checks parameters against the table of a call, exactly as strictly and with the same words as the real product.
 * @returns the values and the fault of each parameter; the values count only where there is no fault
 */
export function checkProperties(
  properties: Properties,
  given: Readonly<Record<string, Wire>>,
): { values: Values; faults: Faults } {
  const faults: Faults = {};
  const values: Record<string, string | readonly string[]> = {};
  for (const [name, property] of Object.entries(properties)) {
    const value = normalized(property, given[name]);
    if (value === undefined || value === null) {
      if (property.optional !== true) addFault(faults, name, "property is missing and it is not optional");
      continue;
    }
    checkValue(property, value, name, faults);
    values[name] = Array.isArray(value) ? value.map(scalarText) : scalarText(value);
  }
  for (const name of Object.keys(given)) {
    const property = properties[name];
    if (property === undefined) addFault(faults, name, UNKNOWN);
    else if (property.requires !== undefined && (given[property.requires] ?? null) === null) {
      addFault(faults, property.requires, `missing property required by '${name}'`);
    }
  }
  return { values, faults };
}

/** A list where the product wants a comma string is joined; one value where it wants a list becomes a list of one. */
function normalized(property: Property, value: Wire): Wire {
  if (
    Array.isArray(value) &&
    property.type === "string" &&
    typeof property.format === "string" &&
    property.format.endsWith("-list")
  ) {
    return value.map(scalarText).join(",");
  }
  const truthy = value !== undefined && value !== null && value !== "" && value !== "0" && value !== 0 && value !== false;
  if (property.type === "array" && truthy && typeof value !== "object") return [value];
  return value;
}

/** Checks one value that is there. */
function checkValue(property: Property, value: Wire, path: string, faults: Faults): void {
  const fault = typeFault(property.type, value);
  if (fault !== undefined) {
    addFault(faults, path, fault);
    return;
  }
  if (Array.isArray(value)) {
    if (property.items !== undefined) {
      for (const [index, item] of value.entries()) checkValue(property.items, item, `${path}[${index}]`, faults);
    }
    return;
  }
  if (typeof value === "boolean") return;
  const limit = limitFault(property, scalarText(value));
  if (limit !== undefined) addFault(faults, path, limit);
}

function typeFault(type: Property["type"], value: Wire): string | undefined {
  const failed = `type check ('${type}') failed`;
  if (type === "array") return Array.isArray(value) ? undefined : failed;
  if (typeof value === "boolean") return type === "boolean" ? undefined : `${failed} - got JSON::PP::Boolean`;
  if (typeof value === "object" && value !== null) return `${failed} - got ${Array.isArray(value) ? "ARRAY" : "HASH"}`;
  const text = scalarText(value);
  const forms = { string: /^/, boolean: /^[01]$/, integer: /^[+-]?\d+$/, number: NUMBER };
  return forms[type].test(text) ? undefined : `${failed} - got '${text}'`;
}

const NUMBER = /^[+-]?(\d+\.\d+|\d+\.|\.\d+|\d+)([eE][+-]?\d+)?$/;

/** The first limit that a scalar breaks, in the product's order. */
function limitFault(property: Property, text: string): string | undefined {
  const format = property.format === undefined ? undefined : formatFault(property.format, text);
  if (format !== undefined) return `invalid format - ${format}`;
  if (property.pattern !== undefined && !new RegExp(`^(?:${property.pattern})$`).test(text))
    return "value does not match the regex pattern";
  const length = [...text].length;
  if (property.maxLength !== undefined && length > property.maxLength)
    return `value may only be ${property.maxLength} characters long`;
  if (property.minLength !== undefined && length < property.minLength) {
    return `value must be at least ${property.minLength} characters long`;
  }
  if (NUMBER.test(text)) {
    if (property.maximum !== undefined && Number(text) > property.maximum)
      return `value must have a maximum value of ${property.maximum}`;
    if (property.minimum !== undefined && Number(text) < property.minimum)
      return `value must have a minimum value of ${property.minimum}`;
  }
  if (property.enum !== undefined && !property.enum.includes(text)) {
    return `value '${text}' does not have a value in the enumeration '${property.enum.join(", ")}'`;
  }
  return undefined;
}

function formatFault(format: string | Properties, value: string): string | undefined {
  try {
    checkFormat(format, value);
    return undefined;
  } catch (error) {
    if (error instanceof FormatFault) return `${error.message}\n`;
    throw error;
  }
}

/** @throws FormatFault */
function checkFormat(format: string | Properties, value: string): void {
  if (typeof format !== "string") {
    parsePropertyString(format, value);
    return;
  }
  const [, name = format, kind] = /^(.*?)(?:-(list|opt))?$/.exec(format) ?? [];
  const check = scalarFormat(name);
  if (check === undefined) throw new Error(`unknown format "${format}"`);
  if (kind === "list") {
    for (const item of splitList(value)) check(item);
  } else if (kind !== "opt" || value !== "") {
    check(value);
  }
}

/** The product joins several faults of one parameter with a backslash and an n. */
function addFault(faults: Faults, path: string, text: string): void {
  faults[path] = faults[path] === undefined ? text : `${faults[path]}\\n${text}`;
}

function scalarText(value: Wire): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return String(value);
}

/**
 * Reads `key=value,key=value` as the product does: switches as 1 or 0, one value without a key for the default key,
 * aliases put under the key that they stand for.
 * @throws FormatFault
 */
export function parsePropertyString(format: Properties, text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of text.split(",")) {
    if (/^\s*$/.test(part)) continue;
    const at = part.indexOf("=");
    if (at < 0) addDefault(format, found, part);
    else if (at === 0 || at === part.length - 1) throw new FormatFault("missing key in comma-separated list property");
    else addKey(format, found, part.slice(0, at), part.slice(at + 1));
  }
  const { faults } = checkProperties(format, found);
  const lines = Object.entries(faults).map(([key, fault]) => `\n${key}: ${fault}`);
  if (lines.length > 0) throw new FormatFault(`format error${lines.join("")}`);
  return found;
}

function addKey(format: Properties, found: Record<string, string>, key: string, value: string): void {
  if (found[key] !== undefined) throw new FormatFault(`duplicate key in comma-separated list property: ${key}`);
  const alias = format[key]?.alias;
  const name = alias ?? key;
  const property = format[name];
  if (alias !== undefined) {
    if (found[alias] !== undefined) throw new FormatFault(`key '${alias}' is already defined (via alias)`);
    const keyAlias = format[key]?.keyAlias;
    if (keyAlias !== undefined) found[keyAlias] = key;
  }
  if (property === undefined) throw new FormatFault(`invalid key in comma-separated list property: ${key}`);
  found[name] = property.type === "boolean" ? booleanText(value) : value;
}

function addDefault(format: Properties, found: Record<string, string>, value: string): void {
  const key = Object.keys(format).find((name) => format[name]?.defaultKey === true);
  if (key === undefined) throw new FormatFault("value without key, but schema does not define a default key");
  if (found[key] !== undefined) throw new FormatFault(`duplicate key in comma-separated list property: ${key}`);
  found[key] = format[key]?.type === "boolean" ? booleanText(value) : value;
}

function booleanText(value: string): string {
  if (/^(1|on|yes|true)$/i.test(value)) return "1";
  return /^(0|off|no|false)$/i.test(value) ? "0" : value;
}
