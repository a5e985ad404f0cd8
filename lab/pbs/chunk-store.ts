/** What lies on disk at a datastore's path, and stays there when the datastore's configuration is removed. */
export interface ChunkStore {
  /** Every namespace but the root, a parent before its children. */
  readonly namespaces: readonly string[];
  readonly groups: readonly Group[];
}

export type BackupType = "vm" | "ct" | "host";

/** All backups of one guest or host in one namespace. */
export interface Group {
  readonly ns: string;
  readonly type: BackupType;
  readonly id: string;
  /** Who wrote it first; nobody else may write to it. */
  readonly owner: string;
  readonly notes?: string;
  /** Oldest first. */
  readonly snapshots: readonly Snapshot[];
}

export interface Snapshot {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly files: readonly SnapshotFile[];
  readonly comment?: string;
  readonly protected?: boolean;
  readonly verification?: { readonly upid: string; readonly state: "ok" | "failed" };
  /** Of the key that it is encrypted with. */
  readonly fingerprint?: string;
}

export interface SnapshotFile {
  readonly filename: string;
  readonly size: number;
  readonly "crypt-mode": "none" | "encrypt" | "sign-only";
}

export const EMPTY_CHUNK_STORE: ChunkStore = { namespaces: [], groups: [] };

/** Depth below the root: 0 for the root itself. */
export function depthOf(ns: string): number {
  return ns === "" ? 0 : ns.split("/").length;
}

export function parentOf(ns: string): string {
  return ns.split("/").slice(0, -1).join("/");
}

/** Whether `ns` is `ancestor` or lies below it. */
export function isWithin(ns: string, ancestor: string): boolean {
  return ancestor === "" || ns === ancestor || ns.startsWith(`${ancestor}/`);
}

/** ACL path of a namespace. */
export function namespacePath(store: string, ns: string): readonly string[] {
  return ["datastore", store, ...ns.split("/").filter((part) => part !== "")];
}
