import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DeclaredRequest } from "./requests";

/** Folder of the products' parameter descriptions; they may not be copied here, so tests that need them skip without it. */
const FOLDER = join(__dirname, "../../../shared/api-schemas");
export const schemasArePresent = existsSync(FOLDER);

interface Property {
  readonly type?: string;
  readonly optional?: boolean | number;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly items?: Property;
}

interface Description {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { parameters: { properties?: Readonly<Record<string, Property>> } }>>>
  >;
}

interface FirewallDescription {
  readonly models: Readonly<Record<string, { readonly fields: Readonly<Record<string, FirewallField>> }>>;
}

interface FirewallField {
  readonly type: string;
  readonly many: boolean;
  readonly choices: readonly unknown[];
  readonly maximum_length: number | null;
  readonly read_only: boolean;
  readonly required: boolean;
}

/** What a Proxmox product would refuse in a request, by its own description of the call. */
export class ApiSchema {
  readonly #description: Description;

  constructor(file: string) {
    this.#description = JSON.parse(readFileSync(join(FOLDER, file), "utf8"));
  }

  faults(request: DeclaredRequest): string[] {
    const found = this.#operation(request);
    if (found === undefined) return [`no call ${request.method} ${request.path}`];
    const { properties, inPath } = found;
    const query = Object.fromEntries(Object.entries(request.query).map(([name, values]) => [name, values[0]]));
    const given: Record<string, unknown> = { ...inPath, ...query, ...request.body };
    const unknown = Object.keys(given).filter((name) => !(name in properties));
    const missing = Object.entries(properties).filter(([name, property]) => !property.optional && !(name in given));
    return [
      ...unknown.map((name) => `${name}: unknown`),
      ...missing.map(([name]) => `${name}: missing`),
      // A query is text, and the product reads what it means.
      ...Object.entries(given).flatMap(([name, value]) => (name in query ? [] : valueFaults(name, value, properties[name]))),
      ...removedFaults(given.delete, properties),
    ];
  }

  #operation({ method, path }: DeclaredRequest) {
    const parts = path.split("/");
    for (const [template, methods] of Object.entries(this.#description.paths)) {
      const names = template.split("/");
      if (names.length !== parts.length || methods[method] === undefined) continue;
      if (!names.every((name, index) => name.startsWith("{") || name === parts[index])) continue;
      const inPath = Object.fromEntries(
        names.flatMap((name, index) =>
          name.startsWith("{") ? [[name.slice(1, -1), decodeURIComponent(parts[index] ?? "")]] : [],
        ),
      );
      return { properties: methods[method].parameters.properties ?? {}, inPath };
    }
    return undefined;
  }
}

/** What the pfSense package would refuse or ignore in an object. */
export function firewallFaults(model: "FirewallAlias" | "FirewallRule", body: Readonly<Record<string, unknown>>): string[] {
  const description: FirewallDescription = JSON.parse(readFileSync(join(FOLDER, "pfsense-restapi-2.10.0.json"), "utf8"));
  const fields = description.models[model]?.fields ?? {};
  const control = ["apply", "async", "placement", "id"];
  return [
    ...Object.entries(fields).flatMap(([name, field]) => (field.required && !(name in body) ? [`${name}: missing`] : [])),
    ...Object.entries(body).flatMap(([name, value]) => {
      const field = fields[name];
      if (field === undefined) return control.includes(name) ? [] : [`${name}: unknown`];
      if (field.read_only) return [`${name}: read-only`];
      if (field.many !== Array.isArray(value)) return [`${name}: ${field.many ? "" : "not "}an array`];
      return (Array.isArray(value) ? value : [value]).flatMap((entry) => {
        if (field.type !== typeof entry) return [`${name}: not a ${field.type}`];
        if (field.choices.length > 0 && !field.choices.includes(entry))
          return [`${name}: not one of ${field.choices.join(", ")}`];
        return typeof entry === "string" && entry.length > (field.maximum_length ?? Number.POSITIVE_INFINITY)
          ? [`${name}: too long`]
          : [];
      });
    }),
  ];
}

function valueFaults(name: string, value: unknown, property: Property | undefined): string[] {
  if (property === undefined) return [];
  const { type, items } = property;
  if (type === "array") {
    return Array.isArray(value) ? value.flatMap((entry) => valueFaults(name, entry, items)) : [`${name}: not an array`];
  }
  if (type === "boolean") return typeof value === "boolean" || value === 0 || value === 1 ? [] : [`${name}: not a boolean`];
  if (type === "integer") {
    if (!Number.isInteger(value)) return [`${name}: not an integer`];
    const number = Number(value);
    const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = property;
    return number < minimum || number > maximum ? [`${name}: ${number} out of range`] : [];
  }
  if (typeof value !== "string") return [`${name}: not a string`];
  const faults: string[] = [];
  if (property.enum && !property.enum.includes(value)) faults.push(`${name}: "${value}" is not in the enumeration`);
  if (property.pattern && !pattern(property.pattern).test(value)) faults.push(`${name}: "${value}" does not match`);
  if (value.length > (property.maxLength ?? Number.POSITIVE_INFINITY) || value.length < (property.minLength ?? 0)) {
    faults.push(`${name}: length ${value.length}`);
  }
  return faults;
}

/** A name to remove must be one that the product takes there: an item of the array, or an optional parameter. */
function removedFaults(value: unknown, properties: Readonly<Record<string, Property>>): string[] {
  if (typeof value !== "string") return [];
  return value.split(",").flatMap((name) => (properties[name]?.optional ? [] : [`delete: ${name} cannot be removed`]));
}

/** Perl and Rust write some things differently. */
function pattern(source: string): RegExp {
  const inner =
    source.startsWith("/") && source.endsWith("/") ? source.slice(1, -1) : `^(?:${source.replace(/^\(\?\^:/, "(?:")})$`;
  return new RegExp(
    inner.replaceAll("[[:^cntrl:]]", "[^\\x00-\\x1f\\x7f]").replaceAll("[:cntrl:]", "\\x00-\\x1f\\x7f").replaceAll("(?P<", "(?<"),
    "u",
  );
}
