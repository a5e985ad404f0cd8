import { isDeepStrictEqual } from "node:util";
import { type ReadablePlan, type ResourceChange, record, type Values } from "./plan-document";
import { keyBehind } from "./planned-object";

/** An object that is destroyed and made anew. */
export interface Replacement {
  readonly layer: string;
  readonly address: string;
  /** Keys whose change demands it, or the engine's reason in words. Never a value. */
  readonly because: readonly string[];
}

/** What somebody else did to an object since the last apply. */
export interface PlannedDrift {
  readonly layer: string;
  readonly address: string;
  readonly kind: "changed" | "deleted";
  /** Keys that differ, sorted. Never a value. */
  readonly keys: readonly string[];
}

const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: "its creation was not seen through",
  replace_by_request: "somebody asked for it",
  replace_by_triggers: "another object is replaced",
};

export function replacementOf(layer: string, entry: ResourceChange): Replacement | undefined {
  const { address, change, action_reason: reason = "" } = entry;
  const { actions, before, after } = change;
  if (!actions.includes("delete") || !actions.includes("create")) return undefined;
  const demanding = record(after).force_new_attrs;
  const keys = differingKeys(record(record(before).body), record(record(after).body)).filter(
    (key) => Array.isArray(demanding) && demanding.includes(key),
  );
  const because = keys.length > 0 ? keys.map(shownKey).sort() : [REASONS[reason] ?? "the provider cannot update it"];
  return { layer, address, because };
}

/**
 * Drift of what decides on the protection. A node's clock differs at every look, so that of other resources than REST objects
 * only a few attributes count.
 */
export function plannedDrift({ layer, drift }: ReadablePlan): PlannedDrift[] {
  return drift.flatMap(({ address, type, mode, change }): PlannedDrift[] => {
    if (mode === "data") return [];
    if (!change.after) return [{ layer, address, kind: "deleted", keys: [] }];
    const [before, after] = [record(change.before), record(change.after)];
    const selector = String(before.read_selector);
    const body = record(after.body);
    const keys =
      type === "restful_resource"
        ? differingKeys(record(before.body), body).map((key) => shownKey(keyBehind(selector, key, body[key])))
        : differingKeys(pick(before, ATTRIBUTES), pick(after, ATTRIBUTES));
    return keys.length > 0 ? [{ layer, address, kind: "changed", keys: keys.sort() }] : [];
  });
}

const ATTRIBUTES = ["name", "disk", "protection", "purge_on_destroy", "pool_id", "time_zone"];

const pick = (values: Values, names: readonly string[]): Values => Object.fromEntries(names.map((name) => [name, values[name]]));

function differingKeys(one: Values, other: Values): string[] {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys
    .filter((key) => !isDeepStrictEqual(one[key], other[key]))
    .map(shownKey)
    .sort();
}

/** Keys are the API's own words; anything else in the place of one is not shown. */
const shownKey = (key: string): string => (/^[a-z][a-z0-9_-]{0,40}$/.test(key) ? key : "another key");
