import type { PlannedStack } from "../../engine/planned-stack";
import { compliant, type Rule, unknown, type Verdict } from "../../engine/rule";
import { recordOf } from "../../engine/synthesized-stack";

/** The form of plans that is understood here: the engine raises the first number when it changes what is there. */
const FORMAT = /^1\.\d+$/;

/** Combinations of actions that the other rules can tell apart. */
const ACTIONS: ReadonlySet<string> = new Set([
  "no-op",
  "create",
  "read",
  "update",
  "delete",
  "forget",
  "delete,create",
  "create,delete",
]);

export const wholePlan: Rule = {
  sentence: "Every plan is whole and of a form that Bastide understands",
  plan: ({ stacks }) => stacks.flatMap((stack): Verdict[] => (stack.plan === undefined ? [] : [verdictOn(stack)])),
};

function verdictOn({ layer, plan }: PlannedStack): Verdict {
  const { format_version: format, errored, complete, resource_changes: changes, deferred_changes: deferred } = recordOf(plan);
  const object = `${layer} plan`;
  if (typeof format !== "string" || !FORMAT.test(format))
    return unknown(object, "its format is not one that Bastide reads (1.x)");
  if (errored === true) return unknown(object, "the engine stopped before it was done with it");
  if (complete === false || (Array.isArray(deferred) && deferred.length > 0))
    return unknown(object, "it leaves a part of the changes for later");
  if (!Array.isArray(changes)) return unknown(object, "it has no list of changes");
  const strange = changes.map(recordOf).filter(({ change }) => !ACTIONS.has(String(recordOf(change).actions)));
  if (strange.length > 0)
    return unknown(object, `it does something to ${strange.map(({ address }) => address).join(", ")} that Bastide does not know`);
  return compliant(object);
}
