import type { Site } from "../site";
import type { Address } from "../values";

/** Names of the objects that tell people of failures, on PVE and on PBS. */
export function notificationNames(site: Pick<Site, "name">): { readonly endpoint: string; readonly matcher: string } {
  return { endpoint: `${site.name}-mail`, matcher: `${site.name}-failures` };
}

/** Names in the firewall of the Proxmox VE cluster: the set of backup servers, the group of rules that lets backups out to them. */
export const CLUSTER_FIREWALL = { backupServers: "pbs-servers", backupFlow: "backup-flow" } as const;

/** One line of `/etc/hosts`. */
export interface HostEntry {
  readonly address: Address;
  /** The full name first. */
  readonly names: readonly string[];
}

/** The machines of the backup by name: hypervisors, backup servers, firewall, other hosts (ECO-02). */
export function hostEntries(site: Site): readonly HostEntry[] {
  const machines = [
    ...Object.entries(site.hypervisors),
    ...Object.entries(site.backupServers),
    ...(site.firewall === undefined ? [] : [[site.firewall.kind, site.firewall] as const]),
    ...Object.entries(site.hosts),
  ];
  return machines.map(([name, { address }]) => ({ address, names: [`${name}.${site.dns.domain}`, name] }));
}
