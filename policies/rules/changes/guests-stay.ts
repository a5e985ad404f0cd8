import type { Rule } from "../../engine/rule";
import { removals } from "./removal";

export const guestsStay: Rule = {
  sentence: "No plan deletes or replaces a guest, which holds the client's data",
  plan: ({ stacks }) => removals(stacks, "guest"),
};
