/**
 * EcoSolar Solutions. This file is everything that Bastide knows of the site: change a value, run `./bastide plan ecosolar`,
 * and read what that would change on the devices and in the protection.
 */
import { defineSite, lab, pgState, production } from "bastide";

const ONE_SUBNET = "Un seul sous-réseau chez le client : filtrage sur le PBS lui-même, en attendant un VLAN de sauvegarde";
const NO_COPY_YET = "Copie hors site et hors ligne au budget 2027 du client";
const accepted = (rule: string, object: string, reason: string) => ({
  rule,
  object,
  reason,
  owner: "WildCorp",
  expires: "2027-06-30",
});

export default defineSite({
  // Part of every object's name on the devices (`ecosolar-critical`), so it is short and does not change.
  name: "ecosolar",
  client: "EcoSolar Solutions",

  // Schedules run in the nodes' local time. The nodes are set to this zone.
  timeZone: "Europe/Paris",

  // The AD answers first. The gateway stands behind it, because the backup must also work on the day when the AD is lost.
  dns: { domain: "ecosolar.lan", servers: ["192.168.100.201", "192.168.100.254"] },

  networks: {
    lan: { cidr: "192.168.100.0/24", gateway: "192.168.100.254", firewallInterface: "lan" },
  },

  hypervisors: {
    // A restore is refused before it starts if the guest wants more than these 4 cores.
    pve1: { address: "192.168.100.210", limits: { cores: 4 } },
  },

  backupServers: {
    pbs: {
      address: "192.168.100.220",
      datastores: {
        "proxmox-data": {
          // On a disk apart from the system. The service runs as `backup`, so the directory belongs to backup:backup.
          path: "/mnt/datastore/proxmox-data",
          // Id of the storage on Proxmox VE. Tiers with their own retention get `pbs-backup-<tier>` beside it.
          storage: "pbs-backup",
          garbageCollection: "daily",
          prune: "22:30",
          // Of the root namespace: what is backed up by hand, outside a tier.
          retention: { last: 7, daily: 7, weekly: 4, monthly: 3 },
          verification: { schedule: "sat 06:00", againAfterDays: 30 },
        },
      },
      // Restores and copies leave room for the staff's own traffic during office hours.
      trafficControl: {
        "office-hours": { networks: ["192.168.100.0/24"], rateOut: "50 MB", timeframes: ["mon..fri 8-18"] },
      },
    },
  },

  firewall: {
    kind: "pfsense",
    address: "192.168.100.254",
    // The descriptions identify the two rules on the firewall.
    passDescription: "Autoriser PBS - Port 8007",
    blockDescription: "Bloquer PBS - Port 8007",
  },

  hosts: {
    // Administrators' machine: the only one beside the hypervisor that reaches the backup server's port.
    admin: { address: "192.168.100.10", role: "admin" },
  },

  tiers: {
    critical: {
      // In UTC: in local time the night in October has 5 hours between 00:00 and 04:00, and an RPO of 4 h would not hold.
      schedule: "0/4:00 UTC",
      rpo: "4h",
      // A retention of its own, hence a namespace and a storage of its own: 24 points 4 h apart, then one a day.
      retention: { hourly: 24, daily: 7 },
    },
    standard: {
      // Every day after work, by the clock on the wall. The day in October has 25 hours, so the RPO is 25 h and not 24.
      schedule: "21:00",
      rpo: "25h",
      retention: { daily: 7, weekly: 4 },
    },
  },

  guests: {
    ad: { id: 101, tier: "critical", role: "AD/DNS/DHCP", address: "192.168.100.201", rto: "2h", restoreOrder: 1 },
    files: {
      id: 102,
      tier: "standard",
      role: "Serveur de fichiers",
      address: "192.168.100.202",
      rto: "3h",
      restoreOrder: 2,
      dependsOn: ["ad"],
    },
    erp: {
      id: 103,
      tier: "critical",
      role: "ERP (Dolibarr)",
      address: "192.168.100.203",
      rto: "4h",
      restoreOrder: 3,
      dependsOn: ["ad"],
    },
    glpi: { id: 104, tier: "standard", role: "GLPI", address: "192.168.100.204", rto: "8h", restoreOrder: 4, dependsOn: ["ad"] },
    xivo: { id: 105, tier: "standard", role: "Téléphonie (XiVO)", address: "192.168.100.205", rto: "8h", restoreOrder: 5 },
    mail: {
      id: 106,
      tier: "standard",
      role: "Messagerie (Poste.io)",
      address: "192.168.100.206",
      rto: "8h",
      restoreOrder: 6,
      dependsOn: ["ad"],
    },
  },

  access: {
    // Never root@pam: the right is granted to the user and to its token, since PBS grants a token only what both have.
    hypervisorToken: { user: "pve-backup@pbs", name: "pve-token", role: "DatastoreAdmin" },
    operators: {
      "supervision@pve": { comment: "Supervision WildCorp", role: "PVEAuditor", token: "monitoring" },
      "technicien@pve": { comment: "Technicien WildCorp", role: "PVEVMAdmin", path: "/vms" },
    },
  },

  notifications: {
    smtp: {
      server: "smtp.wildcorp.example",
      mode: "starttls",
      from: "sauvegarde@ecosolar.example",
      username: "sauvegarde@ecosolar.example",
      // The name under which `./bastide secrets set` keeps the password. The password itself never stands here.
      secret: "smtp-password",
    },
    mailto: ["supervision@wildcorp.example"],
    // What nobody has handled the same day goes to the account manager.
    escalation: [{ after: "8h", owner: "Chargé de compte WildCorp", mailto: ["compte-ecosolar@wildcorp.example"] }],
  },

  // One guest every week, all of them every quarter.
  restoreTests: { partial: "sun 10:00", full: "quarterly" },

  // What is not as it should be, and who answers for it until when: `./bastide policies NET-001` explains each.
  acknowledgements: [
    accepted("NET-001", "backupServers.pbs", ONE_SUBNET),
    accepted("NET-009", "backupServers.pbs", ONE_SUBNET),
    accepted("NET-010", "backupServers.pbs", ONE_SUBNET),
    accepted("NET-011", "hypervisors.pve1", ONE_SUBNET),
    accepted("BKP-040", "tiers.critical", NO_COPY_YET),
    accepted("BKP-040", "tiers.standard", NO_COPY_YET),
    accepted("BKP-042", "tiers.critical", NO_COPY_YET),
    accepted("BKP-042", "tiers.standard", NO_COPY_YET),
    accepted("BKP-043", "tiers.critical", NO_COPY_YET),
    accepted("BKP-043", "tiers.standard", NO_COPY_YET),
    accepted("ACC-003", "access.hypervisorToken", "Droit DatastoreAdmin demandé au cahier des charges"),
  ],

  environments: {
    // The embedded devices on this machine: `./bastide apply ecosolar --env lab`.
    lab: lab(),
    // The client's devices. Their addresses are those above; a certificate is recognised by its authority or its fingerprint.
    production: production({
      state: pgState("postgres://state.wildcorp.example/bastide", "ecosolar"),
      devices: {
        hypervisor: { ca: "pve-ca.pem", credential: "pve-provisioning" },
        backupServers: { pbs: { ca: "pbs-ca.pem", credential: "pbs-provisioning" } },
        firewall: { ca: "pfsense-ca.pem", credential: "pfsense-provisioning" },
      },
    }),
  },
});
