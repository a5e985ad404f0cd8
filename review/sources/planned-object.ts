import { TIME, TOKENS } from "./api";
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

const LATER = "it is known only after the apply";
const SECRET = "the plan holds it for secret";

/** The object that a REST resource is, with the collection that it is read from; undefined where that is not known. */
export function plannedObject(device: string, side: Side): ApiObject | undefined {
  const path = side.values.read_path;
  if (typeof path !== "string") return undefined;
  const body = record(side.values.body);
  const unknown = new Map<string, string>();
  for (const [marks, reason] of [
    [side.unknown, LATER],
    [side.sensitive, SECRET],
  ] as const) {
    const inside = record(marks).body;
    const keys = inside === true ? Object.keys(body) : Object.keys(record(inside));
    for (const key of keys) if (inside === true || hasMark(record(inside)[key])) unknown.set(key, reason);
    if (inside === true || marks === true) unknown.set("", reason);
  }
  const selector = String(side.values.read_selector);
  setByHand(selector, body, unknown);
  return {
    device,
    ...placeOf(path, body, side.values),
    ...(unknown.size > 0 ? { unknown } : {}),
    ...heldSecrets(selector, body),
  };
}

/** A token's own path alone names it: its body holds neither its name nor its user's. */
function placeOf(path: string, body: Values, values: Values): { collection: string; object: Values } {
  if (path === "/access/users" && !("userid" in body)) return { collection: TOKENS, object: { ...body, path: values.path } };
  if (/^\/nodes\/[^/]+\/time$/.test(path)) return { collection: TIME, object: body };
  return { collection: path, object: body };
}

/**
 * A key that somebody set by hand shows by its name alone, in place of the value of a declared key; which one the selector says
 * (`constructs/rest-selector.ts`). Keys that stand behind it in the selector may be set as well.
 */
function setByHand(selector: string, body: Values, unknown: Map<string, string>): void {
  const { witness, unwanted } = unwantedKeys(selector);
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
  const parts = selector.matchAll(/\{"([^"]+)":\[@this\]\.#\(([\w-]+)==~null\)\.!"no [\w-]+"\}/g);
  return [...parts].map(([, witness = "", key = ""]) => ({ witness, key }));
}

function heldSecrets(selector: string, body: Values): { held?: ReadonlySet<string> } {
  const held = expectedSecrets(selector).filter(({ witness, key }) => body[witness] !== `no ${key}`);
  return held.length > 0 ? { held: new Set(held.map(({ key }) => key)) } : {};
}

/** The key that really differs, where another one stands for it. */
export function keyBehind(selector: string, name: string, value: unknown): string {
  const { witness, unwanted } = unwantedKeys(selector);
  if (name === witness && unwanted.includes(String(value))) return String(value);
  return expectedSecrets(selector).find(({ witness: one, key }) => one === name && value === `no ${key}`)?.key ?? name;
}
