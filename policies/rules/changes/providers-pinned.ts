import { judged, type Rule } from "../../engine/rule";
import { recordOf } from "../../engine/synthesized-stack";

/** `1.2.3` or `= 1.2.3`, with whatever stands behind a release. */
const EXACT = /^=?\s*\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

export const providersPinned: Rule = {
  sentence: "Every provider is required in exactly one version",
  synthesized: ({ stacks }) =>
    stacks.flatMap(({ layer, configuration }) => {
      const required = recordOf(recordOf(configuration.terraform).required_providers);
      // One that is configured and not required is brought by the engine in its newest version.
      const names = new Set([...Object.keys(required), ...Object.keys(recordOf(configuration.provider))]);
      return [...names].map((name) => judged(`${layer} provider ${name}`, looseness(recordOf(required[name]).version)));
    }),
};

function looseness(version: unknown): string | undefined {
  if (typeof version !== "string") return "no version is required";
  return EXACT.test(version.trim()) ? undefined : `any version of "${version}" would do`;
}
