import { Secret, type Site } from "../model";
import type { DeviceReference } from "../stacks/stack-variable";

/** What a device is provisioned with. */
export interface Credential {
  /** As messages call it: its name in the secret store. */
  readonly name: string;
  /** Undefined when the store does not hold it. */
  readonly secret: Secret | undefined;
}

export type CredentialOf = (device: DeviceReference) => Credential;

/** Administrator credentials of a lab's devices, as its description gives them. */
export interface LabCredentials {
  readonly hypervisor: { readonly credential: string };
  readonly backupServers: Readonly<Record<string, { readonly credential: string }>>;
  readonly firewall?: { readonly credential: string };
}

/** Credentials of an environment: of the lab where it is one, else from the secret store under the names of the site file. */
export function credentialsOf(
  site: Site,
  environment: string,
  secrets: { get(name: string): Secret | undefined },
  lab?: LabCredentials,
): CredentialOf {
  if (lab !== undefined) {
    return (device) => {
      const value = pick(device, lab)?.credential;
      return { name: `of the lab's ${nameOf(device)}`, secret: value === undefined ? undefined : Secret.of(value) };
    };
  }
  const devices = site.environments[environment]?.devices;
  return (device) => {
    const name = devices === undefined ? undefined : pick(device, devices)?.credential;
    return { name: name ?? nameOf(device), secret: name === undefined ? undefined : secrets.get(name) };
  };
}

/** Name of a device in file names and messages. */
export const nameOf = (device: DeviceReference): string =>
  device.kind === "backup-server" ? `${device.kind}-${device.name}` : device.kind;

/** The part of a record of devices that is about one of them. */
export function pick<Part>(
  device: DeviceReference,
  devices: { readonly hypervisor: Part; readonly backupServers: Readonly<Record<string, Part>>; readonly firewall?: Part },
): Part | undefined {
  switch (device.kind) {
    case "hypervisor":
      return devices.hypervisor;
    case "backup-server":
      return devices.backupServers[device.name];
    case "firewall":
      return devices.firewall;
  }
}
