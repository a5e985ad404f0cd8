import { type Fault, UserError } from "../../model";

/** The plan of one layer. */
export interface PlanDocument {
  /** `backup-server`, `hypervisor`, `firewall`. */
  readonly layer: string;
  /** `show -json` of the saved plan, also where it changes nothing. Undefined: it is not at hand. */
  readonly plan?: unknown;
}

/** One entry of `resource_changes` or `resource_drift`, as the engine writes it. Its values are read by allow-list only. */
export interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode?: string;
  readonly type: string;
  readonly name: string;
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: Values | null;
    readonly after?: Values | null;
    readonly after_unknown?: unknown;
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    readonly importing?: unknown;
  };
}

export type Values = Readonly<Record<string, unknown>>;

/** A plan that can be read. */
export interface ReadablePlan {
  readonly layer: string;
  readonly changes: readonly ResourceChange[];
  readonly drift: readonly ResourceChange[];
}

/** Version 1 of the format; a new minor version only adds to it. */
const MAJOR_VERSION = "1";

/** @throws UserError with what is wrong with each plan: of an unknown format, incomplete, or none at all */
export function readablePlans(documents: readonly PlanDocument[]): ReadablePlan[] {
  const faults: Fault[] = [];
  const plans: ReadablePlan[] = [];
  for (const { layer, plan } of documents) {
    if (plan === undefined) continue;
    const found = problemOf(plan);
    if (found === undefined) {
      const { resource_changes: changes = [], resource_drift: drift = [] } = plan as {
        resource_changes?: readonly ResourceChange[];
        resource_drift?: readonly ResourceChange[];
      };
      plans.push({ layer, changes, drift });
    } else faults.push(fault(`plan of ${layer}`, ...found));
  }
  if (faults.length > 0) throw new UserError(faults);
  return plans;
}

function fault(where: string, what: string, why: string): Fault {
  return { where, what, why, repair: "plan again, and write the whole of `show -json <plan file>` of the engine into a file" };
}

function problemOf(plan: unknown): [what: string, why: string] | undefined {
  if (!isRecord(plan)) return ["is no plan", "it holds no JSON object"];
  const version = plan.format_version;
  if (typeof version !== "string") return ["is no plan", "it names no format_version"];
  if (version.split(".")[0] !== MAJOR_VERSION) {
    const shown = /^[\d.]{1,12}$/.test(version) ? ` ${version}` : "";
    return [
      `has the unknown format${shown}`,
      `Bastide reads major version ${MAJOR_VERSION}: what another one means is not known`,
    ];
  }
  if (!("planned_values" in plan) && !("resource_changes" in plan)) return ["is no plan", "it is a state, or a part is missing"];
  if (plan.errored === true) return ["is a plan that failed", "it holds only a part of what would be done"];
  if (plan.complete === false) return ["is not complete", "it leaves out a part of the objects, so another plan must follow"];
  const { resource_changes: changes = [], resource_drift: drift = [] } = plan;
  if (![changes, drift].every((list) => Array.isArray(list) && list.every(isChange))) {
    return ["has a change of a shape that Bastide does not know", "a part of it is missing, or it was edited"];
  }
  const missing = missingObjects(plan, changes as readonly ResourceChange[]);
  if (missing === 0) return undefined;
  return [
    `leaves out ${missing} object${missing === 1 ? "" : "s"} of the state`,
    "it was limited to some objects, or is cut off",
  ];
}

/** A whole plan speaks of every object of the state, also of those that it leaves as they are. */
function missingObjects(plan: Values, changes: readonly ResourceChange[]): number {
  const state = record(record(record(plan.prior_state).values).root_module).resources;
  if (!Array.isArray(state)) return 0;
  const spoken = new Set<unknown>();
  for (const { address, previous_address: previous } of changes) {
    spoken.add(address);
    spoken.add(previous);
  }
  return state.filter((one) => isRecord(one) && one.mode !== "data" && !spoken.has(one.address)).length;
}

function isChange(entry: unknown): entry is ResourceChange {
  if (!isRecord(entry) || !isRecord(entry.change) || !Array.isArray(entry.change.actions)) return false;
  return [entry.address, entry.type, entry.name].every((text) => typeof text === "string");
}

function isRecord(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value if it is a record, else an empty one. */
export const record = (value: unknown): Values => (isRecord(value) ? value : NOTHING);
const NOTHING: Values = {};

/** Whether `true` stands anywhere in a structure of marks. */
export function hasMark(marks: unknown): boolean {
  if (marks === true) return true;
  return typeof marks === "object" && marks !== null && Object.values(marks).some(hasMark);
}
