/**
 * What a site file says. Texts are plain here; `defineSite` checks them and fills the defaults that are named below.
 * A schedule is a calendar event of Proxmox (`0/4:00`, `21:00`, `mon..fri 22:00`, `daily`), a duration is `4h`, `30min`, `1d`.
 */
import type { Environment } from "./site";
import type { Retention } from "./values";

export interface SiteInput {
  /** Short name, part of every object's name on the devices: lower case, digits, hyphens. Changing it replaces those objects. */
  readonly name: string;
  /** The client's name as it stands in documents. */
  readonly client: string;
  /** IANA name, `Europe/Paris`. Schedules run in it. */
  readonly timeZone: string;
  /** Given to every hypervisor and backup server. One to three servers; name one that answers while the guests are down. */
  readonly dns: { readonly domain: string; readonly servers: readonly string[] };
  readonly networks: Readonly<Record<string, NetworkInput>>;
  /** Key: node name. All nodes form one cluster. */
  readonly hypervisors: Readonly<Record<string, HypervisorInput>>;
  /** Key: host name. */
  readonly backupServers: Readonly<Record<string, BackupServerInput>>;
  /** Default: none; the site's flow is then filtered on the hosts only. */
  readonly firewall?: FirewallInput;
  /** Machines that are neither hypervisor nor guest nor backup server. Default: none. */
  readonly hosts?: Readonly<Record<string, HostInput>>;
  readonly tiers: Readonly<Record<string, TierInput>>;
  readonly guests: Readonly<Record<string, GuestInput>>;
  /** Default: token `pve-backup@pbs!pve-token` with DatastoreBackup, no operators. */
  readonly access?: AccessInput;
  /** Default: none; nobody is told of a failure. */
  readonly notifications?: NotificationsInput;
  /** How often a restore is tried. Default: none. */
  readonly restoreTests?: { readonly partial: string; readonly full: string };
  /** Findings that somebody has accepted, for a time. Default: none. */
  readonly acknowledgements?: readonly AcknowledgementInput[];
  /** Default: `{ lab: lab() }`. */
  readonly environments?: Readonly<Record<string, EnvironmentInput>>;
}

export interface NetworkInput {
  /** `192.168.100.0/24`. */
  readonly cidr: string;
  /** IPv6 network of the same segment. Default: none. */
  readonly cidr6?: string;
  readonly gateway: string;
  /** Name of the firewall's interface as its API writes it. Default: the network's own name. */
  readonly firewallInterface?: string;
}

export interface HypervisorInput {
  readonly address: string;
  /** What a restore may use at most. Default: what the node has. */
  readonly limits?: { readonly cores?: number; readonly memoryMiB?: number };
}

export interface BackupServerInput {
  readonly address: string;
  /** Default: none. The firewall's rules then cover IPv4 only. */
  readonly address6?: string;
  /** Default `on-site`. */
  readonly location?: "on-site" | "off-site";
  /** Name of the hypervisor whose guest it is. Default: a machine of its own. */
  readonly runsOn?: string;
  /** The server's own packet filter admits only hypervisors and administrators. Default false. */
  readonly hostFirewall?: boolean;
  /** Default 8007. */
  readonly port?: number;
  /** Key: name on the server, 3 to 32 characters. */
  readonly datastores: Readonly<Record<string, DatastoreInput>>;
  /** Default: none. */
  readonly trafficControl?: Readonly<Record<string, TrafficControlInput>>;
  /** Default: none. */
  readonly remotes?: Readonly<Record<string, RemoteInput>>;
}

export interface DatastoreInput {
  /** Absolute path on a disk apart from the system. Changing it replaces the datastore: its history is left behind. */
  readonly path: string;
  /** Id of the Proxmox VE storage. Default `pbs-<datastore>`. */
  readonly storage?: string;
  /** Default `daily`. */
  readonly garbageCollection?: string;
  /** Default true. */
  readonly verifyNew?: boolean;
  /** Of the root namespace, for tiers without a retention of their own. */
  readonly retention: Retention;
  /** When old recovery points are removed. Default `daily`. */
  readonly prune?: string;
  /** Default `{ schedule: "weekly", againAfterDays: 30 }`. */
  readonly verification?: { readonly schedule?: string; readonly againAfterDays?: number };
  /** Default `notification-system`. */
  readonly notificationMode?: "notification-system" | "legacy-sendmail";
  /** Adopt a chunk store that already lies at `path`. Default false. */
  readonly reuse?: boolean;
  /** Copies from or to a remote. Default: none. */
  readonly syncs?: Readonly<Record<string, SyncInput>>;
  /** Copies of this datastore that something else makes. Default: none. */
  readonly copies?: Readonly<Record<string, DeclaredCopyInput>>;
}

export interface DeclaredCopyInput {
  readonly kind: "off-site" | "offline" | "immutable";
  /** `coffre de l'agence de Lyon`. */
  readonly where: string;
  readonly schedule: string;
  readonly owner: string;
}

export interface TrafficControlInput {
  readonly networks: readonly string[];
  /** Bytes per second, `50 MB`; at least one of the two rates. */
  readonly rateIn?: string;
  readonly rateOut?: string;
  /** `mon..fri 8-18`. Default: always. */
  readonly timeframes?: readonly string[];
}

