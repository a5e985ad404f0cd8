import type { Property } from "./property";
import { DELETE, DIGEST, FINGERPRINT, flag, integer, number, STORAGE_ID, table, text } from "./table";
import "./retention";

export const STORAGE_TYPES = [
  "btrfs",
  "cephfs",
  "cifs",
  "dir",
  "esxi",
  "iscsi",
  "iscsidirect",
  "lvm",
  "lvmthin",
  "nfs",
  "pbs",
  "rbd",
  "zfs",
  "zfspool",
];

const PATH = text({ format: "pve-storage-path" });
const LIMIT = number({ minimum: 0 });
const BANDWIDTH = text({
  format: table({ "default?": LIMIT, "restore?": LIMIT, "migration?": LIMIT, "clone?": LIMIT, "move?": LIMIT }),
});

/** What POST and PUT both take, for all types of storage together. */
const COMMON: Readonly<Record<string, Property>> = {
  "blocksize?": text(),
  "bwlimit?": BANDWIDTH,
  "comstar_hg?": text(),
  "comstar_tg?": text(),
  "content?": text({ format: "pve-storage-content-list" }),
  "content-dirs?": text({ format: "pve-dir-override-list" }),
  "create-base-path?": flag(),
  "create-subdirs?": flag(),
  "data-pool?": text(),
  "disable?": flag(),
  "domain?": text({ maxLength: 256 }),
  "encryption-key?": text(),
  "fingerprint?": FINGERPRINT,
  "format?": text({ enum: ["raw", "qcow2", "subvol", "vmdk"] }),
  "fs-name?": text({ format: "pve-configid" }),
  "fuse?": flag(),
  "is_mountpoint?": text(),
  "keyring?": text(),
  "krbd?": flag(),
  "lio_tpg?": text(),
  "master-pubkey?": text(),
  "max-protected-backups?": integer({ minimum: -1 }),
  "mkdir?": flag(),
  "monhost?": text({ format: "pve-storage-portal-dns-list" }),
  "mountpoint?": PATH,
  "namespace?": text(),
  "nocow?": flag(),
  "nodes?": text({ format: "pve-node-list" }),
  "nowritecache?": flag(),
  "options?": text({ format: "pve-storage-options" }),
  "password?": text({ maxLength: 256 }),
  "pool?": text(),
  "port?": integer({ minimum: 1, maximum: 65535 }),
  "preallocation?": text({ enum: ["off", "metadata", "falloc", "full"] }),
  "prune-backups?": text({ format: "prune-backups" }),
  "saferemove?": flag(),
  "saferemove-stepsize?": integer({ enum: ["1", "2", "4", "8", "16", "32"] }),
  "saferemove_throughput?": text(),
  "server?": text({ format: "pve-storage-server" }),
  "shared?": flag(),
  "skip-cert-verification?": flag(),
  "smbversion?": text({ enum: ["default", "2.0", "2.1", "3", "3.0", "3.11"] }),
  "snapshot-as-volume-chain?": flag(),
  "sparse?": flag(),
  "subdir?": PATH,
  "tagged_only?": flag(),
  "username?": text(),
  "zfs-base-path?": PATH,
};

export const CREATE_STORAGE: Readonly<Record<string, Property>> = {
  ...COMMON,
  storage: STORAGE_ID,
  type: text({ enum: STORAGE_TYPES }),
  "authsupported?": text(),
  "base?": text({ format: "pve-volume-id" }),
  "datastore?": text(),
  "export?": PATH,
  "iscsiprovider?": text(),
  "path?": PATH,
  "portal?": text({ format: "pve-storage-portal-dns" }),
  "share?": text(),
  "target?": text(),
  "thinpool?": text({ format: "pve-storage-vgname" }),
  "vgname?": text({ format: "pve-storage-vgname" }),
};

export const UPDATE_STORAGE: Readonly<Record<string, Property>> = {
  ...COMMON,
  storage: STORAGE_ID,
  "delete?": { ...DELETE, maxLength: 4096 },
  "digest?": DIGEST,
};

/** Whether a setting can be left out, and whether it stays as it was created. */
interface Option {
  readonly optional: boolean;
  readonly fixed: boolean;
}

const optional = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { optional: true, fixed: false }]));
const FIXED: Option = { optional: false, fixed: true };
const ANYWHERE = ["nodes", "disable", "content", "prune-backups", "max-protected-backups"];

/** The settings of the types of storage that the lab has. */
export const STORAGE_OPTIONS: Readonly<Record<string, Readonly<Record<string, Option>>>> = {
  pbs: {
    server: FIXED,
    datastore: FIXED,
    ...optional(...ANYWHERE, "namespace", "port", "username", "password", "encryption-key", "master-pubkey", "fingerprint"),
  },
  dir: {
    path: FIXED,
    "snapshot-as-volume-chain": { optional: true, fixed: true },
    ...optional(...ANYWHERE, "content-dirs", "shared", "format", "mkdir", "create-base-path", "create-subdirs"),
    ...optional("is_mountpoint", "bwlimit", "preallocation"),
  },
};
