import { UserError } from "../model";
import { applyLayer } from "./apply-layer";
import { type Deployment, onEach } from "./deployment";
import { hasChanges, type LayerPlan, planLayer, planRecovered } from "./plan";
import type { OnProgress } from "./progress";
import { isUnfinished } from "./recovery";
import { RunRecord, type RunReport } from "./run-report";
import type { RunnableStack } from "./stack";
import type { StackObject } from "./stack-objects";
import { forgetLayer } from "./stale-stacks";

export interface DestroySettings {
  /** Asked with all that will be destroyed and all that stays. @returns whether to do it */
  readonly confirm: (plans: readonly LayerPlan[], staying: readonly StayingObject[]) => Promise<boolean>;
  readonly onProgress?: OnProgress;
  /** Default: all stacks of the model. Give the stacks of `staleStacks` to end what the model has forgotten. */
  readonly stacks?: readonly RunnableStack[];
}

/** An object that holds data or keys. It stays on its device and in the state, until somebody removes it by hand. */
export interface StayingObject {
  readonly layer: string;
  readonly construct: string;
  /** How to remove it by hand, with what is lost then. */
  readonly removal: string;
}

/**
 * Destroys stacks in the reverse order of their dependencies, except what is protected (`prevent_destroy`): datastores,
 * namespaces and storages with their keys stay as they are, and remain in the state, so that the next apply finds them.
 * @returns the report, and what stays
 */
export async function destroy(
  deployment: Deployment,
  settings: DestroySettings,
): Promise<{ readonly report: RunReport; readonly staying: readonly StayingObject[] }> {
  const record = new RunRecord(deployment);
  const { confirm, onProgress, stacks = deployment.stacks } = settings;
  try {
    onProgress?.({ kind: "phase", phase: "plan" });
    const planned = await onEach([...stacks].reverse(), (stack) => planDestruction(deployment, stack));
    const plans = planned.map(({ plan }) => plan);
    const staying = planned.flatMap((entry) => entry.staying);
    record.planned(plans);
    if (!(await confirm(plans, staying))) return { report: await record.close("declined"), staying };
    onProgress?.({ kind: "phase", phase: "destroy" });
    for (const { plan, staying: left } of planned) {
      if (plan.changes.length > 0) record.applied(plan.layer, await applyLayer(deployment, plan, "destroy", onProgress));
      if (left.length === 0) await forgetLayer(deployment.workspace, plan.layer);
    }
    return { report: await record.close(hasChanges(plans) ? "done" : "nothing to do"), staying };
  } catch (error) {
    if (error instanceof UserError) await record.close("failed", error.faults).catch(() => undefined);
    throw error;
  }
}

async function planDestruction(
  deployment: Deployment,
  stack: RunnableStack,
): Promise<{ readonly plan: LayerPlan; readonly staying: readonly StayingObject[] }> {
  const begin = Date.now();
  await deployment.prepare(stack);
  // What an interrupted apply has created and not noted would stay on its device for ever.
  if (isUnfinished(deployment, stack)) await planRecovered(deployment, stack, {});
  const declared = await deployment.objectsOf(stack);
  const present = await deployment.onStack(stack, (engine) => engine.stateList());
  const protectedObjects = present.flatMap((address) => {
    const object = declared.get(address);
    return object?.protected ? [object] : [];
  });
  const spare = protectedObjects.map(({ address }) => address);
  const { kind } = deployment.engineFor(stack);
  // Terraform knows no exclusion; naming everything else means the same.
  const limits =
    kind === "opentofu" ? { spare } : { only: spare.length === 0 ? [] : present.filter((it) => !spare.includes(it)) };
  const nothingElse = present.length === spare.length;
  const { plan } = nothingElse
    ? { plan: emptyPlan(deployment, stack) }
    : await planLayer(deployment, stack, { destroy: true, ...limits });
  return {
    plan: { ...plan, elapsedMs: Date.now() - begin },
    staying: protectedObjects.map((object) => ({ layer: stack.layer, construct: object.construct, removal: removalOf(object) })),
  };
}

const emptyPlan = ({ workspace }: Deployment, stack: RunnableStack): Omit<LayerPlan, "elapsedMs"> => ({
  layer: stack.layer,
  stack,
  file: workspace.planFile(stack.layer),
  sha256: undefined,
  changes: [],
  counts: { add: 0, change: 0, remove: 0 },
});

function removalOf({ type, attributes, device }: StackObject): string {
  const path = typeof attributes.delete_path === "string" ? attributes.delete_path : attributes.path;
  const call =
    typeof path === "string" ? `DELETE ${device ?? ""}${path}` : `${type} in the web interface of ${device ?? "the device"}`;
  return `${call}: with it go the backups or the key that it holds, for good`;
}
