import type { Rule } from "../../engine/rule";
import { atLaterGates, judgedBy } from "../../reading/device-object";
import { flagOf } from "../../reading/device-value";

export const ownRights: Rule = {
  sentence: "Every token of a hypervisor has rights of its own, not all those of its user",
  ...atLaterGates((objects) =>
    objects
      .filter(({ layer, path }) => layer === "hypervisor" && /^\/access\/users\/[^/]+\/token\//.test(path))
      .flatMap((token) =>
        judgedBy(token, ["privsep"], ({ privsep }) =>
          flagOf(privsep, true) === false ? "privilege separation is off (`privsep`)" : undefined,
        ),
      ),
  ),
};
