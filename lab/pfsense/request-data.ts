import type { DeviceRequest } from "../device";
import { phpFault, Refusal } from "./answers";
import type { Values } from "./field";
import { isList, isMap } from "./php";
import type { Page } from "./query";

/** What a call asks for, once the parameters that steer the call are taken out of its data. */
export interface RequestData {
  /** The data of PUT on a plural endpoint; elsewhere empty. */
  readonly list: readonly unknown[];
  readonly values: Values;
  readonly page: Page;
  readonly dryRun: boolean;
  readonly append: boolean;
  readonly remove: boolean;
}

/**
 * Reads a call as the package does: the content type decides where its data is. With JSON it is the body, and the query is
 * ignored; without a type GET and DELETE read the query.
 * @param wantsList PUT on a plural endpoint
 * @param fields names that may be sorted by
 * @throws Refusal
 */
export function readRequest(request: DeviceRequest, wantsList: boolean, fields: readonly string[], limit: number): RequestData {
  const data = decode(request);
  if (wantsList && !isList(data)) {
    throw new Refusal(
      400,
      "ENDPOINT_REQUEST_DATA_MUST_BE_INDEXED_ARRAY",
      "PUT requests to 'many' endpoints must contain an indexed array of objects to replace.",
    );
  }
  const values: Values = isMap(data) ? { ...data } : {};
  take(values, "async", "boolean");
  const reverse = take(values, "reverse", "boolean") === true;
  const sortBy = takeSortKeys(values, fields);
  const order = take(values, "sort_order", "string") ?? "SORT_ASC";
  if (order !== "SORT_ASC" && order !== "SORT_DESC") {
    throw invalid("SORT_ORDER_FIELD_UNKNOWN_SORT_ORDER", "Field `sort_order` must be one of: ['SORT_ASC', 'SORT_DESC'].");
  }
  const append = take(values, "append", "boolean") === true;
  const remove = take(values, "remove", "boolean") === true;
  const page = {
    limit: Number(take(values, "limit", "integer") ?? limit),
    offset: Number(take(values, "offset", "integer") ?? 0),
    reverse,
    ...(sortBy === undefined ? {} : { sortBy }),
    descending: order === "SORT_DESC",
  };
  const preferred = (request.headers.prefer ?? "").toLowerCase().split(",");
  const dryRun = take(values, "dry_run", "boolean") === true || preferred.some((token) => token.trim() === "dry-run");
  if (dryRun && request.method === "GET") {
    throw invalid("DRY_RUN_NOT_SUPPORTED_ON_GET", "The `dry_run` parameter is not supported on GET requests.");
  }
  return { list: isList(data) ? data : [], values, page, dryRun, append, remove };
}

function decode(request: DeviceRequest): unknown {
  const fallback = ["GET", "DELETE"].includes(request.method) ? "application/x-www-form-urlencoded" : "application/json";
  const type = (request.headers["content-type"] ?? "").toLowerCase() || fallback;
  const mime = type.split(";")[0] ?? "";
  if (mime === "application/json") return decodeJson(request.body);
  if (mime === "application/x-www-form-urlencoded") return decodeForm(request);
  const why =
    mime === "application/octet-stream"
      ? { id: "CANNOT_DECODE_CONTENT", text: `Content handler \`${mime}\` does not support decoding content.` }
      : { id: "DECODE_NOT_FOUND", text: `No content handler exists for \`${mime}\`.` };
  const repair = "Change the value of your `Content-Type` header to a valid option and try again.";
  throw new Refusal(415, `CONTENT_HANDLER_${why.id}`, `${why.text} ${repair}`);
}

function decodeJson(body: string): unknown {
  if (body === "" || body === "0") return {};
  let data: unknown;
  try {
    // PHP does not tell an empty map from an empty list.
    data = JSON.parse(body, (_key, value) => (isMap(value) && Object.keys(value).length === 0 ? [] : value));
  } catch {
    throw new Refusal(400, "JSON_CONTENT_HANDLER_COULD_NOT_DECODE_JSON", "Request body could not be decoded as JSON.");
  }
  if (data === null) return {};
  if (typeof data !== "object") {
    throw phpFault("Cannot assign a scalar to property RESTAPI\\Core\\Endpoint::$request_data of type array");
  }
  return data;
}

/** The query, or where there is none the body, as `parse_str` and the package's guess of types understand it. */
function decodeForm(request: DeviceRequest): Values {
  const query = [...request.query];
  const values: Values = {};
  for (const [key, value] of query.length > 0 ? query : new URLSearchParams(request.body)) {
    const name = key.replace(/\[.*$/s, "").replace(/[ .]/g, "_");
    if (!key.includes("[")) values[name] = guess(value);
    else values[name] = [...(isList(values[name]) ? (values[name] as unknown[]) : []), guess(value)];
  }
  return values;
}

function guess(value: string): unknown {
  if (value === "true" || value === "false") return value === "true";
  if (value === "null") return null;
  if (/^\d+$/.test(value)) return Number(value);
  return /^[+-]?\d*\.\d*(e[+-]?\d+)?$/i.test(value) && Number.isFinite(Number.parseFloat(value)) ? Number(value) : value;
}

const invalid = (id: string, message: string) => new Refusal(400, `ENDPOINT_${id}`, message);

function take(values: Values, name: string, type: "boolean" | "integer" | "string"): unknown {
  const value = values[name];
  if (value === undefined || value === null) return undefined;
  const fits = type === "integer" ? Number.isInteger(value) : typeof value === type;
  if (!fits) throw invalid(`${name.toUpperCase()}_FIELD_INVALID_TYPE`, `Field \`${name}\` must be of type \`${type}\`.`);
  delete values[name];
  return value;
}

function takeSortKeys(values: Values, fields: readonly string[]): readonly string[] | undefined {
  const given = values.sort_by;
  if (given === undefined || given === null) return undefined;
  delete values.sort_by;
  return (isList(given) ? given : [given]).map((key) => {
    if (typeof key !== "string") throw invalid("SORT_BY_FIELD_INVALID_TYPE", "Field `sort_by` must be of type `string`.");
    if (!fields.includes(key)) {
      throw invalid("SORT_BY_FIELD_NON_EXISTENT_FIELD", "Field `sort_by` must be a valid field in the Model.");
    }
    return key;
  });
}
