/** Names of the variables that a value refers to, at any depth; a name stands as often as it is referred to. */
export function variablesIn(value: unknown): string[] {
  const names: string[] = [];
  const visit = (inner: unknown): void => {
    if (typeof inner === "string") {
      if (inner.includes("var.")) for (const [, name = ""] of inner.matchAll(REFERENCE)) names.push(name);
    } else if (Array.isArray(inner)) {
      for (const entry of inner) visit(entry);
    } else if (typeof inner === "object" && inner !== null) {
      for (const key in inner) visit((inner as Readonly<Record<string, unknown>>)[key]);
    }
  };
  visit(value);
  return names;
}

const REFERENCE = /(?<!\$)\$\{[^}]*?\bvar\.([\w-]+)/g;

/** Whether a value of a synthesized file is there, but known to the engine only (`${…}`). */
export const isReference = (value: unknown): boolean =>
  typeof value === "string" && value.includes("${") && /(^|[^$])(\$\$)*\$\{/.test(value);
