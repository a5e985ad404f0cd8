import { member, type Site } from "../../model";

/** What a deployment logs in to a device with. */
export interface ProvisioningCredential {
  /** Path in the site file. */
  readonly where: string;
  /** Name in the secret store. */
  readonly credential: string;
}

/** The credentials of an environment, one for each device; none in the lab, which makes its own. */
export function provisioningCredentials(site: Site, environment: string): ProvisioningCredential[] {
  const devices = site.environments[environment]?.devices;
  if (devices === undefined) return [];
  const root = member(member("environments", environment), "devices");
  return [
    { where: `${root}.hypervisor.credential`, credential: devices.hypervisor.credential },
    ...Object.entries(devices.backupServers).map(([name, { credential }]) => ({
      where: `${member(`${root}.backupServers`, name)}.credential`,
      credential,
    })),
    ...(devices.firewall === undefined
      ? []
      : [{ where: `${root}.firewall.credential`, credential: devices.firewall.credential }]),
  ];
}
