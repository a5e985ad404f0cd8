import { unusedAddress } from "../firewall/unused-address";
import type { LabSeed } from "../lab/seed";
import type { Site } from "../model";

const DEFAULT_CORES = 8;
const DEFAULT_MEMORY_MIB = 32_768;

/**
 * The machines that stand at the client's before Bastide does anything: nodes, guests that exist, backup servers with the chunk
 * stores that are to be adopted, firewall.
 */
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
      Object.entries(site.backupServers).map(([name, { address, port, datastores }]) => {
        const adopted = Object.values(datastores).filter(({ reuse }) => reuse);
        const chunkStores = adopted.length === 0 ? {} : { chunkStores: adopted.map(({ path }) => path) };
        return [name, { address, port, ...chunkStores }];
      }),
    ),
    ...(site.firewall === undefined
      ? {}
      : {
          firewall: {
            address: site.firewall.address,
            interfaces: Object.fromEntries(
              Object.values(site.networks).map(({ firewallInterface, cidr, cidr6, gateway }) => [
                firewallInterface,
                { cidr, address: gateway, ...sixth(cidr6) },
              ]),
            ),
          },
        }),
  };
}

/** A firewall that routes IPv6 stands at the first address of the network: the site file names none. */
function sixth(cidr6: string | undefined): { cidr6: string; address6: string } | undefined {
  const address6 = cidr6 === undefined ? undefined : unusedAddress(cidr6, []);
  return cidr6 === undefined || address6 === undefined ? undefined : { cidr6, address6 };
}
