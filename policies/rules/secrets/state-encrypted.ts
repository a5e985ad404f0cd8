import { member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";

export const stateEncrypted: Rule = {
  sentence: "State and plan files are encrypted outside the lab",
  model: ({ site, environment: name }) => {
    const environment = site.environments[name];
    if (environment?.kind !== "live") return [];
    return [
      judged(
        `${member("environments", name)}.encryptState`,
        environment.encryptState ? undefined : "state and plan files are written in plain text",
      ),
    ];
  },
};
