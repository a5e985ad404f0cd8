import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import type { Endpoint, ResolvedEnvironment } from "../model";
import type { DeviceReference } from "../stacks/stack-variable";
import { nameOf } from "./credentials";
import type { Workspace } from "./workspace";

/** Where systems keep the authorities that they trust; the same places as the engine's own library looks at. */
const SYSTEM_BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** PEM file with what to trust for one device. */
export const authorityFile = (workspace: Workspace, device: DeviceReference): string =>
  join(workspace.authorities, `${nameOf(device)}.pem`);

/**
 * Writes what the engine and its providers are to trust: one file for each device, and all of them with the system's
 * authorities in one, because a state on a public server needs those.
 * @returns path of the file that holds all
 */
export async function writeAuthorities(workspace: Workspace, environment: ResolvedEnvironment): Promise<string> {
  const { hypervisor, backupServers, firewall } = environment;
  const devices: (readonly [DeviceReference, Endpoint])[] = [
    [{ kind: "hypervisor" }, hypervisor],
    ...Object.entries(backupServers).map(([name, endpoint]) => [{ kind: "backup-server", name }, endpoint] as const),
    ...(firewall === undefined ? [] : [[{ kind: "firewall" }, firewall] as const]),
  ];
  for (const [device, { caPem }] of devices) await keep(workspace, authorityFile(workspace, device), ended(caPem));
  const own = [...new Set(devices.map(([, { caPem }]) => ended(caPem)))];
  const bundle = join(workspace.authorities, "bundle.pem");
  await keep(workspace, bundle, [...own, ended(await systemAuthorities())].join(""));
  return bundle;
}

async function keep(workspace: Workspace, file: string, text: string): Promise<void> {
  if (!existsSync(file) || (await readFile(file, "utf8")) !== text) await workspace.write(file, text);
}

async function systemAuthorities(): Promise<string> {
  const { SSL_CERT_FILE } = process.env;
  const file = [...(SSL_CERT_FILE ? [SSL_CERT_FILE] : []), ...SYSTEM_BUNDLES].find(existsSync);
  return file === undefined ? rootCertificates.join("\n") : await readFile(file, "utf8");
}

const ended = (pem: string): string => (pem.endsWith("\n") ? pem : `${pem}\n`);
