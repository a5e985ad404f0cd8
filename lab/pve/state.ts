/** Everything that the device keeps; the shape of `pve.json`. */
export interface PveState {
  access: AccessState;
  pools: Record<string, Pool>;
  storages: Record<string, StorageConfig>;
  /** What the product keeps in files that only root reads; never in an answer. */
  storageSecrets: Record<string, StorageSecrets>;
  /** Key: job id, in the order of creation. */
  jobs: Record<string, JobConfig>;
  notifications: Record<string, NotificationEntry>;
  firewall: ClusterFirewall;
  nodes: Record<string, NodeState>;
  /** Key: guest id. */
  guests: Record<string, Guest>;
  /** Ids of the seed's guests that stood here once: one that was removed since does not come back. */
  born?: number[];
  /** Newest last. */
  tasks: Task[];
  /** What workers that are under way will have done when they end. */
  pending: PendingEffect[];
  /** Counts what needs a number that never comes back. */
  sequence: number;
}

export interface AccessState {
  users: Record<string, User>;
  groups: Record<string, { comment?: string; members: string[] }>;
  /** Own roles only; the built-in ones are not kept. */
  roles: Record<string, string[]>;
  acl: AclEntry[];
}

export interface User {
  enable: 0 | 1;
  expire: number;
  firstname?: string;
  lastname?: string;
  email?: string;
  comment?: string;
  keys?: string;
  password?: string;
  tokens: Record<string, Token>;
}

export interface Token {
  privsep: 0 | 1;
  expire: number;
  comment?: string;
  secret: string;
}

export interface AclEntry {
  path: string;
  type: "user" | "group" | "token";
  ugid: string;
  roleid: string;
  propagate: 0 | 1;
}

export interface Pool {
  comment?: string;
  vms: number[];
  storage: string[];
}

/** As the API returns it, without `storage` and `digest`. */
export type StorageConfig = { type: string } & Record<string, string | number>;

export interface StorageSecrets {
  password?: string;
  encryptionKey?: string;
  masterPublicKey?: string;
}

/** As the API returns it, without `id`, `type` and `next-run`. */
export type JobConfig = Record<string, string | number | string[] | Record<string, string | number>>;

export interface NotificationEntry {
  type: "smtp" | "sendmail" | "gotify" | "webhook" | "matcher";
  config: Record<string, unknown>;
  /** Passwords and tokens; never in an answer. */
  secret: Record<string, unknown>;
  origin: "user-created" | "builtin" | "modified-builtin";
}

export interface FirewallRule {
  [key: string]: string | number;
}

export interface IpsetEntry {
  cidr: string;
  comment?: string;
  nomatch?: 1;
}

export interface FirewallAlias {
  name: string;
  cidr: string;
  comment?: string;
}

/** One level of the firewall: cluster, node or guest. */
export interface FirewallLevel {
  options: Record<string, string | number>;
  rules: FirewallRule[];
  /** Key: name in lower case. */
  aliases: Record<string, FirewallAlias>;
  ipsets: Record<string, { comment?: string; entries: IpsetEntry[] }>;
}

export interface ClusterFirewall extends FirewallLevel {
  groups: Record<string, { comment?: string; rules: FirewallRule[] }>;
}

export interface NodeState {
  hosts: string;
  dns: Record<string, string>;
  timezone: string;
  firewall: FirewallLevel;
}

export interface Guest {
  node: string;
  kind: "qemu" | "lxc";
  /** As the API returns it, without `digest`. */
  config: Record<string, string | number>;
  status: "running" | "stopped";
  /** Milliseconds since 1970. */
  startedAt: number;
  /** The status service has not seen the guest before this moment (milliseconds since 1970). */
  knownFrom: number;
  firewall: FirewallLevel;
}

export interface Task {
  upid: string;
  node: string;
  type: string;
  id: string;
  /** User of the task, with its token. */
  user: string;
  pid: number;
  pstart: number;
  /** Seconds since 1970. */
  starttime: number;
  /** Milliseconds since 1970 at which the worker ends; null while the device's process is still at work on it. */
  endsAt: number | null;
  /** Seen once the worker has ended. */
  exitstatus: string;
  log: string[];
}

/** A change that a worker makes when it ends; on disk from its start, so that it outlives a killed process. */
export interface PendingEffect {
  /** Milliseconds since 1970. */
  at: number;
  effect: Effect;
}

export type Effect =
  | { kind: "guest-created"; vmid: string; guest: Guest }
  | { kind: "guest-status"; vmid: string; status: Guest["status"] }
  | { kind: "guest-destroyed"; vmid: string; purge: boolean };

export const emptyFirewall = (): FirewallLevel => ({ options: {}, rules: [], aliases: {}, ipsets: {} });
