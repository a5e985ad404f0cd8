import type { Rule } from "../../engine/rule";
import { removals } from "./removal";

/** The device deletes a user's tokens with the user, and a token's rights with the token. */
export const tokensStay: Rule = {
  sentence: "No plan deletes or replaces a token, or the user that owns it",
  plan: ({ stacks }) => removals(stacks, "token", "user"),
};
