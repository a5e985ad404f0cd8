import type { DeviceAnswer, DeviceRequest } from "../device";
import { Refusal } from "./refusal";

/** A value as it came over the wire, before it is checked. */
export type Wire = string | number | boolean | null | undefined | readonly Wire[] | { readonly [key: string]: Wire };

/**
 * The parameters of a request: the body of a POST or PUT (JSON when the content type says so, a form otherwise) and the
 * query, which wins. A body of any other method is not read.
 */
export function wireParameters(request: DeviceRequest): Record<string, Wire> {
  const parameters = request.method === "POST" || request.method === "PUT" ? bodyParameters(request) : {};
  Object.assign(parameters, formParameters(request.query));
  delete parameters._dc;
  return parameters;
}

function bodyParameters(request: DeviceRequest): Record<string, Wire> {
  const type = request.headers["content-type"]?.split(/\s*[;,]\s*/)[0];
  if (type === "application/json") return jsonParameters(request.body);
  if (request.body !== "" && type !== undefined && type !== "application/x-www-form-urlencoded") {
    throw new Refusal(`upload 'Content-Type '${request.headers["content-type"]}' not implemented`, 506);
  }
  return formParameters(new URLSearchParams(request.body.replaceAll(";", "&")));
}

function jsonParameters(body: string): Record<string, Wire> {
  if (body === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Refusal(`malformed JSON string, neither tag, array, object, number, string or atom, at character offset 0`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refusal("Not a HASH reference");
  return value as Record<string, Wire>;
}

/** A key that is given twice becomes a list. */
function formParameters(pairs: URLSearchParams): Record<string, Wire> {
  const parameters: Record<string, Wire> = {};
  for (const name of new Set(pairs.keys())) {
    const values = pairs.getAll(name);
    parameters[name] = values.length === 1 ? values[0] : values;
  }
  return parameters;
}

/** What the product refuses before it looks at the address: chunked bodies. */
export function refusesTransport(request: DeviceRequest): DeviceAnswer | undefined {
  const encoding = request.headers["transfer-encoding"];
  if (encoding === undefined) return undefined;
  const text =
    encoding.toLowerCase() === "chunked" ? "chunked transfer encoding not supported" : `Unknown transfer encoding '${encoding}'`;
  return { status: 501, reason: text, body: text };
}

/** The product's envelope around a result. @param total number of entries before a limit was applied */
export function success(data: unknown, total?: number): DeviceAnswer {
  return { status: 200, reason: "OK", body: { data: data ?? null, ...(total === undefined ? {} : { total }) } };
}

/** The product's envelope around a refusal: the text in reason phrase and `message`, parameter faults in `errors`. */
export function refused(refusal: Refusal): DeviceAnswer {
  return {
    status: refusal.status,
    reason: refusal.text.split(/[\r\n]/)[0] ?? "",
    body: { data: null, message: `${refusal.text}\n`, ...(refusal.errors === undefined ? {} : { errors: refusal.errors }) },
  };
}
