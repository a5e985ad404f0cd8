import type { Site } from "../site";

/** An entry that the secret store of an environment must hold before, or will hold after, an apply. */
export interface RequiredSecret {
  readonly name: string;
  /** `given` by a person, `generated` by Bastide, `issued` by a backup server and fetched from it. */
  readonly origin: "given" | "generated" | "issued";
  /** What it opens, for a message. */
  readonly purpose: string;
  /** How it is written, where the device takes nothing else. */
  readonly form?: SecretForm;
}

/** How a credential is written. */
export interface SecretForm {
  readonly pattern: RegExp;
  /** For a message: `user@realm!name=secret`. */
  readonly example: string;
}

/** As the web interface of Proxmox VE shows it once: the token's id, an equals sign, the secret. */
const HYPERVISOR_TOKEN: SecretForm = { pattern: /^[^\s!:=@]+@[^\s!:=@]+![^\s!:=]+=\S+$/, example: "user@realm!name=secret" };
/** The backup server puts a colon where Proxmox VE puts an equals sign. */
const BACKUP_SERVER_TOKEN: SecretForm = { pattern: /^[^\s!:=@]+@[^\s!:=@]+![^\s!:=]+:\S+$/, example: "user@realm!name:secret" };

/** Name of the site's escrowed encryption key. */
export const ENCRYPTION_KEY = "encryption-key";

/** Name of the token's secret: each backup server issues its own, so with several the server stands behind an `@`. */
export function hypervisorTokenSecret(site: Pick<Site, "access" | "backupServers">, backupServer: string): string {
  const name = site.access.hypervisorToken.name.toLowerCase();
  return Object.keys(site.backupServers).length > 1 ? `${name}@${backupServer.toLowerCase()}` : name;
}

/** Everything that the secret store of an environment holds, each name once. In the lab nobody is asked for a secret: all are generated. */
export function requiredSecrets(site: Site, environment: string): readonly RequiredSecret[] {
  const origin = site.environments[environment]?.kind === "lab" ? "generated" : "given";
  const given = (name: string, purpose: string, form?: SecretForm): RequiredSecret => ({
    name,
    origin,
    purpose: form === undefined ? purpose : `${purpose}: ${form.example}`,
    ...(form === undefined ? {} : { form }),
  });
  const servers = Object.entries(site.backupServers);
  const smtp = site.notifications?.smtp;
  const devices = site.environments[environment]?.devices;
  const all: RequiredSecret[] = [
    ...servers.map(([name]) => ({
      name: hypervisorTokenSecret(site, name),
      origin: "issued" as const,
      purpose: `token of the hypervisor on ${name}`,
    })),
    ...(Object.values(site.tiers).some((tier) => tier.encryption)
      ? [{ name: ENCRYPTION_KEY, origin: "generated" as const, purpose: "encryption of the backups on the client side" }]
      : []),
    ...(smtp?.secret === undefined ? [] : [given(smtp.secret, `mail server ${smtp.server}`)]),
    ...servers.flatMap(([server, { remotes }]) =>
      Object.entries(remotes).map(([name, remote]) => given(remote.secret, `remote ${name} of ${server}`)),
    ),
    ...(devices === undefined
      ? []
      : [
          given(devices.hypervisor.credential, "provisioning token of the hypervisors", HYPERVISOR_TOKEN),
          ...Object.entries(devices.backupServers).map(([name, device]) =>
            given(device.credential, `provisioning token of ${name}`, BACKUP_SERVER_TOKEN),
          ),
          ...(devices.firewall === undefined ? [] : [given(devices.firewall.credential, "API key of the firewall")]),
        ]),
  ];
  return [...new Map(all.map((secret) => [secret.name, secret])).values()];
}

/** Names of the entries of `requiredSecrets`. */
export function secretNames(site: Site, environment: string): readonly string[] {
  return requiredSecrets(site, environment).map((secret) => secret.name);
}
