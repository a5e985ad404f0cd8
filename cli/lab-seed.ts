import type { LabSeed } from "../lab/seed";
import type { Site } from "../model";

const DEFAULT_CORES = 8;
const DEFAULT_MEMORY_MIB = 32_768;

/** The machines that stand at the client's before Bastide does anything: nodes, guests that exist, backup servers, firewall. */
export function labSeed(site: Site): LabSeed {
  return {
    hypervisor: {
      nodes: Object.entries(site.hypervisors).map(([name, { address, limits }]) => ({
        name,
        address,
        cores: limits?.cores ?? DEFAULT_CORES,
        memoryMiB: limits?.memoryMiB ?? DEFAULT_MEMORY_MIB,
      })),
      guests: Object.entries(site.guests)
        .filter(([, guest]) => guest.create === undefined)
        .map(([name, { id, node, kind }]) => ({ id, name, node, kind })),
    },
    backupServers: Object.fromEntries(
      Object.entries(site.backupServers).map(([name, { address, port }]) => [name, { address, port }]),
    ),
    ...(site.firewall === undefined
      ? {}
      : {
          firewall: {
            address: site.firewall.address,
            interfaces: Object.fromEntries(
              Object.values(site.networks).map(({ firewallInterface, cidr, gateway }) => [
                firewallInterface,
                { cidr, address: gateway },
              ]),
            ),
          },
        }),
  };
}
