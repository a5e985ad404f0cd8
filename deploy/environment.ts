import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { closest } from "fastest-levenshtein";
import {
  type DeviceAccess,
  type Endpoint,
  type Environment,
  type Fault,
  fingerprint,
  type ResolvedEnvironment,
  type Site,
  UserError,
} from "../model";
import { certificateFaults, type Presented, presentedCertificate } from "./certificate";

/** The devices of a lab that is up, as far as this needs them. */
export interface LabDevices {
  readonly caPem: string;
  readonly hypervisor: LabEndpoint;
  readonly backupServers: Readonly<Record<string, LabEndpoint>>;
  readonly firewall?: LabEndpoint;
}

interface LabEndpoint {
  readonly url: string;
  readonly fingerprint: string;
}

export interface ResolveOptions {
  /** Required for an environment of the kind `lab`. */
  readonly lab?: LabDevices;
  /** Folder of the site: certificate files of an environment are relative to it. */
  readonly siteDirectory: string;
}

/**
 * Locates the devices of an environment. Where only a fingerprint is pinned, the device is asked for its certificate,
 * and believed only if it is the pinned one; where only an authority is given, for its fingerprint.
 * @throws UserError with the faults of all devices; nothing secret was sent to any of them
 */
export async function resolveEnvironment(site: Site, name: string, options: ResolveOptions): Promise<ResolvedEnvironment> {
  const environment = environmentOf(site, name);
  const { kind, state, protectData, encryptState } = environment;
  const common = { name, kind, state, protectData, encryptState };
  if (kind === "lab") return { ...common, ...labEndpoints(name, options.lab) };
  const { devices } = environment;
  if (devices === undefined) {
    throw new UserError({
      where: `environments.${name}`,
      what: "no devices",
      repair: "name the endpoint of each device under `devices`",
    });
  }
  const path = `environments.${name}.devices`;
  const { siteDirectory } = options;
  const faults: Fault[] = [];
  const locate = (where: string, access: DeviceAccess) =>
    collecting(faults, locateDevice(`${path}.${where}`, access, siteDirectory));
  const [hypervisor, firewall, ...servers] = await Promise.all([
    locate("hypervisor", devices.hypervisor),
    devices.firewall === undefined ? undefined : locate("firewall", devices.firewall),
    ...Object.entries(devices.backupServers).map(
      async ([server, access]) => [server, await locate(`backupServers.${server}`, access)] as const,
    ),
  ]);
  const backupServers = Object.fromEntries(servers.flatMap(([server, at]) => (at === undefined ? [] : [[server, at]])));
  if (faults.length > 0 || hypervisor === undefined) throw new UserError(faults);
  return { ...common, hypervisor, backupServers, ...(firewall === undefined ? {} : { firewall }) };
}

function environmentOf(site: Site, name: string): Environment {
  const environment = site.environments[name];
  if (environment !== undefined) return environment;
  const names = Object.keys(site.environments);
  const near = names.length > 0 ? `; did you mean "${closest(name, names)}"?` : "";
  throw new UserError({
    where: `${site.name} environments`,
    what: `no environment "${name}"${near}`,
    repair: names.length > 0 ? `give one of ${names.join(", ")} with --env` : "declare one in the site file",
  });
}

function labEndpoints(
  name: string,
  lab: LabDevices | undefined,
): Pick<ResolvedEnvironment, "hypervisor" | "backupServers" | "firewall"> {
  if (lab === undefined) {
    throw new UserError({ where: `environment ${name}`, what: "the lab is not up", repair: "start it: ./bastide lab up" });
  }
  const endpoint = (device: LabEndpoint): Endpoint => ({
    url: device.url,
    caPem: lab.caPem,
    fingerprint: fingerprint(device.fingerprint),
  });
  const servers = Object.entries(lab.backupServers).map(([server, device]) => [server, endpoint(device)] as const);
  return {
    hypervisor: endpoint(lab.hypervisor),
    backupServers: Object.fromEntries(servers),
    ...(lab.firewall === undefined ? {} : { firewall: endpoint(lab.firewall) }),
  };
}

async function locateDevice(where: string, access: DeviceAccess, siteDirectory: string): Promise<Endpoint> {
  const { endpoint: url, ca, fingerprint: pinned } = access;
  const caPem = ca === undefined ? undefined : await readAuthority(`${where}.ca`, resolve(siteDirectory, ca));
  if (caPem !== undefined && pinned !== undefined) return { url, caPem, fingerprint: pinned };
  if (caPem === undefined && pinned === undefined) {
    throw new UserError({
      where,
      what: "neither ca nor fingerprint is given",
      why: "without one of them nobody knows who answers at the endpoint, and a credential would go to anybody",
      repair: "copy the SHA-256 fingerprint from the console of the device, or name the PEM file of its authority",
    });
  }
  const presented = await askForCertificate(where, url, caPem);
  if (caPem !== undefined) {
    if (presented.distrust !== undefined) throw new UserError(distrusted(where, url, presented));
    return { url, caPem, fingerprint: presented.fingerprint };
  }
  if (presented.fingerprint !== pinned) throw new UserError(otherCertificate(where, url, presented, String(pinned)));
  const faults = certificateFaults(`${where} ${url}`, url, presented.certificate, new Date());
  if (faults.length > 0) throw new UserError(faults);
  return { url, caPem: presented.pem, fingerprint: presented.fingerprint };
}

async function readAuthority(where: string, file: string): Promise<string> {
  const pem = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UserError({
      where,
      what: `${file} cannot be read (${error.code})`,
      repair: "name a PEM file relative to the folder of the site",
    });
  });
  if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
  throw new UserError({
    where,
    what: `${file} holds no certificate in PEM form`,
    repair: "export the authority's certificate as PEM",
  });
}

async function askForCertificate(where: string, url: string, ca: string | undefined): Promise<Presented> {
  try {
    return await presentedCertificate(url, ca);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError({
      where: `${where} ${url}`,
      what: `the device does not show its certificate: ${code === undefined ? message : `${message} (${code})`}`,
      repair: "check that the device is up and that this machine reaches the endpoint; then run the same command again",
    });
  }
}

const distrusted = (where: string, url: string, { distrust, fingerprint: shown }: Presented): Fault => ({
  where: `${where} ${url}`,
  what: `the certificate is not signed by the given authority: ${distrust} (it has the fingerprint ${shown})`,
  why: "nothing was sent: somebody else may answer in the device's place",
  repair: "name the authority that signed it, or pin the fingerprint after comparing it on the device's console",
});

const otherCertificate = (where: string, url: string, { fingerprint: shown }: Presented, pinned: string): Fault => ({
  where: `${where} ${url}`,
  what: `the device presents the certificate ${shown}, pinned is ${pinned}`,
  why: "either the device got a new certificate, or somebody else answers in its place; nothing was sent",
  repair: "compare with the fingerprint on the device's console; if it was renewed, write the new one into the environment",
});

/** So that all devices are told about at once. */
async function collecting<T>(faults: Fault[], work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    faults.push(...error.faults);
    return undefined;
  }
}
