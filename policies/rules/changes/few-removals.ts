import { plannedChanges } from "../../engine/planned-stack";
import { judged, type Rule } from "../../engine/rule";
import { isDestroyed, labelOf } from "./object-kind";

/** From here on nobody reads the list of removals line by line. */
const MANY = 10;
/** From here on it is a site that goes, or a mistake. */
const MASS = 50;
/** Objects that a finding names; the plan names them all. */
const NAMED = 3;

export const fewRemovals: Rule = {
  sentence: `No plan deletes or replaces ${MANY} objects or more`,
  plan: ({ stacks }) => counted(destroyedIn(stacks), (count) => count >= MANY && count < MASS),
};

export const noMassRemoval: Rule = {
  sentence: `No plan deletes or replaces ${MASS} objects or more`,
  plan: ({ stacks }) => counted(destroyedIn(stacks), (count) => count >= MASS),
};

const destroyedIn = (stacks: Parameters<typeof plannedChanges>[0]): string[] =>
  plannedChanges(stacks).filter(isDestroyed).map(labelOf);

/** One verdict for the whole change, over all layers. */
function counted(destroyed: readonly string[], tooMany: (count: number) => boolean) {
  const names = `${destroyed.slice(0, NAMED).join(", ")} …`;
  const what = `the plan would delete or replace ${destroyed.length} objects: ${names}`;
  return [judged("plan", tooMany(destroyed.length) ? what : undefined)];
}
