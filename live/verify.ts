import { APPLY, type Check, type Verification } from "./check";
import { clocks } from "./checks/clocks";
import { coverage } from "./checks/coverage";
import { firewall } from "./checks/firewall";
import { maintenance } from "./checks/maintenance";
import { notifications } from "./checks/notifications";
import { privileges } from "./checks/privileges";
import { storages } from "./checks/storages";
import { versions } from "./checks/versions";
import type { DeviceClient } from "./client";
import { readBackupServer } from "./read-backup-server";
import { readFirewall, readFirewallVersion } from "./read-firewall";
import { readHypervisor } from "./read-hypervisor";
import { type LiveState, reading } from "./state";

/** Clients of a site's devices. */
export interface SiteClients {
  readonly hypervisor: DeviceClient;
  /** Key: name of the backup server. */
  readonly backupServers: Readonly<Record<string, DeviceClient>>;
  readonly firewall?: DeviceClient;
}

/** Reads all devices of a site at the same time. @param tokenId auth id of the hypervisor's token */
export async function readLive(clients: SiteClients, tokenId: string): Promise<LiveState> {
  const { firewall: client } = clients;
  const [hypervisor, servers, firewall] = await Promise.all([
    readHypervisor(clients.hypervisor),
    Promise.all(
      Object.entries(clients.backupServers).map(
        async ([name, server]) => [name, await readBackupServer(server, tokenId)] as const,
      ),
    ),
    client === undefined ? {} : firewallOf(client),
  ]);
  return { hypervisor, backupServers: Object.fromEntries(servers), ...firewall };
}

async function firewallOf(client: DeviceClient): Promise<Pick<LiveState, "firewall" | "firewallVersion">> {
  const [firewall, firewallVersion] = await Promise.all([
    reading(() => readFirewall(client)),
    reading(() => readFirewallVersion(client)),
  ]);
  return { firewall, firewallVersion };
}

const RULES = [versions, clocks, storages, privileges, coverage, maintenance, notifications, firewall];

/** Judges what was read, in an order that puts causes before their effects. */
export function verify(verification: Verification): Check[] {
  const { site, environment } = verification;
  const apply = `${APPLY} ${site.name} --env ${environment.name}`;
  return RULES.flatMap((rule) => rule(verification)).map((check) =>
    check.repair === undefined ? check : { ...check, repair: check.repair.replace(APPLY, apply) },
  );
}
