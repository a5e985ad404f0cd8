import { compliant, type Rule, type Verdict, violation } from "../../engine/rule";
import { recordOf, type SynthesizedStack } from "../../engine/synthesized-stack";

/** What tells one state from another, by the kind of the backend. Of another kind, everything that it is told. */
const PLACE: Readonly<Record<string, readonly string[]>> = {
  local: ["path"],
  pg: ["conn_str", "schema_name"],
  s3: ["endpoints", "bucket", "key"],
  http: ["address"],
};

export const ownState: Rule = {
  sentence: "Every stack has a state of its own, in a place that bears its name",
  synthesized: ({ stacks }) => {
    const owners = new Map<string, string>();
    return stacks.map((stack): Verdict => {
      const object = `${stack.layer} state`;
      const place = placeOf(stack);
      if (place === undefined) return violation(object, "the stack has no backend, or more than one");
      // The runner gives each stack its file.
      if (place === RUNNERS) return compliant(object);
      const owner = owners.get(place);
      if (owner !== undefined) return violation(object, `it is also the state of ${owner}`);
      owners.set(place, stack.layer);
      if (!place.includes(stack.id))
        return violation(object, `its place does not bear the name ${stack.id}, so another site's may be the same`);
      return compliant(object);
    });
  },
};

const RUNNERS = "";

/** Never shown: a connection may hold more than a place. */
function placeOf({ configuration }: SynthesizedStack): string | undefined {
  const [[kind, value] = ["", undefined], ...others] = Object.entries(recordOf(recordOf(configuration.terraform).backend));
  if (kind === "" || others.length > 0) return undefined;
  const settings = recordOf(value);
  if (kind === "local" && settings.path === undefined) return RUNNERS;
  return JSON.stringify([kind, ...(PLACE[kind] ?? Object.keys(settings).sort()).map((key) => settings[key])]);
}