export interface RemoteInput {
  /** Name or address. */
  readonly host: string;
  /** Default 8007. */
  readonly port?: number;
  /** Who this server is over there: `sync@pbs!atelier`. */
  readonly authId: string;
  /** Default: the certificate must be valid by the system's authorities. */
  readonly fingerprint?: string;
  /** Name of its password in the secret store. Default `remote-<name>`. */
  readonly secret?: string;
}

export interface SyncInput {
  readonly remote: string;
  readonly remoteDatastore: string;
  /** Default `pull`. */
  readonly direction?: "pull" | "push";
  /** Default `daily`. */
  readonly schedule?: string;
  /** Default false: a deletion at the source must not reach the copy. */
  readonly removeVanished?: boolean;
}

export interface FirewallInput {
  readonly kind: "pfsense";
  readonly address: string;
  /** Identifies the rule on the firewall. Default `Autoriser PBS - Port <port>`. */
  readonly passDescription?: string;
  /** Identifies the rule on the firewall. Default `Bloquer PBS - Port <port>`. */
  readonly blockDescription?: string;
}

export interface HostInput {
  readonly address: string;
  /** `admin` hosts reach the backup servers' port. Default `other`. */
  readonly role?: "admin" | "monitoring" | "other";
}

export interface TierInput {
  readonly schedule: string;
  /** The largest accepted gap between two runs, also in the night when the clocks change. */
  readonly rpo: string;
  /** Default: the datastore's. A retention of its own needs a namespace of its own. */
  readonly retention?: Retention;
  /** Default: the only backup server. */
  readonly backupServer?: string;
  /** Default: the backup server's only datastore. */
  readonly datastore?: string;
  /** Default: the tier's name if it has its own retention, else the root ("") . */
  readonly namespace?: string;
  /** Default true. */
  readonly encryption?: boolean;
  /** Default `snapshot`. */
  readonly mode?: "snapshot" | "suspend" | "stop";
  /** Default true. */
  readonly repeatMissed?: boolean;
}

export interface GuestInput {
  readonly id: number;
  /** Default `vm`. */
  readonly kind?: "vm" | "container";
  /** Required unless `exempt`. */
  readonly tier?: string;
  readonly exempt?: { readonly reason: string };
  /** What it does for the client: `AD/DNS/DHCP`. */
  readonly role: string;
  readonly address?: string;
  /** Default: the first hypervisor. */
  readonly node?: string;
  readonly rto?: string;
  /** 1 is restored first. */
  readonly restoreOrder?: number;
  /** Guests that must run before this one. Default: none. */
  readonly dependsOn?: readonly string[];
  /** Default: the guest exists already. */
  readonly create?: {
    readonly cores: number;
    readonly memoryMiB: number;
    readonly diskGiB: number;
    readonly diskStorage: string;
    readonly bridge: string;
  };
}

export interface AccessInput {
  readonly hypervisorToken?: {
    /** In the realm `pbs`, never root@pam. Default `pve-backup@pbs`. */
    readonly user?: string;
    /** Default `pve-token`. */
    readonly name?: string;
    /** Default `DatastoreBackup`, which can neither prune nor delete. */
    readonly role?: string;
    /** Last valid day, `YYYY-MM-DD`. Default: it does not expire. */
    readonly expires?: string;
  };
  /** Key: user id on Proxmox VE. Default: none. */
  readonly operators?: Readonly<Record<string, OperatorInput>>;
}

export interface OperatorInput {
  readonly comment: string;
  /** Role on Proxmox VE, `PVEAuditor`. */
  readonly role: string;
  /** Default `/`. */
  readonly path?: string;
  /** Default: no token. */
  readonly token?: string;
}

export interface NotificationsInput {
  readonly smtp: {
    readonly server: string;
    /** Default 465 for tls, 587 for starttls, 25 for insecure. */
    readonly port?: number;
    /** Default `starttls`. */
    readonly mode?: "insecure" | "starttls" | "tls";
    readonly from: string;
    readonly username?: string;
    /** Name of the password in the secret store. Default `smtp-password` with a username. */
    readonly secret?: string;
  };
  readonly mailto: readonly string[];
  /** Who is told next, while a failure is not handled. Default: nobody. */
  readonly escalation?: readonly EscalationInput[];
}

export interface EscalationInput {
  /** Time since the failure, `8h`. */
  readonly after: string;
  readonly owner: string;
  readonly mailto: readonly string[];
}

export interface AcknowledgementInput {
  /** Id of the rule, `NET-001`. */
  readonly rule: string;
  /** Path in the site file, `backupServers.pbs`. */
  readonly object: string;
  readonly reason: string;
  readonly owner: string;
  /** `YYYY-MM-DD`. */
  readonly expires: string;
  readonly ticket?: string;
}

/** Made by `lab()` and `production()`. */
export interface EnvironmentInput extends Omit<Environment, "devices"> {
  readonly devices?: DevicesInput;
}

export interface DevicesInput {
  readonly hypervisor: DeviceAccessInput;
  readonly backupServers: Readonly<Record<string, DeviceAccessInput>>;
  /** Required if the site has a firewall. */
  readonly firewall?: DeviceAccessInput;
}

export interface DeviceAccessInput {
  /** Default `https://<address in the model>:<port>`: 8006 for the hypervisor, 443 for the firewall. */
  readonly endpoint?: string;
  /** PEM file beside the site file. One of `ca` and `fingerprint` is needed. */
  readonly ca?: string;
  readonly fingerprint?: string;
  /** Name in the secret store. Default `pve-admin`, `pbs-admin` (`pbs-admin@<server>` if there are several), `pfsense-admin`. */
  readonly credential?: string;
}
