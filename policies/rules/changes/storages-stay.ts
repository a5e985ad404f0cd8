import type { Rule } from "../../engine/rule";
import { removals } from "./removal";

export const storagesStay: Rule = {
  sentence: "No plan deletes or replaces a storage of the hypervisors, which holds their copy of the encryption key",
  plan: ({ stacks }) => removals(stacks, "storage"),
};
