import type { Site } from "../site";
import { firewallFlow } from "./firewall-flow";

/** A rule of the firewall for the backup flow. */
export interface FirewallRule {
  readonly action: "pass" | "block";
  /** The firewall's name of the interface on which the traffic comes in. */
  readonly interface: string;
  /** Identifies the rule on the firewall. */
  readonly description: string;
}

/**
 * The rules of the firewall in the order in which they must stand above all others: on each interface what may reach the backup
 * servers, then the block of everything else. pfSense takes one interface per rule, so from the second network on the interface
 * stands behind the description. Where only the backup servers stand, nothing that comes in goes to them.
 */
export function firewallRules(site: Site): readonly FirewallRule[] {
  const { firewall } = site;
  if (firewall === undefined) return [];
  const { interfaces, destinations } = firewallFlow(site);
  const all = new Set(Object.values(site.networks).map((network) => network.firewallInterface));
  const guarded = [...all].filter(
    (name) => interfaces.includes(name) || destinations.some(({ firewallInterface }) => firewallInterface !== name),
  );
  const described = (text: string, name: string) => (name === guarded[0] ? text : `${text} (${name})`);
  return guarded.flatMap((name): FirewallRule[] => [
    ...(interfaces.includes(name)
      ? [{ action: "pass" as const, interface: name, description: described(firewall.passDescription, name) }]
      : []),
    { action: "block", interface: name, description: described(firewall.blockDescription, name) },
  ]);
}
