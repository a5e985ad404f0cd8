import * as z from "zod";
import { count, flag, optional, shaped } from "./answers";
import type { DeviceClient } from "./client";
import { readNotifications } from "./read-notifications";
import {
  type Clock,
  type HypervisorState,
  type IncludedGuest,
  type LiveGuest,
  type LiveJob,
  reading,
  type Storage,
} from "./state";

const Version = z.looseObject({ version: z.string() });
const Nodes = z.array(z.looseObject({ node: z.string(), status: z.string() }));
const Time = z.looseObject({ timezone: z.string(), time: count });
const Storages = z.array(
  z.looseObject({
    storage: z.string(),
    type: z.string(),
    server: z.string().optional(),
    datastore: z.string().optional(),
    namespace: z.string().optional(),
    username: z.string().optional(),
    fingerprint: z.string().optional(),
    "encryption-key": z.union([z.string(), z.number()]).optional(),
    disable: flag(false),
  }),
);
const Jobs = z.array(
  z.looseObject({
    id: z.string(),
    enabled: flag(true),
    schedule: z.string().default(""),
    storage: z.string().default(""),
    mode: z.string().default("snapshot"),
    "next-run": count.optional(),
  }),
);
const Guests = z.array(z.looseObject({ vmid: count, name: z.string().default(""), node: z.string() }));
const Included = z.looseObject({
  children: z.array(
    z.looseObject({
      id: count,
      children: z.array(z.looseObject({ id: z.string(), included: flag(true), reason: z.string().default("") })).default([]),
    }),
  ),
});
const Status = z.looseObject({ active: flag(false) });

/** Reads a Proxmox VE cluster: everything that a verdict on the protection needs, nothing is changed. */
export async function readHypervisor(client: DeviceClient): Promise<HypervisorState> {
  const where = (path: string) => `${client.device} GET ${path}`;
  const get = async <Schema extends z.ZodType>(schema: Schema, path: string, query?: Record<string, string>) =>
    shaped(schema, await client.get(path, query), where(path));

  const [version, nodes, storages, jobs, guests, notifications] = await Promise.all([
    reading(async () => (await get(Version, "/version")).version),
    reading(async () => (await get(Nodes, "/nodes")).map((node) => ({ name: node.node, online: node.status === "online" }))),
    reading(async () => (await get(Storages, "/storage")).map(storageOf)),
    reading(async () => (await get(Jobs, "/cluster/backup")).map(jobOf)),
    reading(async () => (await get(Guests, "/cluster/resources", { type: "vm" })).map(guestOf)),
    readNotifications(client, "/cluster/notifications"),
  ]);
  const nodeNames = nodes.ok ? nodes.value.map((node) => node.name) : [];
  const storageIds = storages.ok ? storages.value.filter((storage) => storage.type === "pbs").map((storage) => storage.id) : [];
  const jobIds = jobs.ok ? jobs.value.map((job) => job.id) : [];
  const [clocks, storageActive, included] = await Promise.all([
    byKey(nodeNames, (node) => reading(async () => clockOf(await get(Time, `/nodes/${node}/time`)))),
    byKey(nodeNames, (node) =>
      byKey(storageIds, (id) => reading(async () => (await get(Status, `/nodes/${node}/storage/${id}/status`)).active)),
    ),
    byKey(jobIds, (id) =>
      reading(async () => includedOf(await get(Included, `/cluster/backup/${encodeURIComponent(id)}/included_volumes`))),
    ),
  ]);
  return { version, nodes, clocks, storages, storageActive, jobs, guests, included, ...notifications };
}

/** Runs one call per key, at the same time. */
export async function byKey<Value>(
  keys: readonly string[],
  call: (key: string) => Promise<Value>,
): Promise<Record<string, Value>> {
  return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await call(key)] as const)));
}

export const clockOf = (time: { timezone: string; time: number }): Clock => ({
  timeZone: time.timezone,
  offsetS: Math.round(time.time - Date.now() / 1000),
});

function storageOf(raw: z.output<typeof Storages>[number]): Storage {
  const key = raw["encryption-key"];
  return {
    id: raw.storage,
    type: raw.type,
    ...optional("server", raw.server),
    ...optional("datastore", raw.datastore),
    ...optional("namespace", raw.namespace),
    ...optional("username", raw.username),
    ...optional("tlsFingerprint", raw.fingerprint?.toLowerCase()),
    ...optional("keyFingerprint", key === undefined ? undefined : String(key).toLowerCase()),
    disabled: raw.disable,
  };
}

function jobOf(raw: z.output<typeof Jobs>[number]): LiveJob {
  return {
    id: raw.id,
    enabled: raw.enabled,
    schedule: raw.schedule,
    storage: raw.storage,
    mode: raw.mode,
    ...optional("nextRun", raw["next-run"]),
  };
}

const guestOf = (raw: z.output<typeof Guests>[number]): LiveGuest => ({ id: raw.vmid, name: raw.name, node: raw.node });

function includedOf(raw: z.output<typeof Included>): IncludedGuest[] {
  return raw.children.map((guest) => ({
    id: guest.id,
    excluded: guest.children.filter((volume) => !volume.included).map((volume) => ({ volume: volume.id, reason: volume.reason })),
  }));
}
