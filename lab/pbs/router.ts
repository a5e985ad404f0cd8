import type { Endpoint } from "./endpoint";

export interface Route {
  readonly endpoint: Endpoint;
  /** Path parameters, decoded. */
  readonly parts: Readonly<Record<string, string>>;
}

/** Finds the endpoint of a path; a literal part goes before a parameter. */
export class Router {
  readonly #endpoints: readonly { readonly endpoint: Endpoint; readonly pattern: readonly string[] }[];

  constructor(endpoints: readonly Endpoint[]) {
    this.#endpoints = endpoints
      .map((endpoint) => ({ endpoint, pattern: split(endpoint.path) }))
      .sort((left, right) => parameterCount(left.pattern) - parameterCount(right.pattern));
  }

  find(method: string, path: string): Route | undefined {
    const given = split(path).map(decoded);
    const found = this.#endpoints.find(
      ({ endpoint, pattern }) =>
        endpoint.method === method &&
        pattern.length === given.length &&
        pattern.every((part, index) => part.startsWith(":") || part === given[index]),
    );
    if (found === undefined) return undefined;
    const parts = found.pattern.flatMap((part, index) => (part.startsWith(":") ? [[part.slice(1), given[index] ?? ""]] : []));
    return { endpoint: found.endpoint, parts: Object.fromEntries(parts) };
  }
}

function split(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "");
}

function parameterCount(pattern: readonly string[]): number {
  return pattern.filter((part) => part.startsWith(":")).length;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
