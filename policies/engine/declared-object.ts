import { onceFor } from "./once-for";
import { remembered } from "./remembered";
import { recordOf, resourcesOf, type SynthesizedStack } from "./synthesized-stack";

/** An object of a device's API as a synthesized stack declares it, with its keys as the device names them. */
export interface DeclaredObject {
  /** `<layer> <name in the configuration>`: what a finding names where the site file has no place for it. */
  readonly object: string;
  /** Name of the device that holds it: `hypervisor`, `firewall`, or a backup server of the site. */
  readonly device: string;
  /** Path of the list on the device that holds it. */
  readonly collection: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Every object of one collection of the devices' APIs (`/cluster/backup`), on whichever device, in the order of the files. */
export function declaredObjects(stacks: readonly SynthesizedStack[], collection: string): readonly DeclaredObject[] {
  return byCollection(stacks).get(collection) ?? [];
}

/** Every rule of the gate asks, and the files are walked once. */
const byCollection = onceFor((stacks: readonly SynthesizedStack[]): ReadonlyMap<string, readonly DeclaredObject[]> => {
  const collections = new Map<string, DeclaredObject[]>();
  for (const { layer, type, name, attributes } of resourcesOf(stacks)) {
    const collection = textOf(attributes.read_path) ?? textOf(attributes.path);
    if (type !== "restful_resource" || collection === undefined) continue;
    const device = deviceOf(attributes.provider) ?? layer;
    const one = { object: `${layer} ${name}`, device, collection, body: recordOf(attributes.body) };
    const same = collections.get(collection);
    if (same === undefined) collections.set(collection, [one]);
    else same.push(one);
  }
  return collections;
});

/** A text of a body. Undefined: absent, no text, or known to the engine only (`${…}`). */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && !isReference(value) ? value : undefined;
}

/** Texts of a body that stand in a list or, as Proxmox VE writes most of its lists, behind each other with commas. Undefined as above. */
export function textsOf(value: unknown): readonly string[] | undefined {
  if (Array.isArray(value)) {
    const texts = value.map(textOf);
    return texts.every((text) => text !== undefined) ? texts : undefined;
  }
  const text = typeof value === "number" ? String(value) : textOf(value);
  return text
    ?.split(/[,;\s]+/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** A switch of a body, as the devices read it. Undefined: it is known to the engine only. */
export function flagOf(value: unknown, fallback: boolean): boolean | undefined {
  if (value === undefined || value === null) return fallback;
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return value !== 0;
  const text = textOf(value)?.toLowerCase();
  if (text === undefined) return undefined;
  return ["1", "true", "on", "yes"].includes(text);
}

/** A count of a body. Undefined: absent, no number, or known to the engine only. */
export function countOf(value: unknown): number | undefined {
  const number = typeof value === "number" ? value : Number(textOf(value) || Number.NaN);
  return Number.isFinite(number) ? number : undefined;
}

/** Whether a value is there, but known to the engine only. */
export const isReference = (value: unknown): boolean =>
  typeof value === "string" && value.includes("${") && /(^|[^$])(\$\$)*\$\{/.test(value);

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
