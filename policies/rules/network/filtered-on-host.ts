import { member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";

export const filteredOnHost: Rule = {
  sentence: "Every backup server also filters its port by itself",
  model: ({ site }) =>
    Object.entries(site.backupServers).map(([name, { hostFirewall }]) =>
      judged(
        `${member("backupServers", name)}.hostFirewall`,
        hostFirewall ? undefined : `whoever is in the network of ${name} reaches its port`,
      ),
    ),
};
