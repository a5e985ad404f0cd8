import type { ResourceBlock } from "../stacks/samples";

/** A request that the restful provider makes for a declared object. */
export interface DeclaredRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Patch {
  readonly path: string;
  readonly removed?: boolean;
  readonly raw_json?: string;
}

const SECRET = "sample secret";

/** The requests that create, update and delete an object, made as the provider makes them from its attributes. */
export function requestsOf(block: ResourceBlock): {
  readonly create: DeclaredRequest;
  readonly update: DeclaredRequest;
  readonly remove: DeclaredRequest;
} {
  const text = (name: string) => String(block[name] ?? "");
  const body = unescaped(block.body ?? {});
  const secrets = Object.fromEntries(Object.keys((block.ephemeral_body ?? {}) as object).map((name) => [name, SECRET]));
  const query = {};
  return {
    create: { method: text("create_method") || "POST", path: text("path"), query, body: { ...body, ...secrets } },
    update: {
      method: text("update_method") || "PUT",
      path: text("update_path"),
      query,
      body: { ...patched(body, (block.update_body_patches ?? []) as readonly Patch[]), ...secrets },
    },
    remove: {
      method: text("delete_method") || "DELETE",
      path: text("delete_path"),
      query: (block.delete_query ?? {}) as DeclaredRequest["query"],
      body: unescaped((block.delete_body ?? {}) as Readonly<Record<string, unknown>>),
    },
  };
}

function patched(body: Readonly<Record<string, unknown>>, patches: readonly Patch[]): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = { ...body };
  for (const { path, removed, raw_json: json } of patches) {
    if (removed) delete result[path];
    else if (json === "$(body.id)") result[path] = 0;
    else result[path] = JSON.parse(json ?? "null");
  }
  return result;
}

function unescaped(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(body).replaceAll("$${", "${").replaceAll("%%{", "%{"));
}
