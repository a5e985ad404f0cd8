import type { CredentialOf } from "../deploy/credentials";
import type { SecretStore } from "../deploy/secrets/store";
import { backupServerClient, firewallClient, hypervisorClient } from "../live/client";
import type { SiteClients } from "../live/verify";
import { type ResolvedEnvironment, type Secret, type Site, UserError } from "../model";
import type { DeviceReference } from "../stacks/stack-variable";

interface Access {
  readonly site: Site;
  readonly environment: ResolvedEnvironment;
  readonly secrets: SecretStore;
  readonly credentialOf: CredentialOf;
}

/** Clients of all devices of a site; close them. @throws UserError with every credential that is missing */
export function openClients(access: Access): SiteClients {
  const { hypervisor, backupServers, firewall } = access.environment;
  const hasFirewall = firewall !== undefined && access.site.firewall !== undefined;
  const credential = credentials(access, [
    { kind: "hypervisor" },
    ...Object.keys(backupServers).map((name) => ({ kind: "backup-server", name }) as const),
    ...(hasFirewall ? [{ kind: "firewall" } as const] : []),
  ]);
  return {
    hypervisor: hypervisorClient(hypervisor, ...credential({ kind: "hypervisor" })),
    backupServers: Object.fromEntries(
      Object.entries(backupServers).map(([name, endpoint]) => {
        const [secret, renewal] = credential({ kind: "backup-server", name });
        return [name, backupServerClient(endpoint, secret, name, renewal)];
      }),
    ),
    ...(hasFirewall ? { firewall: firewallClient(firewall, ...credential({ kind: "firewall" })) } : {}),
  };
}

export async function closeClients({ hypervisor, backupServers, firewall }: SiteClients): Promise<void> {
  const all = [hypervisor, ...Object.values(backupServers), ...(firewall ? [firewall] : [])];
  await Promise.all(all.map((client) => client.close()));
}

/** @returns the credential of a device, and what to do where the device does not accept it */
function credentials({ site, environment, secrets, credentialOf }: Access, devices: readonly DeviceReference[]) {
  const missing = devices
    .map(credentialOf)
    .filter(({ secret }) => secret === undefined)
    .map(({ name }) => ({
      where: `secrets of ${site.name}, ${environment.name}`,
      what: `no secret "${name}"`,
      repair: `store it: ${secrets.command("set", name)}`,
    }));
  if (missing.length > 0) throw new UserError(missing);
  return (device: DeviceReference): [secret: Secret, renewal: string] => {
    const { name, secret } = credentialOf(device);
    if (secret === undefined) throw new Error(`no credential ${name}`);
    const renewal =
      environment.kind === "lab"
        ? `the lab's administrator is gone; begin with new devices: ./bastide lab reset ${site.name} --env ${environment.name}`
        : `create a new token on the device and store it: ${secrets.command("set", name)}`;
    return [secret, renewal];
  };
}
