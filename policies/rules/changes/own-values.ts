import { judged, type Rule } from "../../engine/rule";
import { recordOf, type SynthesizedStack } from "../../engine/synthesized-stack";

/** Data sources that read what another stack put out, with every secret in its state. */
const READERS = ["terraform_remote_state", "tfe_outputs"];

export const ownValues: Rule = {
  sentence: "No stack reads the state of another or puts a secret out",
  synthesized: ({ stacks }) =>
    stacks.map((stack) => {
      const found = [...readersOf(stack), ...secretOutputsOf(stack)];
      return judged(`${stack.layer} references`, found.length > 0 ? found.join(", ") : undefined);
    }),
};

const readersOf = ({ configuration }: SynthesizedStack): string[] =>
  READERS.flatMap((type) =>
    Object.keys(recordOf(recordOf(configuration.data)[type])).map((name) => `reads data.${type}.${name}`),
  );

function secretOutputsOf({ configuration }: SynthesizedStack): string[] {
  const secrets = Object.entries(recordOf(configuration.variable)).flatMap(([name, declared]) => {
    const { sensitive, ephemeral } = recordOf(declared);
    return sensitive === true || ephemeral === true ? [name] : [];
  });
  return Object.entries(recordOf(configuration.output)).flatMap(([name, declared]) => {
    const { sensitive, value } = recordOf(declared);
    const text = JSON.stringify(value) ?? "";
    const secret = sensitive === true || secrets.some((one) => new RegExp(`\\bvar\\.${one}\\b`).test(text));
    return secret ? [`puts out ${name}, which is secret`] : [];
  });
}
