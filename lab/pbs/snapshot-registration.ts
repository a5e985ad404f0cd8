/**
 * How a backup comes into the lab. The real product takes chunks over a protocol of its own, which the lab does not speak;
 * its hypervisor hands over the finished snapshot instead, with the credential and under the rights that the upload would need.
 */
import type { Answer, Call } from "./call";
import { type BackupType, type Group, namespacePath, type Snapshot, type SnapshotFile } from "./chunk-store";
import { BACKUP_TYPE, changeContent, sameGroup, storeContent } from "./content";
import { Refusal, refuse } from "./refusal";

/** What is handed over, in the words of the snapshot list. */
export interface HandedSnapshot {
  readonly store: string;
  readonly ns?: string;
  readonly "backup-type": string;
  readonly "backup-id": string;
  /** Seconds since the epoch. */
  readonly "backup-time": number;
  /** Bytes, where the files do not say. */
  readonly size?: number;
  readonly comment?: string;
  readonly protected?: boolean;
  readonly fingerprint?: string;
  readonly files?: readonly { readonly filename: string; readonly size?: number; readonly "crypt-mode"?: string }[];
}

/** @throws Refusal as the start of an upload is refused: missing right, other owner, not newer than the last backup */
export function registerSnapshot({ state, caller, server }: Omit<Call, "parameters">, handed: HandedSnapshot): Answer {
  const { store, ns = "" } = handed;
  if (BACKUP_TYPE.kind === "string" && BACKUP_TYPE.check?.(handed["backup-type"]) !== undefined) refuse("unknown backup type");
  if (!caller.hasAny(namespacePath(store, ns), "Datastore.Backup")) throw new Refusal(403, "permission check failed");
  const content = storeContent(state, store, "write");
  if (ns !== "" && !content.namespaces.includes(ns)) refuse(`namespace '${ns}' not found`);
  const key = { ns, type: handed["backup-type"] as BackupType, id: handed["backup-id"] };
  const group = content.groups.find((one) => sameGroup(one, key));
  if (group !== undefined && group.owner !== caller.authId) {
    refuse(`backup owner check failed (${caller.authId} != ${group.owner})`);
  }
  const last = group?.snapshots.at(-1)?.time ?? 0;
  if (handed["backup-time"] <= last) refuse("backup timestamp is older than last backup.");
  const grown: Group = { ...key, owner: caller.authId, ...group, snapshots: [...(group?.snapshots ?? []), snapshotOf(handed)] };
  server.change((draft) =>
    changeContent(draft, store, (present) => ({
      ...present,
      groups: [...present.groups.filter((one) => !sameGroup(one, key)), grown],
    })),
  );
  return { data: null };
}

function snapshotOf(handed: HandedSnapshot): Snapshot {
  const { comment, fingerprint } = handed;
  return {
    time: handed["backup-time"],
    files: filesOf(handed),
    ...(comment === undefined ? {} : { comment }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(handed.protected === true ? { protected: true } : {}),
  };
}

/** Where sizes are missing, the first file has what the others leave of the whole. */
function filesOf({ files = [], size = 0 }: HandedSnapshot): readonly SnapshotFile[] {
  const known = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  return files.map((file, index) => ({
    filename: file.filename,
    size: file.size ?? (index === 0 ? Math.max(size - known, 0) : 0),
    "crypt-mode": file["crypt-mode"] === "encrypt" || file["crypt-mode"] === "sign-only" ? file["crypt-mode"] : "none",
  }));
}
