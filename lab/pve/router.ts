import type { Endpoint } from "./endpoint";

export interface Route {
  readonly endpoint: Endpoint;
  /** Parameters from the address, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds the call for an address, which the product decodes before it cuts it at the slashes. */
export class Router {
  readonly #routes: { readonly endpoint: Endpoint; readonly parts: readonly string[] }[];

  constructor(endpoints: readonly Endpoint[]) {
    // Fixed parts before parameters, and parameters of one part before those that take the rest.
    this.#routes = endpoints
      .map((endpoint) => ({ endpoint, parts: endpoint.path.split("/").filter((part) => part !== "") }))
      .sort((one, other) => rank(one.parts).localeCompare(rank(other.parts)));
  }

  find(method: string, path: string): Route | undefined {
    const parts = decoded(path)
      .split("/")
      .filter((part) => part !== "");
    for (const { endpoint, parts: pattern } of this.#routes) {
      if (endpoint.method !== method) continue;
      const parameters = match(pattern, parts);
      if (parameters !== undefined) return { endpoint, parameters };
    }
    return undefined;
  }
}

function match(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const takesRest = pattern.at(-1)?.endsWith("...}") === true;
  if (takesRest ? parts.length < pattern.length : parts.length !== pattern.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const given = parts[index] ?? "";
    if (part.endsWith("...}")) parameters[part.slice(1, -4)] = parts.slice(index).join("/");
    else if (part.startsWith("{")) parameters[part.slice(1, -1)] = given;
    else if (part !== given) return undefined;
  }
  return parameters;
}

function rank(parts: readonly string[]): string {
  return parts.map((part) => (part.endsWith("...}") ? "2" : part.startsWith("{") ? "1" : "0")).join("");
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
