import type { ParameterFault } from "./refusal";
import { ParameterRefusal } from "./refusal";
import { type ParameterTable, parseStrings, type Schema, type StringCheck, text, type Values } from "./schema";

/**
 * A text that holds properties: `type=read-only,message="back soon"`.
 * @param defaultKey name of a property that may stand without its name
 */
export function propertyString(table: ParameterTable, defaultKey?: string): Schema {
  return text({}, (value) => propertyFault(table, value, defaultKey));
}

/** What is wrong with the text of a property string, or with properties in it. */
export function propertyFault(table: ParameterTable, value: string, defaultKey?: string): ReturnType<StringCheck> {
  try {
    readProperties(table, value, defaultKey);
    return undefined;
  } catch (error) {
    if (error instanceof ParameterRefusal)
      return error.faults.map(([name, message]): ParameterFault => [name, jsonWords(message)]);
    if (error instanceof PropertySyntax) return error.message;
    throw error;
  }
}

/** The properties in a text that was checked before. */
export function readProperties(table: ParameterTable, value: string, defaultKey?: string): Values {
  return parseStrings(table, pairs(value, defaultKey));
}

class PropertySyntax extends Error {}

/** Inside a property string the product uses the words that it has for JSON. */
function jsonWords(message: string): string {
  if (message === "parameter is missing and it is not optional.") return "property is missing and it is not optional";
  return message === "schema does not allow additional properties." ? message.slice(0, -1) : message;
}

function pairs(value: string, defaultKey: string | undefined): [string, string][] {
  const found: [string, string][] = [];
  let rest = value;
  while (rest !== "") {
    const key = /^([^=,"]+)=/.exec(rest)?.[1];
    if (key !== undefined) rest = rest.slice(key.length + 1);
    const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(rest);
    const raw = quoted?.[0] ?? /^[^,]*/.exec(rest)?.[0] ?? "";
    rest = rest.slice(raw.length);
    if (rest !== "" && !rest.startsWith(",")) throw new PropertySyntax("garbage after quoted string");
    rest = rest.slice(1);
    const name = key ?? defaultKey;
    if (name === undefined) throw new PropertySyntax(`Value '${raw}' without key, but schema does not define a default key.`);
    found.push([name, quoted?.[1]?.replace(/\\(.)/g, "$1") ?? raw]);
  }
  return found;
}
