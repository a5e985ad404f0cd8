import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { UserError } from "../model";
import { describeAddress } from "../stacks/describe-address";
import type { Deployment } from "./deployment";
import { unsavedState } from "./engine";
import { EngineFailure } from "./engine-failure";
import { type EngineEvent, parseEvent } from "./events";
import { completeImports, importId, type PlannedObject } from "./imports";
import type { RunnableStack } from "./stack";

/** Whether the last apply of a layer did not come to its end. */
export const isUnfinished = (deployment: Deployment, stack: RunnableStack): boolean =>
  existsSync(deployment.workspace.journal(stack.layer));

/**
 * Repairs what the last, unfinished apply of a layer left in its state: brings a state to its place that could not be written,
 * and takes back the mark that would replace an object only because the reading after its creation failed.
 */
export async function repairState(deployment: Deployment, stack: RunnableStack): Promise<void> {
  if (!isUnfinished(deployment, stack)) return;
  await pushUnsavedState(deployment, stack);
  const state = await deployment.onStack(stack, (engine) => engine.showState());
  for (const address of taintedObjects(state)) {
    if (address.startsWith("restful_")) await deployment.onStack(stack, (engine) => engine.untaint(address));
  }
}

/**
 * Takes into the state what an interrupted run created on a device without noting it. Only objects that our own journal
 * names are taken in, or those that the user names; anything else is not ours.
 * @param plan the plan as the engine shows it
 * @param adopt constructs that the user wants to take over
 * @returns whether the state has changed, so that the plan is void
 */
export async function recoverObjects(
  deployment: Deployment,
  stack: RunnableStack,
  plan: unknown,
  adopt: readonly string[],
): Promise<boolean> {
  const { operation } = deployment.options;
  if (operation !== "apply" && operation !== "destroy") return false;
  const open = await openCreations(deployment.workspace.journal(stack.layer));
  const taken: PlannedObject[] = [];
  for (const object of plannedCreations(plan)) {
    const construct = describeAddress(object.address);
    const isWish = adopt.includes(construct);
    if (!isWish && !open.has(object.address)) continue;
    if (await takeIn(deployment, stack, object, construct, isWish)) taken.push(object);
  }
  await deployment.onStack(stack, (engine) => completeImports(engine, taken));
  return taken.length > 0;
}

async function pushUnsavedState(deployment: Deployment, stack: RunnableStack): Promise<void> {
  const file = unsavedState(stack.directory);
  if (!existsSync(file)) return;
  await deployment.onStack(stack, (engine) => engine.pushState(file));
  await rm(file);
}

async function takeIn(
  deployment: Deployment,
  stack: RunnableStack,
  { address, type, planned }: PlannedObject,
  construct: string,
  isWish: boolean,
): Promise<boolean> {
  const id = importId(type, planned);
  if (id === undefined) {
    if (!isWish) return false;
    throw new UserError({
      where: `${stack.layer} ${construct}`,
      what: "an object of this kind cannot be adopted",
      repair: "rename it in the site file, or remove it from the device",
    });
  }
  return await deployment.onStack(stack, async (engine) => {
    try {
      await engine.importObject(address, id, deployment.variablesFor(stack));
      return true;
    } catch (error) {
      // It was not created after all: the plan to create it stands.
      if (error instanceof EngineFailure && isAbsent(error.details.output) && !isWish) return false;
      throw error;
    }
  });
}

const isAbsent = (output: string): boolean =>
  /Cannot import non-existent remote object|returns 40[04]|does not exist|no such|not found/i.test(output);

/**
 * Addresses whose creation was begun, and of which the journal does not say that the device refused it. A refusal after an
 * earlier attempt without an answer says nothing: it may be that attempt which now exists.
 */
async function openCreations(journal: string): Promise<ReadonlySet<string>> {
  const text = existsSync(journal) ? await readFile(journal, "utf8") : "";
  const attempts = new Map<string, number>();
  for (const event of text.split("\n").filter(Boolean).map(parseEvent)) {
    const refused = refusedAddress(event);
    if (refused !== undefined) attempts.set(refused, (attempts.get(refused) ?? 0) - 1);
    if (event.type === "apply_start" && event.action === "create")
      attempts.set(event.address, (attempts.get(event.address) ?? 0) + 1);
    if (event.type === "apply_complete" && event.action === "delete") attempts.delete(event.address);
  }
  return new Set([...attempts].filter(([, open]) => open > 0).map(([address]) => address));
}

/** An answer with a status is certain: the attempt created nothing. A cut connection is not. */
function refusedAddress(event: EngineEvent): string | undefined {
  if (event.type !== "diagnostic" || event.diagnostic.severity !== "error") return undefined;
  const { summary, detail, address } = event.diagnostic;
  return /returns \d{3}$/.test(summary) || /already exists|HTTP \d{3} response/i.test(detail) ? address : undefined;
}

function plannedCreations(plan: unknown): PlannedObject[] {
  const { resource_changes: changes = [] } = plan as { resource_changes?: readonly Record<string, unknown>[] };
  return changes.flatMap((entry) => {
    const change = entry.change as { actions: readonly string[]; after?: Record<string, unknown> | null };
    if (change.actions.join() !== "create") return [];
    return [{ address: String(entry.address), type: String(entry.type), planned: change.after ?? {} }];
  });
}

function taintedObjects(state: unknown): string[] {
  const { values } = state as { values?: { root_module?: { resources?: readonly Record<string, unknown>[] } } };
  return (values?.root_module?.resources ?? []).filter(({ tainted }) => tainted === true).map(({ address }) => String(address));
}
