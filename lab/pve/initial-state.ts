import type { LabSeed } from "../seed";
import { emptyFirewall, type Guest, type NodeState, type NotificationEntry, type PveState, type User } from "./state";

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
