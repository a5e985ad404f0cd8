import { rm } from "node:fs/promises";
import { changesOf, countsOf, type ObjectChange } from "./changes";
import { type Deployment, onEach } from "./deployment";
import type { PlanOptions } from "./engine";
import type { EngineEvent } from "./events";
import type { OnProgress, Phase } from "./progress";
import { recoverObjects, repairState } from "./recovery";
import type { RunnableStack } from "./stack";
import { sha256Of } from "./workspace";

/** The saved plan of one layer: what `apply` does to it, no more and no less. */
export interface LayerPlan {
  readonly layer: string;
  readonly stack: RunnableStack;
  readonly file: string;
  /** Of the plan file; undefined when nothing is to be done. */
  readonly sha256: string | undefined;
  readonly changes: readonly ObjectChange[];
  readonly counts: { readonly add: number; readonly change: number; readonly remove: number };
  readonly elapsedMs: number;
}

export interface PlanSettings {
  readonly phase?: Phase;
  readonly onProgress?: OnProgress;
  readonly onEvent?: (layer: string, event: EngineEvent) => void;
  /** Objects, as the plan names them, that exist on their devices and are to be taken into the state. */
  readonly adopt?: readonly string[];
  /**
   * Gets the plan of each layer that changes something, as the engine shows it, to be judged. It may hold values that the engine
   * hides. Nothing here keeps it, because it may be large: who takes it lets go of it.
   */
  readonly onDocument?: (layer: string, document: unknown) => void;
}

/**
 * Plans every stack, independent ones at the same time: none needs another's outputs, so that the whole change is known
 * before anything happens. The backup server need not have issued its token's secret yet.
 * @throws UserError with the faults of all stacks at once
 */
export async function planAll(deployment: Deployment, settings: PlanSettings = {}): Promise<LayerPlan[]> {
  const { phase = "plan", onProgress } = settings;
  onProgress?.({ kind: "phase", phase });
  return await onEach(deployment.stacks, async (stack) => {
    const begin = Date.now();
    const tell = (state: "start" | "done" | "failed") =>
      onProgress?.({ kind: "layer", phase, layer: stack.layer, state, elapsedMs: Date.now() - begin });
    tell("start");
    try {
      await deployment.prepare(stack);
      const plan = await planRecovered(deployment, stack, settings);
      tell("done");
      return { ...plan, elapsedMs: Date.now() - begin };
    } catch (error) {
      tell("failed");
      throw error;
    }
  });
}

/** Whether anything is to be done at all. */
export const hasChanges = (plans: readonly LayerPlan[]): boolean => plans.some(({ changes }) => changes.length > 0);

type Timeless = Omit<LayerPlan, "elapsedMs">;

/** Plans one stack after everything that an interrupted run left open is in its state. */
export async function planRecovered(deployment: Deployment, stack: RunnableStack, settings: PlanSettings): Promise<Timeless> {
  await repairState(deployment, stack);
  const first = await planLayer(deployment, stack, settings);
  const isVoid = first.document !== undefined && (await recoverObjects(deployment, stack, first.document, settings.adopt ?? []));
  const { plan, document } = isVoid ? await planLayer(deployment, stack, settings) : first;
  if (document !== undefined) settings.onDocument?.(stack.layer, document);
  return plan;
}

/** Plans one stack as it is. `document` is the plan as the engine shows it; it may hold values that the engine hides. */
export async function planLayer(
  deployment: Deployment,
  stack: RunnableStack,
  settings: Pick<PlanSettings, "onEvent"> & Pick<PlanOptions, "destroy" | "spare" | "only">,
): Promise<{ readonly plan: Timeless; readonly document?: unknown }> {
  const { layer } = stack;
  const file = deployment.workspace.planFile(layer);
  const journal = `${file}.jsonl`;
  const { onEvent, destroy = false, spare = [], only = [] } = settings;
  const { changed } = await deployment.onStack(stack, (engine) =>
    engine.plan({
      out: file,
      journal,
      variables: deployment.variablesFor(stack),
      destroy,
      spare,
      only,
      ...(onEvent === undefined ? {} : { onEvent: (event: EngineEvent) => onEvent(layer, event) }),
    }),
  );
  await rm(journal, { force: true });
  // Reading the plan starts the providers once more; where nothing changes there is nothing to read.
  if (!changed) return { plan: { layer, stack, file, sha256: undefined, changes: [], counts: countsOf([]) } };
  const document = await deployment.onStack(stack, (engine) => engine.show(file));
  const changes = changesOf(layer, document);
  return { plan: { layer, stack, file, sha256: await sha256Of(file), changes, counts: countsOf(changes) }, document };
}
