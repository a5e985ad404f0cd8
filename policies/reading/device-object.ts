import { groupedBy } from "../engine/grouped-by";
import { onceFor } from "../engine/once-for";
import { type PlannedStack, plannedChanges } from "../engine/planned-stack";
import { remembered } from "../engine/remembered";
import { judged, type ModelContext, type Rule, unknown, type Verdict } from "../engine/rule";
import { recordOf, resourcesOf, type SynthesizedStack } from "../engine/synthesized-stack";
import { OPEN, textOf } from "./device-value";
import { isReference } from "./variable-reference";

/** An object of a device's API as a synthesized file or a plan will have it: what rules of the later gates judge. */
export interface DeviceObject {
  /** As verdicts name it: `backup-server datastore__pbs__data`. */
  readonly label: string;
  readonly layer: string;
  readonly gate: "synthesized" | "plan";
  /** Path of the API that creates it: `/config/datastore`. */
  readonly path: string;
  /** Path of the list on the device that it stands in, which is mostly the same. */
  readonly collection: string;
  /** The device that it stands on: `hypervisor`, `firewall`, the name of a backup server. */
  readonly device: string;
  /** What is declared. Values that are not known yet are `OPEN`. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What is sent and kept nowhere. A plan does not hold it. */
  readonly secrets: Readonly<Record<string, unknown>>;
}

type Check = (objects: readonly DeviceObject[], context: ModelContext) => readonly Verdict[];

/** One check for both later gates, which see the same objects: as they are written, and with every reference resolved. */
export const atLaterGates = (check: Check): Required<Pick<Rule, "synthesized" | "plan">> => ({
  synthesized: (context) => check(synthesizedObjects(context.stacks), context),
  plan: (context) => check(plannedObjects(context.stacks), context),
});

/** The verdict on an object by some keys of its body. What is not known yet gives none before the plan, and `unknown` in it. */
export function judgedBy(
  object: DeviceObject,
  keys: readonly string[],
  what: (body: DeviceObject["body"]) => string | undefined,
): Verdict[] {
  const { label, body } = object;
  return keys.some((key) => body[key] === OPEN) ? notYet(object, openKeys(object, keys)) : [judged(label, what(body))];
}

/** The verdict on an object of which some keys are not known. */
export const notYet = ({ gate, label }: DeviceObject, keys: readonly string[]): Verdict[] =>
  gate === "synthesized" ? [] : [unknown(label, `${keys.join(", ")}: known only after the apply`)];

/** Those of the keys whose value is not known yet. */
export const openKeys = ({ body }: DeviceObject, keys: readonly string[]): string[] => keys.filter((key) => body[key] === OPEN);

/** The objects of the synthesized stacks, in the order of the files; the same list for the same stacks. */
export const synthesizedObjects = onceFor((stacks: readonly SynthesizedStack[]): readonly DeviceObject[] =>
  resourcesOf(stacks)
    .filter(({ type }) => type === "restful_resource")
    .map(({ layer, name, attributes }) => objectOf("synthesized", layer, name, attributes, readBody(attributes.body))),
);

const byCollection = onceFor((objects: readonly DeviceObject[]) => groupedBy(objects, ({ collection }) => collection));

/** Those of one list (`/cluster/backup`), on whichever device. */
export const synthesizedAt = (stacks: readonly SynthesizedStack[], collection: string): readonly DeviceObject[] =>
  byCollection(synthesizedObjects(stacks)).get(collection) ?? [];

const byPath = onceFor((objects: readonly DeviceObject[]) => groupedBy(objects, ({ path }) => path));

/** Those of some objects that one path of the API creates, on whichever device. */
export const createdAt = (objects: readonly DeviceObject[], path: string): readonly DeviceObject[] =>
  byPath(objects).get(path) ?? [];

/** The objects that will be there after the plans. */
export const plannedObjects = onceFor((stacks: readonly PlannedStack[]): readonly DeviceObject[] =>
  plannedChanges(stacks).flatMap(({ type, layer, name, action, after, afterUnknown }) =>
    type !== "restful_resource" || action === "delete" || action === "forget" || after === undefined
      ? []
      : [objectOf("plan", layer, name, after, withOpen(after.body, afterUnknown.body))],
  ),
);

function objectOf(
  gate: DeviceObject["gate"],
  layer: string,
  name: string,
  attributes: Readonly<Record<string, unknown>>,
  body: DeviceObject["body"],
): DeviceObject {
  const { path, read_path: readPath, precheck_create: prechecks, provider } = attributes;
  const [precheck] = Array.isArray(prechecks) ? prechecks : [];
  return {
    label: `${layer} ${name}`,
    layer,
    gate,
    path: String(path),
    collection: textOf(readPath) ?? String(path),
    device: textOf(recordOf(precheck).mutex) ?? deviceOf(provider) ?? layer,
    body,
    secrets: recordOf(attributes.ephemeral_body),
  };
}

const devices = new Map<string, string | undefined>();

/** `restful.device__pbs_2enord` -> `pbs.nord`: the constructs write other characters than letters, digits and hyphens as their code. */
function deviceOf(provider: unknown): string | undefined {
  const text = textOf(provider);
  if (text === undefined) return undefined;
  return remembered(devices, text, () =>
    text
      .split(".device__")[1]
      ?.replace(/(?:_[0-9a-f]{2})+/g, (codes) => Buffer.from(codes.replaceAll("_", ""), "hex").toString()),
  );
}

/** A body of a synthesized file, as the device gets it. Most are what they say, and are given as they are. */
function readBody(written: unknown): DeviceObject["body"] {
  const body = recordOf(written);
  let read: Record<string, unknown> | undefined;
  for (const key in body) {
    if (!holdsBrace(body[key])) continue;
    read ??= { ...body };
    read[key] = holdsReference(body[key]) ? OPEN : unescaped(body[key]);
  }
  return read ?? body;
}

/** What holds none stands for itself. */
const holdsBrace = (value: unknown): boolean =>
  typeof value === "string" ? value.includes("{") : Array.isArray(value) && value.some(holdsBrace);

/** A body of a plan, whose texts are what the device gets. */
function withOpen(body: unknown, unknowns: unknown): DeviceObject["body"] {
  const open = Object.entries(recordOf(unknowns)).flatMap(([key, value]) => (holdsUnknown(value) ? [key] : []));
  return open.length === 0 ? recordOf(body) : { ...recordOf(body), ...Object.fromEntries(open.map((key) => [key, OPEN])) };
}

/** `true` is what is not known. The engine also writes lists and records of what is known, as long as they are, without any `true`. */
const holdsUnknown = (value: unknown): boolean =>
  value === true || (typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown));

/** Whether a value, or one of a list, holds a reference that the engine resolves. */
const holdsReference = (value: unknown): boolean => (Array.isArray(value) ? value.some(holdsReference) : isReference(value));

/** A text, or those of a list, as the device gets it: in a synthesized file two `$` or `%` before a brace are one. */
function unescaped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unescaped);
  return typeof value === "string" ? value.replace(/([$%])\1\{/g, "$1{") : value;
}
