import { COLLECTIONS, TIME, TOKENS } from "./api";
import type { ApiObject } from "./api-object";
import { hasMark, record, type Values } from "./plan-document";

/** One side of a change. */
export interface Side {
  readonly values: Values;
  /** `true` wherever a value is known only after the apply; undefined before the change. */
  readonly unknown?: unknown;
  /** `true` wherever the engine holds a value for secret. */
  readonly sensitive: unknown;
}

const READ = new Set([...Object.values(COLLECTIONS).flat(), TIME, TOKENS]);

const LATER = "it is known only after the apply";
const SECRET = "the plan holds it for secret";

/** The object that a REST resource is, with the collection that it is read from; undefined where no fact is made of that. */
export function plannedObject(device: string, side: Side): ApiObject | undefined {
  const body = record(side.values.body);
  const { collection, object } = placeOf(body, side.values);
  if (!READ.has(collection)) return undefined;
  const unknown = new Map<string, string>();
  markUnknown(unknown, body, side.unknown, LATER);
  markUnknown(unknown, body, side.sensitive, SECRET);
  const selector = String(side.values.read_selector);
  setByHand(selector, body, unknown);
  const held = heldSecrets(selector, body);
  return { device, collection, object, ...(unknown.size > 0 ? { unknown } : {}), ...(held === undefined ? {} : { held }) };
}

/** @param marks `true` at each value of the resource that is unknown; of the whole body it stands under the empty key too */
function markUnknown(unknown: Map<string, string>, body: Values, marks: unknown, reason: string): void {
  const inside = marks === true || record(marks).body;
  if (inside === true) {
    unknown.set("", reason);
    for (const key of Object.keys(body)) unknown.set(key, reason);
  } else {
    for (const [key, mark] of Object.entries(record(inside))) if (hasMark(mark)) unknown.set(key, reason);
  }
}

const TOKEN_PATH = /^\/access\/users\/[^/]+\/token\/[^/]+$/;
const TIME_PATH = /^\/nodes\/[^/]+\/time$/;

/** A token's own path alone names it: its body holds neither its name nor its user's. */
function placeOf(body: Values, { read_path: readPath, path }: Values): { collection: string; object: Values } {
  if (TOKEN_PATH.test(String(path))) return { collection: TOKENS, object: { ...body, path } };
  const collection = String(readPath ?? path);
  return { collection: TIME_PATH.test(collection) ? TIME : collection, object: body };
}

/**
 * A key that somebody set by hand shows by its name alone, in place of the value of a declared key; which one the selector says
 * (`constructs/rest-selector.ts`). Keys that stand behind it in the selector may be set as well.
 */
function setByHand(selector: string, body: Values, unknown: Map<string, string>): void {
  const { witness, unwanted } = unwantedKeys(selector);
  if (unwanted.length === 0) return;
  const first = unwanted.indexOf(String(body[witness]));
  if (first < 0) return;
  for (const key of unwanted.slice(first)) unknown.set(key, "it was set by hand, to what only the device shows");
}

function unwantedKeys(selector: string): { readonly witness: string; readonly unwanted: readonly string[] } {
  const [, witness = "", names = ""] = /\{"([^"]+)":\{([^{}]*)\}\.@keys\.0\}\]\|@join$/.exec(selector) ?? [];
  return { witness, unwanted: names === "" ? [] : names.split(",") };
}

/** Secrets that the selector expects, with the key in whose place `no <key>` stands when one is gone. */
function expectedSecrets(selector: string): { readonly witness: string; readonly key: string }[] {
  if (!selector.includes("==~null)")) return [];
  const parts = selector.matchAll(/\{"([^"]+)":\[@this\]\.#\(([\w-]+)==~null\)\.!"no [\w-]+"\}/g);
  return [...parts].map(([, witness = "", key = ""]) => ({ witness, key }));
}

function heldSecrets(selector: string, body: Values): ReadonlySet<string> | undefined {
  const held = expectedSecrets(selector).filter(({ witness, key }) => body[witness] !== `no ${key}`);
  return held.length > 0 ? new Set(held.map(({ key }) => key)) : undefined;
}

/** The key that really differs, where another one stands for it. */
export function keyBehind(selector: string, name: string, value: unknown): string {
  const { witness, unwanted } = unwantedKeys(selector);
  if (name === witness && unwanted.includes(String(value))) return String(value);
  return expectedSecrets(selector).find(({ witness: one, key }) => one === name && value === `no ${key}`)?.key ?? name;
}
