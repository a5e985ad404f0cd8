import { member, type Site } from "../../../model";
import { judged, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { type DeviceObject, notYet, openKeys, plannedObjects, synthesizedObjects } from "../../reading/device-object";
import {
  declaredFaults,
  modelledFirewall,
  openFirewallObjects,
  type ReachFault,
  reachFaults,
  serverAddresses,
} from "../../reading/firewall";
import { flowOf } from "../../reading/site-facts";

/** What is switched inside one subnet is the matter of another policy: no rule of a firewall sees it. */
export const onlyClientsReach: Rule = {
  sentence: "Through the firewall only hypervisors and administrators reach the backup servers' port",
  model: ({ site }) => {
    const faults = site.firewall === undefined ? [] : reachFaults(site, modelledFirewall(site), serverAddresses(site));
    return Object.entries(site.backupServers).map(([name, { hostFirewall }]): Verdict => {
      const where = member("backupServers", name);
      if (hostFirewall) return judged(where, undefined);
      const isHere = flowOf(site).destinations.some((end) => end.name === name);
      if (!isHere) return unknown(where, `${name} stands outside of the site's networks, where nobody knows here who reaches it`);
      if (site.firewall === undefined)
        return violation(where, "the site has no firewall, and the server does not filter by itself");
      return judged(where, openTo(site, name, faults));
    });
  },
  synthesized: ({ site, stacks }) => judgeObjects(site, synthesizedObjects(stacks)),
  plan: ({ site, stacks }) => judgeObjects(site, plannedObjects(stacks)),
};

function judgeObjects(site: Site, objects: readonly DeviceObject[]): Verdict[] {
  if (!objects.some(({ layer }) => layer === "firewall")) return [];
  const open = openFirewallObjects(objects);
  if (open.length > 0) return open.flatMap((object) => notYet(object, openKeys(object, Object.keys(object.body))));
  const faults = declaredFaults(site, objects);
  return [...new Set(flowOf(site).destinations.map(({ name }) => name))].map((name) =>
    judged(`firewall ${name}`, openTo(site, name, faults)),
  );
}

/** The port is open to whom, if anybody. */
function openTo(site: Site, server: string, faults: readonly ReachFault[]): string | undefined {
  const { destinations, port } = flowOf(site);
  const own = destinations.filter(({ name }) => name === server).map(({ address }) => String(address));
  const who = [
    ...new Set(faults.filter(({ isOpen, destination }) => isOpen && own.includes(destination)).map(({ source }) => source)),
  ];
  if (who.length === 0) return undefined;
  const more = who.length > SHOWN ? ` and ${who.length - SHOWN} more` : "";
  return `port ${port} of ${server} is open to ${who.slice(0, SHOWN).join(", ")}${more}`;
}

const SHOWN = 4;
