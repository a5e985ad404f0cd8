/**
 * What a site is, once `defineSite` has checked it: plain, frozen, JSON-serializable data with every default filled in.
 * Everything downstream reads this and invents nothing.
 */
import type { Address, AuthId, CalendarEvent, Cidr, DataRate, Duration, Fingerprint, GuestId, Port, Retention } from "./values";

export interface Network {
  readonly cidr: Cidr;
  /** IPv6 network of the same segment, where it has one. */
  readonly cidr6?: Cidr;
  readonly gateway: Address;
  /** Name of the firewall's interface for this network, as its API writes it (`lan`, `opt1`). */
  readonly firewallInterface: string;
}

/** A Proxmox VE node; the key in `site.hypervisors` is its node name. All nodes of a site form one cluster. */
export interface Hypervisor {
  readonly address: Address;
  /** What a restore may use: refused before it starts when the node has less (ECO-12). */
  readonly limits?: { readonly cores?: number; readonly memoryMiB?: number };
}

/** A Proxmox Backup Server. */
export interface BackupServer {
  readonly address: Address;
  /** Its IPv6 address, where it has one that guests or the internet can route to. */
  readonly address6?: Address;
  /** Where it stands: a copy on a server off-site survives the loss of the site. Default `on-site`. */
  readonly location: "on-site" | "off-site";
  /** The hypervisor whose guest it is, and with which it is lost. Absent: a machine of its own. */
  readonly runsOn?: string;
  /** Its own packet filter admits only hypervisors and administrators to its port. Declared, not configured here. Default false. */
  readonly hostFirewall: boolean;
  /** API port, default 8007. */
  readonly port: Port;
  readonly datastores: Readonly<Record<string, Datastore>>;
  /** Upload and download limits by source network and hours. */
  readonly trafficControl: Readonly<Record<string, TrafficControl>>;
  /** Other backup servers that this one pulls from or pushes to. */
  readonly remotes: Readonly<Record<string, Remote>>;
}

export interface Datastore {
  /** Absolute path on the backup server, on a disk apart from the system (ECO-03). Changing it replaces the datastore. */
  readonly path: string;
  /** Id of the Proxmox VE storage for the root namespace; storages of namespaces append `-<namespace>`. */
  readonly storage: string;
  readonly garbageCollection: CalendarEvent;
  /** Verify every new snapshot at once. Default true. */
  readonly verifyNew: boolean;
  /** Retention of the root namespace (ECO-04). */
  readonly retention: Retention;
  /** When the prune jobs of this datastore run. Default `daily`. */
  readonly prune: CalendarEvent;
  readonly verification: { readonly schedule: CalendarEvent; readonly againAfterDays: number };
  readonly notificationMode: "notification-system" | "legacy-sendmail";
  /** Adopt a chunk store that already lies at `path`. Default false. */
  readonly reuse: boolean;
  readonly syncs: Readonly<Record<string, Sync>>;
  /** Copies of this datastore that something else makes: tapes, a rotated disk, an object-locked bucket. Declared, not configured here. */
  readonly copies: Readonly<Record<string, DeclaredCopy>>;
}

/** A copy that Bastide neither makes nor checks. It counts as what its owner says it is. */
export interface DeclaredCopy {
  /** `off-site`: elsewhere, reachable. `offline`: reachable by nobody between its runs. `immutable`: nobody can delete it before its time. */
  readonly kind: "off-site" | "offline" | "immutable";
  /** Where it is, for the recovery plan. */
  readonly where: string;
  readonly schedule: CalendarEvent;
  /** Who sees to it. */
  readonly owner: string;
}

export interface TrafficControl {
  readonly networks: readonly Cidr[];
  readonly rateIn?: DataRate;
  readonly rateOut?: DataRate;
  /** Hours in the backup server's grammar, for example `mon..fri 8-18`. Empty: always. */
  readonly timeframes: readonly string[];
}

export interface Remote {
  readonly host: string;
  readonly port: Port;
  readonly authId: AuthId;
  readonly fingerprint?: Fingerprint;
  /** Name of the remote's password in the secret store. */
  readonly secret: string;
}

export interface Sync {
  readonly remote: string;
  readonly remoteDatastore: string;
  readonly direction: "pull" | "push";
  readonly schedule: CalendarEvent;
  /** Default false: a deletion at the source must not reach the copy. */
  readonly removeVanished: boolean;
}

export interface Firewall {
  readonly kind: "pfsense";
  readonly address: Address;
  /** Description of the pass rule; it identifies the rule, so a change replaces it (ECO-09). */
  readonly passDescription: string;
  readonly blockDescription: string;
}

/** A machine that is neither hypervisor nor guest nor backup server: administration, test, supervision. */
export interface Host {
  readonly address: Address;
  readonly role: "admin" | "monitoring" | "other";
}

/** One level of protection: how often, for how long, where. */
export interface Tier {
  readonly schedule: CalendarEvent;
  /** Recovery point objective: the largest accepted gap between two runs. */
  readonly rpo: Duration;
  /** Own retention, hence an own namespace and storage; absent: the datastore's, in its root namespace. */
  readonly retention?: Retention;
  readonly backupServer: string;
  readonly datastore: string;
  /** Namespace on the datastore; "" is the root. Default: the tier's name if it has its own retention. */
  readonly namespace: string;
  /** Encrypt on the client side with the site's escrowed key (ECO-05). Default true. */
  readonly encryption: boolean;
  readonly mode: "snapshot" | "suspend" | "stop";
  /** Run a missed job after a restart of the hypervisor. Default true. */
  readonly repeatMissed: boolean;
}

