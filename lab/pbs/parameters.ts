import type { DeviceRequest } from "../device";
import { refuse } from "./refusal";
import { type ParameterTable, parseSimple, parseStrings, type Values, verifyJson } from "./schema";

/** The product refuses larger bodies. */
const BODY_LIMIT = 512 * 1024;

/**
 * The checked parameters of a request. With a JSON content type they are those of the path and of the body, and the query
 * counts for nothing; otherwise those of the form, the query and the path.
 * @throws Refusal, ParameterRefusal
 */
export function readParameters(table: ParameterTable, request: DeviceRequest, parts: Readonly<Record<string, string>>): Values {
  if (Buffer.byteLength(request.body) >= BODY_LIMIT) refuse("Request body too large");
  const contentType = request.headers["content-type"];
  const kind = contentType?.split(";")[0];
  if (kind === "application/json") return verifyJson(table, { ...jsonBody(request.body), ...pathValues(table, parts) });
  if (kind !== undefined && kind !== "application/x-www-form-urlencoded") {
    refuse(`unsupported content type Ok(${JSON.stringify(contentType)})`);
  }
  const query = [...request.query].filter(([name]) => name !== "_dc");
  return parseStrings(table, [...new URLSearchParams(request.body), ...query, ...Object.entries(parts)]);
}

function jsonBody(body: string): Readonly<Record<string, unknown>> {
  if (body === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    refuse("expected value at line 1 column 1");
  }
  if (Array.isArray(value)) refuse("Expected object - got array.");
  if (typeof value !== "object" || value === null) refuse("Expected object - got scalar value.");
  return value as Readonly<Record<string, unknown>>;
}

/** A fault in the path is answered without naming the parameter. */
function pathValues(table: ParameterTable, parts: Readonly<Record<string, string>>): Values {
  const values = Object.entries(parts).flatMap(([name, raw]) => {
    const parameter = table[name];
    if (parameter === undefined) return [];
    const read = parseSimple(parameter.schema, raw);
    return "fault" in read ? refuse(read.fault) : [[name, read.value]];
  });
  return Object.fromEntries(values);
}
