import { existsSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Deployment } from "./deployment";
import type { EngineEvent } from "./events";
import { onFiles } from "./file-faults";
import type { LayerPlan } from "./plan";
import type { OnProgress, Phase } from "./progress";
import type { RunnableStack } from "./stack";
import { STACK_FILE } from "./stack-objects";

/** Does exactly what the saved plan of a layer says. @returns milliseconds it took */
export async function applyLayer(
  deployment: Deployment,
  plan: LayerPlan,
  phase: Phase,
  onProgress?: OnProgress,
): Promise<number> {
  const { layer, stack, file } = plan;
  const begin = Date.now();
  const tell = (state: "start" | "done" | "failed") =>
    onProgress?.({ kind: "layer", phase, layer, state, elapsedMs: Date.now() - begin });
  const journal = deployment.workspace.journal(layer);
  tell("start");
  await keepConfiguration(deployment, plan);
  try {
    const variables = deployment.variablesFor(stack);
    const onEvent = objectProgress(plan, onProgress);
    await deployment.onStack(stack, (engine) => engine.apply(file, { journal, variables, onEvent }));
  } catch (error) {
    tell("failed");
    throw error;
  } finally {
    await rm(file, { force: true });
  }
  // From here on nothing of this layer is open, so that the next run need not look for it.
  await rm(journal, { force: true });
  tell("done");
  return Date.now() - begin;
}

/** Once the model has forgotten the layer, its last configuration is what can destroy it. */
async function keepConfiguration({ workspace }: Deployment, { layer, stack }: LayerPlan): Promise<void> {
  const folder = workspace.kept(layer);
  await onFiles(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (join(folder, STACK_FILE) !== join(stack.directory, STACK_FILE) && existsSync(join(stack.directory, STACK_FILE))) {
      await copyFile(join(stack.directory, STACK_FILE), join(folder, STACK_FILE));
    }
  });
  const { id, dependsOn, variables } = stack;
  const kept: RunnableStack = { id, layer, directory: folder, dependsOn, variables };
  await workspace.write(join(folder, "stack.json"), JSON.stringify(kept));
}

function objectProgress(plan: LayerPlan, onProgress?: OnProgress): (event: EngineEvent) => void {
  const waiting = new Map(plan.changes.map(({ address, construct }) => [address, construct]));
  const names = new Map(waiting);
  const total = waiting.size;
  const finished = new Set<string>();
  const states = { apply_start: "start", apply_progress: "running", apply_complete: "done", apply_errored: "failed" } as const;
  return (event) => {
    if (!(event.type in states) || !("address" in event)) return;
    const state = states[event.type as keyof typeof states];
    waiting.delete(event.address);
    // A replacement ends twice: the deletion, then the creation.
    if (state === "done" || state === "failed") finished.add(event.address);
    onProgress?.({
      kind: "object",
      layer: plan.layer,
      construct: names.get(event.address) ?? event.address,
      action: event.action,
      state,
      elapsedMs: event.elapsedSeconds * 1000,
      done: finished.size,
      total,
      next: waiting.values().next().value,
    });
  };
}
