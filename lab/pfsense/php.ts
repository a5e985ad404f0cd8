/**
 * The few rules of PHP's type juggling that show through the package's API: it compares loosely, it tells types apart
 * by `gettype`, and it takes "0" for empty.
 */

/** The name that PHP gives to the type of a decoded JSON value. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") return "string";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "double";
  return "array";
}

/** `strval`, and what interpolation into a message gives. */
export function text(value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (value === true) return "1";
  if (typeof value === "object") return "Array";
  return String(value);
}

export const isNumeric = (value: unknown): boolean =>
  typeof value === "number" || (typeof value === "string" && /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i.test(value));

/** `!$value`. */
export const isFalsy = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === false ||
  value === 0 ||
  value === "" ||
  value === "0" ||
  (Array.isArray(value) && value.length === 0);

/** `$a == $b`. */
export function looselyEqual(a: unknown, b: unknown): boolean {
  if (typeof a === "boolean" || typeof b === "boolean" || isNull(a) || isNull(b)) {
    if (isNull(a) && typeof b === "string") return b === "";
    if (isNull(b) && typeof a === "string") return a === "";
    return isFalsy(a) === isFalsy(b);
  }
  if (typeof a === "object" || typeof b === "object") return strictlyEqual(a, b);
  if (isNumeric(a) && isNumeric(b)) return Number(a) === Number(b);
  return String(a) === String(b);
}

/** `$a === $b`, which compares arrays by their content. */
export const strictlyEqual = (a: unknown, b: unknown): boolean =>
  a === b ||
  (isNull(a) && isNull(b)) ||
  (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));

/** Whether `json_decode` made a list of it, not a map. */
export const isList = (value: unknown): value is unknown[] => Array.isArray(value);

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isNull = (value: unknown): value is null | undefined => value === null || value === undefined;
