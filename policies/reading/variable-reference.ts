/** Names of the variables that a value refers to, at any depth; a name stands as often as it is referred to. */
export function variablesIn(value: unknown): string[] {
  if (typeof value === "string") return [...value.matchAll(/(?<!\$)\$\{[^}]*?\bvar\.([\w-]+)/g)].map(([, name = ""]) => name);
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(variablesIn);
}
