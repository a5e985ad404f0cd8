import { judged, type Rule } from "../../engine/rule";

export const watchedFromOutside: Rule = {
  sentence: "A supervision asks for the state of the backups by itself",
  model: ({ site }) => {
    const machine = Object.values(site.hosts).some(({ role }) => role === "monitoring");
    const account = Object.values(site.access.operators).some(({ token }) => token !== undefined);
    return [
      judged(
        "hosts",
        machine || account ? undefined : "no host has the role `monitoring`, and no operator has a token to ask with",
      ),
    ];
  },
};
