/** Tiers and guests: what is protected, how often, for how long, where. */
import * as z from "zod";
import type { SiteInput } from "../input";
import { parseNamespace } from "../values";
import type { GuestDraft, SiteDraft, TierDraft } from "./draft";
import { address, calendarEvent, closed, count, duration, guestId, line, parsed, retention } from "./fields";
import { machineName, plainName } from "./read-machines";
import { isRecord, type Reader } from "./reader";

const TIER = {
  schedule: calendarEvent,
  rpo: duration,
  retention: retention.optional(),
  backupServer: z.string().optional(),
  datastore: z.string().optional(),
  namespace: parsed(z.string(), parseNamespace).optional(),
  encryption: z.boolean().default(true),
  mode: z.enum(["snapshot", "suspend", "stop"]).default("snapshot"),
  repeatMissed: z.boolean().default(true),
};

const GUEST = {
  id: guestId,
  kind: z.enum(["vm", "container"]).default("vm"),
  tier: z.string().optional(),
  exempt: closed({ reason: line }).optional(),
  role: line,
  address: address.optional(),
  node: z.string().optional(),
  rto: duration.optional(),
  restoreOrder: count.optional(),
  dependsOn: z.array(z.string()).default([]),
  create: closed({
    cores: count,
    memoryMiB: count,
    diskGiB: count,
    diskStorage: z.string().min(1),
    bridge: z.string().min(1),
  }).optional(),
};

/** Names of the tiers are parts of job, pool and namespace names. */
export function readTiers(reader: Reader, input: unknown, servers: SiteDraft["backupServers"]): SiteDraft["tiers"] {
  return reader.entries("tiers", input, plainName, (where, value, name): TierDraft => {
    const read = reader.object(where, value, TIER);
    const written = (isRecord(value) ? value : {}) as Partial<SiteInput["tiers"][string]>;
    const backupServer = written.backupServer === undefined ? only(servers) : read.backupServer;
    const stores = backupServer === undefined ? undefined : servers[backupServer]?.datastores;
    const namespace = written.namespace === undefined ? { namespace: written.retention === undefined ? "" : name } : {};
    const datastore = written.datastore === undefined ? only(stores ?? {}) : read.datastore;
    return { ...namespace, ...read, backupServer, datastore };
  });
}

export function readGuests(reader: Reader, input: unknown, nodes: readonly string[]): SiteDraft["guests"] {
  return reader.entries("guests", input, machineName, (where, value): GuestDraft => {
    const fallback = isRecord(value) && value.node === undefined ? { node: nodes[0] } : {};
    if (isRecord(value) && value.tier === undefined && value.exempt === undefined) {
      reader.fault(where, {
        what: "nothing says how this guest is backed up",
        repair: "give its `tier`, or say why it needs none: `exempt: { reason }`",
      });
    }
    return { ...fallback, ...reader.object(where, value, GUEST) };
  });
}

/** The only name of a record, if it has just one: the default of a reference. */
function only(record: Readonly<Record<string, unknown>>): string | undefined {
  const names = Object.keys(record);
  return names.length === 1 ? names[0] : undefined;
}
