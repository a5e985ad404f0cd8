import type { Properties } from "./property";

/** Writes the keys in the order in which the product writes them: the default key first, the others by name. */
export function printPropertyString(format: Properties, values: Readonly<Record<string, string>>): string {
  const keys = Object.keys(values).sort();
  const defaultKey = keys.find((key) => format[key]?.defaultKey === true);
  const others = keys.filter((key) => key !== defaultKey).map((key) => `${key}=${values[key]}`);
  return [...(defaultKey === undefined ? [] : [values[defaultKey]]), ...others].join(",");
}
