import { isDeepStrictEqual } from "node:util";
import { actionOf } from "../policies/engine/planned-stack";
import { describeAddress, keyRemovedByHand, keySetByHand } from "../stacks/describe-address";
import type { Action } from "./events";

/** One attribute that a change alters. A value that is not known yet is "(known after apply)", a secret one "[secret]". */
export interface FieldChange {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What a saved plan does to one object. */
export interface ObjectChange {
  readonly layer: string;
  readonly address: string;
  /** Kind and names of the model: `prune job proxmox-data/critical`. */
  readonly construct: string;
  readonly action: Action;
  /** For an update or replacement. Empty when only a secret is sent again, or what the provider keeps for itself changes. */
  readonly fields: readonly FieldChange[];
  /**
   * An update that leaves the object's body as it is. The provider plans one after each update of an object that was
   * given a secret, because it forgets the secret's hash; applying it once more ends that. So does it where only a secret is
   * gone on the device: the first update makes the provider forget the hash, the second sends the secret.
   */
  readonly onlyRepeats: boolean;
}

type Values = Readonly<Record<string, unknown>>;

/** Reads `show -json` of a plan: every object that is not left as it is. */
export function changesOf(layer: string, plan: unknown): ObjectChange[] {
  const changes = (valuesOf(plan).resource_changes ?? []) as readonly unknown[];
  return changes.map(valuesOf).flatMap((entry) => {
    const address = String(entry.address);
    const change = valuesOf(entry.change);
    const planned = actionOf(change.actions);
    const action: Action = planned === "noop" && change.importing !== undefined ? "import" : planned;
    if (action === "noop" || action === "read") return [];
    const fields = action === "update" || action === "replace" ? fieldsOf(change) : [];
    return [
      {
        layer,
        address,
        construct: describeAddress(address),
        action,
        fields,
        onlyRepeats: action === "update" && (repeatsBody(change) || onlyRestores(fields)),
      },
    ];
  });
}

/** Number of objects by what is done to them; a replacement counts as both. */
export function countsOf(changes: readonly ObjectChange[]): { add: number; change: number; remove: number } {
  const count = (...actions: Action[]) => changes.filter(({ action }) => actions.includes(action)).length;
  return {
    add: count("create", "replace", "import"),
    change: count("update", "move"),
    remove: count("delete", "replace", "forget"),
  };
}

const REMOVED_BY_HAND = "(removed by hand)";

const onlyRestores = (fields: readonly FieldChange[]): boolean =>
  fields.length > 0 && fields.every(({ before }) => before === REMOVED_BY_HAND);

function repeatsBody(change: Values): boolean {
  const [before, after] = [valuesOf(change.before), valuesOf(change.after)];
  return "body" in before && !hasMark(valuesOf(change.after_unknown).body) && isDeepStrictEqual(before.body, after.body);
}

/** The body of a REST object is compared key by key, because its keys are what the device knows. */
function fieldsOf(change: Values): FieldChange[] {
  const isRest = "body" in valuesOf(change.before);
  const part = (value: unknown) => (isRest ? inner(value) : value);
  const [before, after] = [valuesOf(part(change.before)), valuesOf(part(change.after))];
  const unknown = valuesOf(part(change.after_unknown));
  const secret = [part(change.before_sensitive), part(change.after_sensitive)];
  return [...new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(unknown)])].flatMap((name) => {
    const isUnknown = hasMark(unknown[name]);
    if (isUnknown ? !(name in after) && !isRest : isDeepStrictEqual(before[name], after[name])) return [];
    const selector = isRest ? String(valuesOf(change.before).read_selector) : "";
    const byHand = keySetByHand(selector, name, before[name]);
    if (byHand !== undefined) return [{ name: byHand, before: "(set by hand)", after: null }];
    const gone = keyRemovedByHand(selector, name, before[name]);
    if (gone !== undefined) return [{ name: gone, before: REMOVED_BY_HAND, after: "[secret]" }];
    const isSecret = secret.some((marks) => marks === true || hasMark(valuesOf(marks)[name]));
    const shown = (value: unknown) => (isSecret ? "[secret]" : value);
    return [{ name, before: shown(before[name]), after: isUnknown ? "(known after apply)" : shown(after[name]) }];
  });
}

const inner = (value: unknown): unknown => (value === true ? true : valuesOf(value).body);

/** Whether `true` stands anywhere in a structure of marks. */
function hasMark(marks: unknown): boolean {
  if (marks === true) return true;
  return typeof marks === "object" && marks !== null && Object.values(marks).some(hasMark);
}

function valuesOf(value: unknown): Values {
  return typeof value === "object" && value !== null ? (value as Values) : {};
}
