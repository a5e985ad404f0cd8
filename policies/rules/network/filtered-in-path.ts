import { member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";
import { flowOf } from "../../reading/site-facts";

export const filteredInPath: Rule = {
  sentence: "The firewall stands between the hypervisors and every backup server, or the server filters by itself",
  model: ({ site }) => {
    if (site.firewall === undefined) return [];
    const { sameSubnet } = flowOf(site);
    return Object.entries(site.backupServers).map(([name, { hostFirewall }]) => {
      const own = sameSubnet.filter(({ destination }) => destination.name === name);
      const network = own[0]?.destination.network;
      const together = own.length > 0 && !hostFirewall;
      return judged(
        member("backupServers", name),
        together ? `${name} is in the network "${network}" like ${own.map(({ source }) => source.name).join(", ")}` : undefined,
        `move ${name} to a network of its own (a backup VLAN), or filter on ${name} itself and declare \`hostFirewall: true\``,
      );
    });
  },
};
