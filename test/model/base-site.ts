import { defineSite, type Fault, production, type Site, type SiteInput, UserError } from "../../model";

/** A site file as plain JSON that a test may break at will. */
// biome-ignore lint/suspicious/noExplicitAny: a test writes what the types forbid
export type Loose = any;

/** A small valid site: two tiers, three guests, a firewall, a live environment. */
export function baseSite(): Loose {
  const site: SiteInput = {
    name: "alpha",
    client: "Alpha",
    timeZone: "Europe/Paris",
    dns: { domain: "alpha.example", servers: ["10.1.0.2"] },
    networks: { lan: { cidr: "10.1.0.0/24", gateway: "10.1.0.254" }, vault: { cidr: "10.2.0.0/24", gateway: "10.2.0.254" } },
    hypervisors: { pve1: { address: "10.1.0.10" }, pve2: { address: "10.1.0.11" } },
    backupServers: {
      pbs: {
        address: "10.2.0.20",
        datastores: { data: { path: "/mnt/data", retention: { last: 7, daily: 7 } } },
      },
    },
    firewall: { kind: "pfsense", address: "10.1.0.254" },
    hosts: { admin: { address: "10.1.0.30", role: "admin" } },
    tiers: {
      critical: { schedule: "0/4:00 UTC", rpo: "4h", retention: { hourly: 24, daily: 7 } },
      standard: { schedule: "21:00", rpo: "25h" },
    },
    guests: {
      ad: { id: 101, tier: "critical", role: "AD", address: "10.1.0.101", restoreOrder: 1 },
      erp: { id: 103, tier: "critical", role: "ERP", address: "10.1.0.103", restoreOrder: 2, dependsOn: ["ad"] },
      glpi: { id: 104, tier: "standard", role: "GLPI", dependsOn: ["ad"] },
    },
    environments: {
      lab: { kind: "lab", state: { kind: "local" }, protectData: false, encryptState: false, approvals: 1 },
      live: production({
        devices: { hypervisor: { ca: "pve.pem" }, backupServers: { pbs: { ca: "pbs.pem" } }, firewall: { ca: "fw.pem" } },
      }),
    },
  };
  return structuredClone(site);
}

/** The base site after a change. */
export function siteWith(change: (site: Loose) => void): Site {
  const input = baseSite();
  change(input);
  return defineSite(input);
}

/** A second backup server, "second", to which no tier writes. */
export function addServer(input: Loose, address = "10.2.0.21", datastore: object = {}): void {
  for (const tier of Object.values<Loose>(input.tiers)) tier.backupServer = "pbs";
  input.backupServers.second = {
    address,
    datastores: { data: { path: "/mnt/data", retention: { last: 7 }, storage: "pbs-second", ...datastore } },
  };
  input.environments.live.devices.backupServers.second = { ca: "second.pem" };
}

/** The faults of the base site after a change; none if it is valid. */
export function faultsWith(change: (site: Loose) => void): readonly Fault[] {
  try {
    siteWith(change);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.faults;
    throw error;
  }
}
