import type { LabSeed } from "../seed";

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

/** A fresh installation with the machines and guests of the seed. */
export function initialState(seed: LabSeed, adminTokenSecret: string, now: number): PveState {
  const admin: User = { enable: 1, expire: 0, tokens: { bastide: { privsep: 0, expire: 0, secret: adminTokenSecret } } };
  return {
    access: { users: { "root@pam": admin }, groups: {}, roles: {}, acl: [] },
    pools: {},
    storages: {
      local: { type: "dir", path: "/var/lib/vz", content: "backup,iso,snippets,vztmpl,import" },
      vmdata: { type: "dir", path: "/var/lib/vmdata", content: "images,rootdir" },
    },
    storageSecrets: {},
    jobs: {},
    notifications: builtinNotifications(),
    firewall: { ...emptyFirewall(), groups: {} },
    nodes: Object.fromEntries(seed.hypervisor.nodes.map(({ name, address }) => [name, initialNode(name, address)])),
    guests: Object.fromEntries(seed.hypervisor.guests.map((guest) => [String(guest.id), initialGuest(guest, now)])),
    born: seed.hypervisor.guests.map(({ id }) => id),
    tasks: [],
    pending: [],
    sequence: 1,
  };
}

/** Whether the seed names a node or a guest that has never been here. */
export function hasNewcomers({ nodes, guests, born = [] }: PveState, { hypervisor }: LabSeed): boolean {
  const isNew = (id: number) => !(String(id) in guests) && !born.includes(id);
  return hypervisor.nodes.some(({ name }) => !(name in nodes)) || hypervisor.guests.some(({ id }) => isNew(id));
}

/** Lets the seed's new nodes and guests in; what is here stays as it is. */
export function addNewcomers(draft: PveState, { hypervisor }: LabSeed, now: number): void {
  const { born = [] } = draft;
  for (const { name, address } of hypervisor.nodes) draft.nodes[name] ??= initialNode(name, address);
  for (const guest of hypervisor.guests)
    if (!born.includes(guest.id)) draft.guests[String(guest.id)] ??= initialGuest(guest, now);
  draft.born = [...new Set([...born, ...hypervisor.guests.map(({ id }) => id)])];
}

/** What every installation notifies about before anybody has set anything. */
export function builtinNotifications(): Record<string, NotificationEntry> {
  return {
    "mail-to-root": {
      type: "sendmail",
      config: { name: "mail-to-root", "mailto-user": ["root@pam"], comment: "Send mails to root@pam's email address" },
      secret: {},
      origin: "builtin",
    },
    "default-matcher": {
      type: "matcher",
      config: {
        name: "default-matcher",
        mode: "all",
        target: ["mail-to-root"],
        comment: "Route all notifications to mail-to-root",
      },
      secret: {},
      origin: "builtin",
    },
  };
}

function initialNode(name: string, address: string): NodeState {
  return {
    hosts: `127.0.0.1 localhost.localdomain localhost\n${address} ${name}.local ${name}\n`,
    dns: { search: "local", dns1: "127.0.0.1" },
    timezone: "UTC",
    firewall: emptyFirewall(),
  };
}

function initialGuest(guest: LabSeed["hypervisor"]["guests"][number], now: number): Guest {
  const vm = {
    name: guest.name,
    memory: "2048",
    cores: 2,
    sockets: 1,
    ostype: "l26",
    scsihw: "virtio-scsi-single",
    boot: "order=scsi0;net0",
    net0: `virtio=${macAddress(guest.id)},bridge=vmbr0`,
    scsi0: `vmdata:${guest.id}/vm-${guest.id}-disk-0.raw,size=32G`,
    onboot: 1,
  };
  const container = {
    hostname: guest.name,
    arch: "amd64",
    memory: 1024,
    cores: 1,
    swap: 512,
    ostype: "debian",
    net0: `name=eth0,bridge=vmbr0,hwaddr=${macAddress(guest.id)},ip=dhcp,type=veth`,
    rootfs: `vmdata:${guest.id}/vm-${guest.id}-disk-0.raw,size=8G`,
    onboot: 1,
    unprivileged: 1,
  };
  return {
    node: guest.node,
    kind: guest.kind === "vm" ? "qemu" : "lxc",
    config: guest.kind === "vm" ? vm : container,
    status: "running",
    startedAt: now,
    knownFrom: now,
    firewall: emptyFirewall(),
  };
}

/** An address of the product's own vendor range, always the same for the same number. */
export function macAddress(seed: number): string {
  const mixed = (Math.imul(seed, 2654435761) >>> 8) & 0xffffff;
  const pairs = [mixed >> 16, (mixed >> 8) & 0xff, mixed & 0xff].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase());
  return `BC:24:11:${pairs.join(":")}`;
}
