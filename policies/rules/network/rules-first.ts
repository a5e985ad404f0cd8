import type { Site } from "../../../model";
import { judged, type Rule, type Verdict } from "../../engine/rule";
import { atLaterGates, createdAt, type DeviceObject, judgedBy } from "../../reading/device-object";
import { flagOf } from "../../reading/device-value";
import { declaredFaults, openFirewallObjects } from "../../reading/firewall";
import { firewallRulesOf, flowOf } from "../../reading/site-facts";

/** On an interface the first rule that matches decides, so a place is a meaning. */
export const rulesFirst: Rule = {
  sentence:
    "The site's rules stand first on the firewall, each pass above its block, and let hypervisors and administrators through",
  ...atLaterGates((objects, { site }) =>
    objects.some(({ layer }) => layer === "firewall") ? [...judgePlaces(site, objects), ...judgeClients(site, objects)] : [],
  ),
};

function judgePlaces(site: Site, objects: readonly DeviceObject[]): Verdict[] {
  const rules = createdAt(objects, "/firewall/rule");
  return firewallRulesOf(site).flatMap(({ description }, place) => {
    const rule = rules.find(({ body }) => body.descr === description);
    if (rule === undefined) return [judged(`firewall ${description}`, "there is no such rule")];
    return judgedBy(rule, ["placement", "disabled"], ({ placement, disabled }) => {
      if (flagOf(disabled, false)) return "it is disabled";
      return placement === place ? undefined : `it stands at place ${String(placement)}, not at ${place}`;
    });
  });
}

function judgeClients(site: Site, objects: readonly DeviceObject[]): Verdict[] {
  // What is not known yet is told where all who come through are judged.
  if (openFirewallObjects(objects).length > 0) return [];
  const faults = declaredFaults(site, objects);
  return flowOf(site).sources.map(({ name, address }) => {
    const blocked = faults.find((fault) => !fault.isOpen && fault.address === address);
    return judged(`firewall ${name}`, blocked === undefined ? undefined : `${name} does not reach ${blocked.destination}`);
  });
}
