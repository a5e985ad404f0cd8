/** Names of the variables that a value refers to, at any depth; a name stands as often as it is referred to. */
export function variablesIn(value: unknown, names: string[] = []): string[] {
  if (typeof value === "string") {
    if (value.includes("var.")) for (const [, name = ""] of value.matchAll(REFERENCE)) names.push(name);
  } else if (Array.isArray(value)) {
    for (const entry of value) variablesIn(entry, names);
  } else if (typeof value === "object" && value !== null) {
    for (const key in value) variablesIn((value as Readonly<Record<string, unknown>>)[key], names);
  }
  return names;
}

const REFERENCE = /(?<!\$)\$\{[^}]*?\bvar\.([\w-]+)/g;

/** Whether a value of a synthesized file is there, but known to the engine only (`${…}`). */
export const isReference = (value: unknown): boolean =>
  typeof value === "string" && value.includes("${") && /(^|[^$])(\$\$)*\$\{/.test(value);
