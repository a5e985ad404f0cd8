import { type GuestId, parseGuestId, type Site } from "../../model";
import type { BackupJobFacts, GuestFacts, StorageFacts } from "../configuration";
import { type Known, whereKnown } from "../known";
import { type ApiObject, certain, ObjectReader, optional } from "./api-object";

const MODES = ["snapshot", "suspend", "stop"] as const;

/** A backup job, as `/cluster/backup` lists it. What it leaves out has the default of Proxmox VE 9. */
export function backupJobOf(source: ApiObject): BackupJobFacts {
  const job = new ObjectReader(source);
  const node = job.text("node", "");
  return {
    id: job.name("id"),
    enabled: certain(job.flag("enabled", true)),
    schedule: job.schedule(),
    storage: job.has("storage") || job.unknown("storage") ? job.text("storage", "") : { unknown: "it names no storage" },
    selection: selectionOf(job),
    ...optional("node", typeof node === "string" && node !== "" ? node : undefined),
    mode: job.word("mode", MODES, "snapshot"),
    repeatMissed: certain(job.flag("repeat-missed", false)),
    prunesItself: prunesItself(job),
    excludedPaths: job.unknown("exclude-path") ? ["paths that are not known"] : certain(job.list("exclude-path")),
  };
}

/** Where it is not known whether a job is limited to a node, it is not known whom it takes. */
function selectionOf(job: ObjectReader): BackupJobFacts["selection"] {
  const unknown = job.unknown("all", "pool", "exclude", "vmid", "node");
  if (unknown) return unknown;
  return whereKnown(job.flag("all", false), (all) => {
    if (all) return whereKnown(guestIds(job, "exclude"), (exclude) => ({ kind: "all", exclude }));
    if (job.has("pool")) return whereKnown(job.text("pool", ""), (pool) => ({ kind: "pool", pool }));
    return whereKnown(guestIds(job, "vmid"), (guests) => ({ kind: "list", guests }));
  });
}

function guestIds(job: ObjectReader, key: string): Known<readonly GuestId[]> {
  return whereKnown(job.list(key), (texts) => {
    const ids: GuestId[] = [];
    for (const text of texts) {
      const parsed = parseGuestId(Number(text));
      if ("problem" in parsed) return { unknown: `"${key}" holds something else than guest ids` };
      ids.push(parsed.value);
    }
    return ids.sort((one, other) => one - other);
  });
}

/** `remove` is on where the job does not say, and then prunes by what the job or else the storage says. What is not known prunes. */
function prunesItself(job: ObjectReader): boolean {
  if (job.unknown("remove", "prune-backups")) return true;
  return certain(job.flag("remove", true)) && !(job.has("prune-backups") && keepsAll(job.source.object["prune-backups"]));
}

/** `keep-all=1`, or the same as an object, as backup jobs are answered. */
function keepsAll(value: unknown): boolean {
  if (typeof value === "string") return /^keep-all=(1|true|yes|on)$/.test(value);
  return typeof value === "object" && value !== null && String((value as Record<string, unknown>)["keep-all"]) === "1";
}

/** A storage of type `pbs`, as `/storage` lists it; undefined for another type. */
export function storageOf(source: ApiObject, site: Site): StorageFacts | undefined {
  const storage = new ObjectReader(source);
  if (storage.name("type") !== "pbs") return undefined;
  return {
    id: storage.name("storage"),
    backupServer: whereKnown(storage.text("server", ""), (server) => serverAt(server, site)),
    datastore: storage.text("datastore", ""),
    namespace: storage.text("namespace", ""),
    enabled: !certain(storage.flag("disable", false)),
    encrypted:
      storage.unknown("encryption-key") ?? (storage.has("encryption-key") || (source.held?.has("encryption-key") ?? false)),
    pinned: storage.unknown("fingerprint") ?? storage.has("fingerprint"),
    // Without the key everything is kept.
    prunes: storage.unknown("prune-backups") ?? (storage.has("prune-backups") && !keepsAll(source.object["prune-backups"])),
    writer: storage.text("username", ""),
  };
}

function serverAt(server: string, { backupServers }: Site): Known<string> {
  const found = Object.entries(backupServers).find(([name, one]) => [name, one.address, one.address6].includes(server));
  return found?.[0] ?? { unknown: "its server is none of the site's backup servers" };
}

/** A guest, as `/cluster/resources?type=vm` lists it. Whether the engine made it, only the site file knows. */
export function guestOf(source: ApiObject, site: Site): GuestFacts | undefined {
  const guest = new ObjectReader(source);
  const parsed = parseGuestId(Number(guest.name("vmid")));
  if ("problem" in parsed) return undefined;
  const name = guest.text("name", "");
  return {
    id: parsed.value,
    ...optional("name", typeof name === "string" && name !== "" ? name : undefined),
    owned: Object.values(site.guests).some(({ id, create }) => id === parsed.value && create !== undefined),
  };
}

/**
 * What a job leaves out of its guests, as `/cluster/backup/{id}/included_volumes` lists it.
 * @returns by guest id, the names of the disks
 */
export function excludedDisksOf(source: ApiObject): ReadonlyMap<number, readonly string[]> {
  const guests = members(source.object.children).map((guest): [number, readonly string[]] => [
    Number(guest.id),
    members(guest.children)
      .filter((volume) => !certain(new ObjectReader({ ...source, object: volume }).flag("included", true)))
      .map((volume) => String(volume.id).replace(/^\d+:/, ""))
      .sort(),
  ]);
  return new Map(guests);
}

const members = (list: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(list) ? list.filter((one) => typeof one === "object" && one !== null) : [];
