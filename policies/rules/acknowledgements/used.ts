import type { Rule } from "../../engine/rule";

/** Judged by the engine itself, which alone knows what the other rules have found. */
export const used: Rule = {
  sentence: "Every acknowledgement covers something that a policy finds",
};
