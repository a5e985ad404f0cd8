import { unusedAddress } from "../../../firewall/unused-address";
import { member, networkOf, type Site } from "../../../model";
import { judged, type Rule } from "../../engine/rule";
import { atLaterGates, createdAt, judgedBy } from "../../reading/device-object";
import { modelledFirewall, reachFaults } from "../../reading/firewall";
import { flowOf } from "../../reading/site-facts";

/** A backup server listens on both families, and a rule for one of them says nothing of the other. */
export const bothFamilies: Rule = {
  sentence: "The backup servers' port is closed in IPv4 and in IPv6",
  model: ({ site }) =>
    Object.entries(site.backupServers).flatMap(([name, { hostFirewall }]) => {
      const other = unnamedAddress(site, name);
      if (site.firewall === undefined || other === undefined) return [];
      const isOpen = reachFaults(site, modelledFirewall(site), [other]).some((fault) => fault.isOpen);
      const family = other.includes(":") ? "IPv6" : "IPv4";
      return [
        judged(
          member("backupServers", name),
          isOpen && !hostFirewall ? `its network has ${family}, and no rule names an ${family} address of ${name}` : undefined,
        ),
      ];
    }),
  ...atLaterGates((objects) =>
    createdAt(objects, "/firewall/rule")
      .filter(({ body }) => body.type !== "pass")
      .flatMap((rule) =>
        judgedBy(rule, ["ipprotocol"], ({ ipprotocol }) =>
          ipprotocol === "inet46" ? undefined : `it blocks ${ipprotocol === "inet6" ? "IPv6" : "IPv4"} only`,
        ),
      ),
  ),
};

/** An address that the server may have in its network, of the family in which the site file names none. */
function unnamedAddress(site: Site, name: string): string | undefined {
  const named = flowOf(site).destinations.filter((end) => end.name === name);
  const first = named[0];
  const network = first === undefined ? undefined : site.networks[networkOf(site.networks, first.address)?.network ?? ""];
  const isSixth = (address: string) => address.includes(":");
  const missing = [network?.cidr, network?.cidr6].find(
    (cidr) => cidr !== undefined && !named.some(({ address }) => isSixth(address) === isSixth(cidr)),
  );
  return missing === undefined ? undefined : unusedAddress(missing, [], 220n);
}
