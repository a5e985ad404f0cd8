import { judged, type Rule } from "../../engine/rule";

export const tokenValid: Rule = {
  sentence: "The hypervisor's token is valid today",
  model: ({ site, today }) => {
    const { expires } = site.access.hypervisorToken;
    return expires === undefined
      ? []
      : [judged("access.hypervisorToken.expires", expires < today ? `it ended on ${expires}` : undefined)];
  },
};
