import { plannedChanges } from "../../engine/planned-stack";
import { judged, type Rule } from "../../engine/rule";
import { isDestroyed, kindOfChange, labelOf, resourcesOfKind } from "./object-kind";

export const guestLeavesJobsAlone: Rule = {
  sentence: "The deletion of a guest leaves backup jobs and disks that it does not reference alone",
  synthesized: ({ stacks }) =>
    resourcesOfKind(stacks, "guest").map((guest) =>
      judged(labelOf(guest), reach(guest.type, guest.attributes, "its deletion would")),
    ),
  // A deletion follows what the last apply left in the state, not what the configuration says now.
  plan: ({ stacks }) =>
    plannedChanges(stacks)
      .filter((change) => isDestroyed(change) && kindOfChange(change) === "guest")
      .map((change) => judged(labelOf(change), reach(change.type, change.before ?? {}, "the plan would"))),
};

/** What the deletion takes along. The provider does both unless it is told not to; a container has no such switches. */
function reach(type: string, attributes: Readonly<Record<string, unknown>>, begin: string): string | undefined {
  if (type !== "proxmox_virtual_environment_vm") return undefined;
  const takes = [
    ...(attributes.purge_on_destroy === false ? [] : ["take it out of every backup job (purge_on_destroy)"]),
    ...(attributes.delete_unreferenced_disks_on_destroy === false
      ? []
      : ["delete disks that it does not reference (delete_unreferenced_disks_on_destroy)"]),
  ];
  return takes.length > 0 ? `${begin} ${takes.join(" and ")}` : undefined;
}
