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
      const isSensitive = sensitive(rest.variable);
      const found: LiteralSecret[] = [];
      for (const { type, name, attributes } of resourcesIn(stack)) {
        for (const secret of literalSecrets(attributes)) found.push({ ...secret, address: `${type}.${name}` });
      }
      return verdicts(stack.layer, [...found, ...literalSecrets(rest, isSensitive)]);
    }),
  plan: ({ stacks }) =>
    stacks.flatMap(({ layer, plan }) => {
      if (plan === undefined) return [];
      const { variables } = recordOf(recordOf(recordOf(plan).configuration).root_module);
      return verdicts(layer, literalSecrets(plan, sensitive(variables)));
    }),
};

/** Whether a variable of this name was declared to hold a secret. */
function sensitive(variables: unknown): (name: string) => boolean {
  const declared = Object.entries(recordOf(variables)).filter(([, one]) => recordOf(one).sensitive === true);
  const names = new Set(declared.map(([name]) => name));
  return (name) => names.has(name);
}

/** By its form alone: where a secret may stand by its name, the model takes none. */
function secretsOf(site: Site): Verdict[] {
  const found: { readonly path: (string | number)[]; readonly what: string }[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === "string") {
      const what = secretForm(value);
      if (what !== undefined) found.push({ path: [], what });
    } else if (typeof value === "object" && value !== null) {
      for (const key in value) {
        const before = found.length;
        visit((value as Readonly<Record<string, unknown>>)[key]);
        if (found.length === before) continue;
        for (const { path } of found.slice(before)) path.unshift(Array.isArray(value) ? Number(key) : key);
      }
    }
  };
  visit(site);
  return found.map(({ path, what }) => judged(path.reduce<string>(member, ""), `${what} stands here`));
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
