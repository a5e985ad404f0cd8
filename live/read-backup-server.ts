import * as z from "zod";
import { count, flag, optional, shaped } from "./answers";
import type { DeviceClient } from "./client";
import { byKey, clockOf } from "./read-hypervisor";
import { readNotifications } from "./read-notifications";
import { type BackupServerState, type MaintenanceJob, reading } from "./state";

const Version = z.looseObject({ version: z.string(), release: z.string().default("") });
const Time = z.looseObject({ timezone: z.string(), time: count });
const Datastores = z.array(
  z.looseObject({
    name: z.string(),
    path: z.string().default(""),
    "verify-new": flag(false),
    "maintenance-mode": z.string().optional(),
  }),
);
const Namespaces = z.array(z.looseObject({ ns: z.string() }));
const Jobs = z.array(
  z.looseObject({
    id: z.string(),
    store: z.string(),
    ns: z.string().default(""),
    schedule: z.string().optional(),
    disable: flag(false),
    "max-depth": count.optional(),
    "ignore-verified": flag(true),
    "outdated-after": count.optional(),
    "last-run-state": z.string().optional(),
    "next-run": count.optional(),
  }),
);
const Collections = z.array(
  z.looseObject({
    store: z.string(),
    schedule: z.string().optional(),
    "last-run-state": z.string().optional(),
    "next-run": count.optional(),
  }),
);
const Permissions = z.record(z.string(), z.record(z.string(), z.unknown()));

/** Reads a Proxmox Backup Server. @param tokenId auth id of the hypervisor's token, whose effective rights are asked for */
export async function readBackupServer(client: DeviceClient, tokenId: string): Promise<BackupServerState> {
  const get = async <Schema extends z.ZodType>(schema: Schema, path: string, query?: Record<string, string>) =>
    shaped(schema, await client.get(path, query), `${client.device} GET ${path}`);
  const [version, clock, datastores, pruneJobs, verifyJobs, syncJobs, garbageCollections, tokenPrivileges, notifications] =
    await Promise.all([
      reading(async () => {
        const answer = await get(Version, "/version");
        return answer.release === "" ? answer.version : `${answer.version}.${answer.release}`;
      }),
      reading(async () => clockOf(await get(Time, "/nodes/localhost/time"))),
      reading(async () =>
        (await get(Datastores, "/config/datastore")).map((raw) => ({
          name: raw.name,
          path: raw.path,
          verifyNew: raw["verify-new"],
          ...optional("maintenance", raw["maintenance-mode"]),
        })),
      ),
      reading(async () => (await get(Jobs, "/admin/prune")).map(jobOf)),
      reading(async () => (await get(Jobs, "/admin/verify")).map(jobOf)),
      reading(async () => (await get(Jobs, "/admin/sync", { "sync-direction": "all" })).map(jobOf)),
      reading(async () =>
        (await get(Collections, "/admin/gc")).map((raw) => ({
          datastore: raw.store,
          ...optional("schedule", raw.schedule),
          ...optional("lastResult", raw["last-run-state"]),
          ...optional("nextRun", raw["next-run"]),
        })),
      ),
      reading(async () => {
        const byPath = await get(Permissions, "/access/permissions", { "auth-id": tokenId });
        return Object.fromEntries(Object.entries(byPath).map(([path, privileges]) => [path, Object.keys(privileges).sort()]));
      }),
      readNotifications(client, "/config/notifications"),
    ]);
  const names = datastores.ok ? datastores.value.map((datastore) => datastore.name) : [];
  const namespaces = await byKey(names, (name) =>
    reading(async () => (await get(Namespaces, `/admin/datastore/${name}/namespace`)).map((raw) => raw.ns)),
  );
  return {
    version,
    clock,
    presentedFingerprint: client.presentedFingerprint(),
    datastores,
    namespaces,
    pruneJobs,
    verifyJobs,
    syncJobs,
    garbageCollections,
    tokenPrivileges,
    ...notifications,
  };
}

function jobOf(raw: z.output<typeof Jobs>[number]): MaintenanceJob {
  const keep = Object.entries(raw).flatMap(([key, value]) =>
    key.startsWith("keep-") && typeof value === "number" ? [[key.slice("keep-".length), value] as const] : [],
  );
  return {
    id: raw.id,
    datastore: raw.store,
    namespace: raw.ns,
    disabled: raw.disable,
    keep: Object.fromEntries(keep),
    ignoreVerified: raw["ignore-verified"],
    ...optional("schedule", raw.schedule),
    ...optional("maxDepth", raw["max-depth"]),
    ...optional("outdatedAfterDays", raw["outdated-after"]),
    ...optional("lastResult", raw["last-run-state"]),
    ...optional("nextRun", raw["next-run"]),
  };
}
