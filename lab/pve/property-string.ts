import type { Properties } from "./property";

/** Writes the keys in the order in which the product writes them: the default key first, then required ones, then by name. */
export function printPropertyString(format: Properties, values: Readonly<Record<string, string>>): string {
  const keys = Object.keys(values).sort();
  const defaultKey = keys.find((key) => format[key]?.defaultKey === true);
  const isRequired = (key: string) => format[key]?.optional !== true;
  const others = keys.filter((key) => key !== defaultKey);
  const pairs = [...others.filter(isRequired), ...others.filter((key) => !isRequired(key))].map((key) => `${key}=${values[key]}`);
  return [...(defaultKey === undefined ? [] : [values[defaultKey]]), ...pairs].join(",");
}
