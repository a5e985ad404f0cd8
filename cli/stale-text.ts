import type { StaleStack } from "../deploy/stale-stacks";

/** Layers that the model has forgotten and the devices have not. */
export function staleText(stale: readonly StaleStack[], site: string, environment: string): string[] {
  return stale.map(({ layer, objects }) =>
    [
      `! the layer ${layer} is no longer in the site file, but ${objects.length} of its objects stand on the devices: ${objects.join(", ")}`,
      `    repair: bring it back into the site file, or end it: ./bastide destroy ${site} --env ${environment} --stale ${layer}`,
    ].join("\n"),
  );
}
