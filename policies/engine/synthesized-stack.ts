import { onceFor } from "./once-for";

/** A stack as it was synthesized, for the second gate. */
export interface SynthesizedStack {
  readonly id: string;
  /** `backup-server`, `hypervisor`, `firewall`. */
  readonly layer: string;
  /** The parsed `cdk.tf.json`. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Whether the lock file of its providers is there. Undefined: it cannot be known here. */
  readonly locked?: boolean;
}

/** One resource of a synthesized stack. */
export interface SynthesizedResource {
  readonly layer: string;
  /** `restful_resource`. */
  readonly type: string;
  /** Name in the configuration, which is the construct's id: `datastore__proxmox-data`. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Every resource of the stacks, in the order of the files. Read once for all rules. */
export const resourcesOf = onceFor((stacks: readonly SynthesizedStack[]): readonly SynthesizedResource[] =>
  stacks.reduce<readonly SynthesizedResource[]>((all, stack) => all.concat(resourcesIn(stack)), []),
);

/** Every resource of one stack. */
export const resourcesIn = onceFor(({ layer, configuration }: SynthesizedStack): readonly SynthesizedResource[] => {
  const found: SynthesizedResource[] = [];
  const types = recordOf(configuration.resource);
  for (const type in types) {
    const named = recordOf(types[type]);
    for (const name in named) found.push({ layer, type, name, attributes: recordOf(named[name]) });
  }
  return found;
});

/** The value if it is a record, else an empty one. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}