export interface Guest {
  readonly id: GuestId;
  readonly kind: "vm" | "container";
  /** Absent only with `exempt`. */
  readonly tier?: string;
  /** Why this guest is not backed up. */
  readonly exempt?: { readonly reason: string };
  /** What it does for the client, for the recovery plan: `AD/DNS/DHCP`. */
  readonly role: string;
  readonly address?: Address;
  /** Node that normally runs it. Default: the first hypervisor. */
  readonly node: string;
  /** Recovery time objective. */
  readonly rto?: Duration;
  readonly restoreOrder?: number;
  readonly dependsOn: readonly string[];
  /** Present: Bastide creates and owns the virtual machine. Absent: it exists, and is only referenced and checked. */
  readonly create?: {
    readonly cores: number;
    readonly memoryMiB: number;
    readonly diskGiB: number;
    readonly diskStorage: string;
    readonly bridge: string;
  };
}

export interface Access {
  /** The token that the hypervisor writes backups with; the same name on every backup server of the site (ECO-07). */
  readonly hypervisorToken: {
    readonly user: string;
    readonly name: string;
    readonly role: string;
    /** Last day on which the token is valid, `YYYY-MM-DD`. Absent: it does not expire. */
    readonly expires?: string;
  };
  /** People and monitoring on Proxmox VE. Key: user id (`supervision@pve`). */
  readonly operators: Readonly<Record<string, Operator>>;
}

export interface Operator {
  readonly comment: string;
  readonly role: string;
  readonly path: string;
  /** Also create an API token of this name, with the same right. */
  readonly token?: string;
}

export interface Notifications {
  readonly smtp: {
    readonly server: string;
    readonly port: Port;
    readonly mode: "insecure" | "starttls" | "tls";
    readonly from: string;
    readonly username?: string;
    /** Name of the password in the secret store; required with `username`. */
    readonly secret?: string;
  };
  /** Who is told when a backup, verification, prune, sync or garbage collection fails (SYN-01). */
  readonly mailto: readonly string[];
  /** Who is told next, while a failure is not handled; in the order of the delays (SYN-01 to SYN-03). */
  readonly escalation: readonly Escalation[];
}

export interface Escalation {
  /** Time since the failure. */
  readonly after: Duration;
  /** Who must act then. */
  readonly owner: string;
  readonly mailto: readonly string[];
}

/** A finding that somebody has accepted, for a time. */
export interface Acknowledgement {
  readonly rule: string;
  readonly object: string;
  readonly reason: string;
  readonly owner: string;
  /** `YYYY-MM-DD`; at most 12 months ahead. */
  readonly expires: string;
  readonly ticket?: string;
}

export interface Site {
  readonly name: string;
  readonly client: string;
  /** IANA name. Calendar events run in the nodes' local time, so the nodes are set to it. */
  readonly timeZone: string;
  readonly dns: { readonly domain: string; readonly servers: readonly Address[] };
  readonly networks: Readonly<Record<string, Network>>;
  readonly hypervisors: Readonly<Record<string, Hypervisor>>;
  readonly backupServers: Readonly<Record<string, BackupServer>>;
  readonly firewall?: Firewall;
  readonly hosts: Readonly<Record<string, Host>>;
  readonly tiers: Readonly<Record<string, Tier>>;
  readonly guests: Readonly<Record<string, Guest>>;
  readonly access: Access;
  readonly notifications?: Notifications;
  /** How often a restore is tried (ECO-15). */
  readonly restoreTests?: { readonly partial: CalendarEvent; readonly full: CalendarEvent };
  readonly acknowledgements: readonly Acknowledgement[];
  readonly environments: Readonly<Record<string, Environment>>;
}

/** Where the engine keeps its state. Credentials come only from the process environment (PGUSER, AWS_…, TF_HTTP_…). */
export type StateBackend =
  | { readonly kind: "local" }
  | { readonly kind: "pg"; readonly connection: string; readonly schema: string }
  | { readonly kind: "s3"; readonly bucket: string; readonly prefix: string; readonly region: string; readonly endpoint?: string }
  | { readonly kind: "http"; readonly address: string };

/** Where one set of devices is and how to reach it. `lab` finds its devices by itself. */
export interface Environment {
  readonly kind: "lab" | "live";
  readonly state: StateBackend;
  /** `prevent_destroy` on what holds data or keys. Default: true outside the lab. */
  readonly protectData: boolean;
  /** Encrypt state and plan files. Default: true outside the lab. */
  readonly encryptState: boolean;
  /** How many people approve a weakening of the protection before it is applied; with 2, the author of the change is none of them. Default 1. */
  readonly approvals: 1 | 2;
  /** Absent in the lab. */
  readonly devices?: {
    readonly hypervisor: DeviceAccess;
    readonly backupServers: Readonly<Record<string, DeviceAccess>>;
    readonly firewall?: DeviceAccess;
  };
}

export interface DeviceAccess {
  /** Base address without the API path: `https://192.168.100.210:8006`. */
  readonly endpoint: string;
  /** Path of a PEM file with the authority, relative to the site's folder; with `fingerprint`, either is enough. */
  readonly ca?: string;
  /** SHA-256 of the device's certificate. */
  readonly fingerprint?: Fingerprint;
  /** Name of the provisioning credential in the secret store. */
  readonly credential: string;
}
