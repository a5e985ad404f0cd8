import type { Rule } from "../../engine/rule";
import { removals } from "./removal";

export const backupsStay: Rule = {
  sentence: "No plan deletes or replaces a datastore or a namespace",
  plan: ({ stacks }) => removals(stacks, "datastore", "namespace"),
};
