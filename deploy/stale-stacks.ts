import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { describeAddress } from "../stacks/describe-address";
import type { Deployment } from "./deployment";
import type { RunnableStack } from "./stack";
import type { Workspace } from "./workspace";

/** A layer that was applied once and that the model no longer has: its objects still stand on the devices. */
export interface StaleStack {
  readonly layer: string;
  /** What the state still holds; empty where it is encrypted and its last configuration lost. */
  readonly objects: readonly string[];
  /** What destroys it. Absent when its last configuration is lost, as in a fresh clone. */
  readonly stack?: RunnableStack;
}

/** Layers whose state still holds objects, though the model has forgotten them. Nothing is destroyed here. */
export async function staleStacks(deployment: Deployment): Promise<StaleStack[]> {
  const { workspace, stacks } = deployment;
  const current = new Set(stacks.map(({ layer }) => layer));
  const known = await layersEverApplied(workspace);
  const found: StaleStack[] = [];
  for (const layer of known.filter((name) => !current.has(name))) {
    const stack = await lastConfiguration(workspace, layer);
    if (stack === undefined) {
      found.push({ layer, objects: await namesInPlainState(workspace.stateFile(layer)) });
      continue;
    }
    await deployment.prepare(stack);
    const addresses = await deployment.onStack(stack, (engine) => engine.stateList());
    if (addresses.length === 0) await forgetLayer(workspace, layer);
    else found.push({ layer, stack, objects: addresses.map((address) => describeAddress(address)) });
  }
  return found;
}

/** A layer that holds nothing any more needs no configuration to be destroyed with. */
export async function forgetLayer(workspace: Workspace, layer: string): Promise<void> {
  await rm(workspace.kept(layer), { recursive: true, force: true });
  for (const file of [workspace.stateFile(layer), `${workspace.stateFile(layer)}.backup`]) await rm(file, { force: true });
}

async function layersEverApplied(workspace: Workspace): Promise<string[]> {
  const kept = existsSync(workspace.keptLayers) ? await readdir(workspace.keptLayers) : [];
  const states = (await readdir(workspace.states)).filter((name) => name.endsWith(".tfstate"));
  return [...new Set([...kept, ...states.map((name) => basename(name, ".tfstate"))])].sort();
}

async function lastConfiguration(workspace: Workspace, layer: string): Promise<RunnableStack | undefined> {
  const file = join(workspace.kept(layer), "stack.json");
  return existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as RunnableStack) : undefined;
}

/** Objects in a state that is not encrypted. */
async function namesInPlainState(file: string): Promise<string[]> {
  const text = existsSync(file) ? await readFile(file, "utf8") : "{}";
  const { resources = [] } = JSON.parse(text) as { resources?: readonly { type?: string; name?: string }[] };
  return resources.map(({ type, name }) => describeAddress(`${type}.${name}`));
}
