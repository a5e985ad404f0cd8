import { lab, type SiteInput } from "../../model";

/** A site that uses everything that a site can say, with text that means something to the engine where people may write any. */
export const WIDE_SITE: SiteInput = {
  name: "wide",
  client: "Wide",
  timeZone: "Europe/Paris",
  dns: { domain: "wide.lan", servers: ["10.0.1.1", "10.0.1.2"] },
  networks: {
    office: { cidr: "10.0.1.0/24", gateway: "10.0.1.254", firewallInterface: "lan" },
    servers: { cidr: "10.0.2.0/24", gateway: "10.0.2.254", firewallInterface: "opt1" },
    backup: { cidr: "10.0.3.0/24", gateway: "10.0.3.254", firewallInterface: "opt2" },
  },
  hypervisors: { "node-a": { address: "10.0.2.11" }, "node-b": { address: "10.0.2.12" } },
  backupServers: {
    pbs1: {
      address: "10.0.3.21",
      datastores: {
        first: { path: "/mnt/first", retention: { daily: 14 }, syncs: { away: { remote: "faraway", remoteDatastore: "copy" } } },
        second: { path: "/mnt/second", retention: { last: 3 }, reuse: true },
      },
      trafficControl: { always: { networks: ["10.0.1.0/24"], rateIn: "10 MB" } },
      remotes: {
        faraway: { host: "faraway.example", port: 8010, authId: "sync@pbs!wide", fingerprint: Array(32).fill("ab").join(":") },
      },
    },
    pbs2: {
      address: "10.0.3.22",
      datastores: {
        first: {
          path: "/mnt/first",
          storage: "pbs2-first",
          retention: { weekly: 8, yearly: 10 },
          syncs: { push: { remote: "pbs1", remoteDatastore: "first", direction: "push", schedule: "02:30" } },
        },
      },
      remotes: { pbs1: { host: "10.0.3.21", authId: "sync@pbs!pbs2", secret: "remote-between" } },
    },
  },
  firewall: { kind: "pfsense", address: "10.0.1.254", passDescription: 'Autoriser "PBS" ${x}', blockDescription: "Bloquer PBS" },
  hosts: { desk: { address: "10.0.1.50", role: "admin" } },
  tiers: {
    gold: {
      schedule: "hourly",
      rpo: "2h",
      retention: { hourly: 48, daily: 7 },
      backupServer: "pbs1",
      datastore: "first",
      namespace: "paris/gold",
    },
    silver: { schedule: "21:00", rpo: "25h", backupServer: "pbs1", datastore: "second", encryption: false, mode: "stop" },
    bronze: { schedule: "sat 02:00", rpo: "8d", backupServer: "pbs2", datastore: "first", repeatMissed: false },
  },
  guests: {
    one: {
      id: 201,
      tier: "gold",
      role: "Uses ${braces} and %{percent}",
      create: { cores: 2, memoryMiB: 2048, diskGiB: 8, diskStorage: "vmdata", bridge: "vmbr0" },
    },
    two: { id: 202, tier: "silver", role: "Two", kind: "container", node: "node-b" },
    three: { id: 203, tier: "bronze", role: "Three" },
  },
  access: {
    hypervisorToken: { user: "pve@pbs", name: "wide", role: "DatastoreBackup" },
    operators: { "eye@pve": { comment: "Watches ${all}", role: "PVEAuditor", path: "/", token: "watch" } },
  },
  notifications: { smtp: { server: "mail.wide.lan", port: 25, mode: "insecure", from: "pve@wide.lan" }, mailto: ["it@wide.lan"] },
  environments: { lab: lab() },
};
