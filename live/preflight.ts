import { type Fault, UserError } from "../model";
import type { DeviceClient } from "./client";
import type { SiteClients } from "./verify";

/** The lists that the engine compares our objects with. */
const BACKUP_SERVER = ["/version", "/config/datastore", "/config/prune", "/config/verify", "/access/users", "/access/acl"];
const HYPERVISOR = ["/version", "/storage", "/cluster/backup", "/access/users"];
const FIREWALL = ["/firewall/rules", "/firewall/aliases", "/interfaces", "/interface/groups"];

/**
 * Asks every device for its lists before the engine does. The provider reads half an answer as a shorter list, and would then
 * plan to make anew what is there; and a device that is down, or refuses the credential, is told here once, not once an object.
 * @throws UserError with the first fault of every device
 */
export async function preflight(clients: SiteClients): Promise<void> {
  const devices: [DeviceClient, readonly string[]][] = [
    [clients.hypervisor, HYPERVISOR],
    ...Object.values(clients.backupServers).map((client): [DeviceClient, readonly string[]] => [client, BACKUP_SERVER]),
    ...(clients.firewall === undefined ? [] : [[clients.firewall, FIREWALL] as [DeviceClient, readonly string[]]]),
  ];
  const faults = (await Promise.all(devices.map(([client, paths]) => firstFault(client, paths)))).flat();
  if (faults.length > 0) throw new UserError(faults);
}

async function firstFault(client: DeviceClient, paths: readonly string[]): Promise<readonly Fault[]> {
  const outcomes = await Promise.allSettled(paths.map((path) => client.get(path)));
  for (const outcome of outcomes) {
    if (outcome.status === "fulfilled") continue;
    if (outcome.reason instanceof UserError) return outcome.reason.faults.slice(0, 1);
    throw outcome.reason;
  }
  return [];
}
