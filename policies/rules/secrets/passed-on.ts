import { judged, type Rule, type Verdict } from "../../engine/rule";
import { recordOf, resourcesIn, type SynthesizedStack } from "../../engine/synthesized-stack";
import { isSecretName } from "../../reading/secret-shape";
import { collectVariables, isReference } from "../../reading/variable-reference";

export const passedOn: Rule = {
  sentence: "The engine passes secrets on and keeps none in its state",
  synthesized: ({ stacks }) => stacks.flatMap((stack) => [...judgeVariables(stack), ...judgeBodies(stack)]),
};

/** What opens a provider or is sent and not kept must be ephemeral: else the plan file holds its value. */
function judgeVariables(stack: SynthesizedStack): Verdict[] {
  const { provider, variable } = stack.configuration;
  const providers = Object.values(recordOf(provider)).flat().map(recordOf);
  const secret = new Set<string>();
  for (const { client: _, ...rest } of providers) collectVariables(rest, secret);
  for (const { attributes } of resourcesIn(stack)) collectVariables(attributes.ephemeral_body, secret);
  return [...secret].map((name) => {
    const isEphemeral = recordOf(recordOf(variable)[name]).ephemeral === true;
    return judged(`${stack.layer} variable ${name}`, isEphemeral ? undefined : "it carries a secret and is not ephemeral");
  });
}

/** What stands in the body of an object is kept in the state. */
function judgeBodies(stack: SynthesizedStack): Verdict[] {
  const found: Verdict[] = [];
  for (const { layer, name, attributes } of resourcesIn(stack)) {
    const body = recordOf(attributes.body);
    for (const key in body) {
      if (isReference(body[key]) && isSecretName(key))
        found.push(judged(`${layer} ${name}`, `\`${key}\` stands in its body, which the state keeps`));
    }
  }
  return found;
}
