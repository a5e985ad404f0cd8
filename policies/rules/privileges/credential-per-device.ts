import { judged, type Rule } from "../../engine/rule";
import { provisioningCredentials } from "../../reading/provisioning-credential";

export const credentialPerDevice: Rule = {
  sentence: "Every device has a provisioning credential of its own",
  model: ({ site, environment }) => {
    const all = provisioningCredentials(site, environment);
    return all.map(({ where, credential }) => {
      const first = all.find((other) => other.credential === credential);
      return judged(
        where,
        first?.where === where ? undefined : `"${credential}" opens ${first?.where.replace(/\.credential$/, "")} too`,
      );
    });
  },
};
