import { onceFor } from "./once-for";
import { recordOf } from "./synthesized-stack";

/** A stack with its plan, for the third gate. */
export interface PlannedStack {
  readonly layer: string;
  /** `show -json` of the saved plan. Undefined: the plan changes nothing. */
  readonly plan?: unknown;
}

/** What a plan does to one resource. Values stay in the plan: a rule takes out only the attributes that it names. */
export interface PlannedChange {
  readonly layer: string;
  readonly address: string;
  /** `restful_resource`. */
  readonly type: string;
  /** Name in the configuration, which is the construct's id: `datastore__proxmox-data`. */
  readonly name: string;
  readonly action: "create" | "update" | "delete" | "replace" | "forget" | "noop" | "read";
  /** `replace_paths` of the engine, joined: `body.path`. */
  readonly replacedBecause: readonly string[];
  readonly before: Readonly<Record<string, unknown>> | undefined;
  readonly after: Readonly<Record<string, unknown>> | undefined;
  /** `true` at every attribute that is known only after the apply. */
  readonly afterUnknown: Readonly<Record<string, unknown>>;
}

/** Every resource change of the plans, also those without an effect. Data sources are left out. Read once for all rules. */
export const plannedChanges = onceFor((stacks: readonly PlannedStack[]): readonly PlannedChange[] =>
  stacks.flatMap(({ layer, plan }) => {
    const changes = recordOf(plan).resource_changes;
    return (Array.isArray(changes) ? changes : []).map(recordOf).flatMap((entry): PlannedChange[] => {
      if (entry.mode === "data") return [];
      const change = recordOf(entry.change);
      const { before, after } = change;
      return [
        {
          layer,
          address: String(entry.address),
          type: String(entry.type),
          name: String(entry.name),
          action: actionOf(change.actions),
          replacedBecause: pathsOf(change.replace_paths),
          before: before === null || before === undefined ? undefined : recordOf(before),
          after: after === null || after === undefined ? undefined : recordOf(after),
          afterUnknown: recordOf(change.after_unknown),
        },
      ];
    });
  }),
);

/** What the engine's list of actions comes to. */
export function actionOf(actions: unknown): PlannedChange["action"] {
  const list = Array.isArray(actions) ? actions.map(String) : [];
  if (list.includes("delete") && list.includes("create")) return "replace";
  const [only = "no-op"] = list;
  return only === "create" || only === "update" || only === "delete" || only === "forget" || only === "read" ? only : "noop";
}

function pathsOf(paths: unknown): string[] {
  return (Array.isArray(paths) ? paths : []).flatMap((path) => (Array.isArray(path) ? [path.map(String).join(".")] : []));
}
