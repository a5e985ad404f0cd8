/** Names of the variables that a value refers to, at any depth, each once. */
export function variablesIn(value: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  collectVariables(value, names);
  return names;
}

/** The same, put to those that were found before. */
export function collectVariables(value: unknown, names: Set<string>): void {
  if (typeof value === "string") {
    const [, whole] = WHOLE.exec(value) ?? [];
    if (whole !== undefined) names.add(whole);
    else if (value.includes("var.")) for (const [, name = ""] of value.matchAll(REFERENCE)) names.add(name);
  } else if (Array.isArray(value)) {
    for (const entry of value) collectVariables(entry, names);
  } else if (typeof value === "object" && value !== null) {
    for (const key in value) collectVariables((value as Readonly<Record<string, unknown>>)[key], names);
  }
}

/** What most of them are. */
const WHOLE = /^\$\{var\.([\w-]+)\}$/;
const REFERENCE = /(?<!\$)\$\{[^}]*?\bvar\.([\w-]+)/g;

/** Whether a value of a synthesized file is there, but known to the engine only (`${…}`). */
export const isReference = (value: unknown): boolean =>
  typeof value === "string" && value.includes("${") && /(^|[^$])(\$\$)*\$\{/.test(value);
