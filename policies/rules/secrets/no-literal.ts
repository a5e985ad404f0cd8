import { member, type Site } from "../../../model";
import { judged, type Rule, type Verdict } from "../../engine/rule";
import { recordOf, resourcesIn } from "../../engine/synthesized-stack";
import { type LiteralSecret, literalSecrets, secretForm } from "../../reading/secret-shape";

/** A finding says where, never what: it is printed, sent and kept. */
export const noLiteral: Rule = {
  sentence: "No secret stands in the site file, in a synthesized file or in a plan",
  model: ({ site }) => {
    const found = secretsOf(site);
    return found.length > 0 ? found : [judged(site.name, undefined)];
  },
  synthesized: ({ stacks }) =>
    stacks.flatMap((stack) => {
      const { resource: _, ...rest } = stack.configuration;
      const isSensitive = (name: string) => recordOf(recordOf(rest.variable)[name]).sensitive === true;
      return verdicts(stack.layer, [
        ...resourcesIn(stack).flatMap(({ type, name, attributes }) =>
          literalSecrets(attributes).map((secret) => ({ ...secret, address: `${type}.${name}` })),
        ),
        ...literalSecrets(rest, isSensitive),
      ]);
    }),
  plan: ({ stacks }) =>
    stacks.flatMap(({ layer, plan }) => {
      if (plan === undefined) return [];
      const declared = recordOf(recordOf(recordOf(recordOf(plan).configuration).root_module).variables);
      return verdicts(
        layer,
        literalSecrets(plan, (name) => recordOf(declared[name]).sensitive === true),
      );
    }),
};

/** By its form alone: where a secret may stand by its name, the model takes none. */
function secretsOf(site: Site): Verdict[] {
  const found: Verdict[] = [];
  const path: (string | number)[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === "string") {
      const what = secretForm(value);
      if (what !== undefined) found.push(judged(path.reduce<string>(member, ""), `${what} stands here`));
    } else if (typeof value === "object" && value !== null) {
      for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
        path.push(key);
        visit((value as Readonly<Record<string | number, unknown>>)[key]);
        path.pop();
      }
    }
  };
  visit(site);
  return found;
}

/** One verdict for each object, which a plan holds several times; one for the whole where nothing is found. */
function verdicts(layer: string, found: readonly LiteralSecret[]): Verdict[] {
  const byObject = new Map(
    found.map((secret) => {
      const object = secret.address?.split(".").at(-1) ?? secret.path;
      return [object, judged(`${layer} ${object}`, `${secret.what} stands in \`${secret.path.replace(SIDES, "")}\``)] as const;
    }),
  );
  return byObject.size === 0 ? [judged(`${layer} stack`, undefined)] : [...byObject.values()];
}

/** Where a plan holds the attributes of a resource. */
const SIDES = /^(?:change\.(?:after|before)|values)\./;
