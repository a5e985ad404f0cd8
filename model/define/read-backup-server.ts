/** Backup servers with their datastores, remotes, copies and traffic limits. */
import * as z from "zod";
import { type CalendarEvent, type Parsed, type Port, parseAddress, parsePbsId, parseTimeframe } from "../values";
import type { BackupServerDraft, DatastoreDraft } from "./draft";
import {
  absolutePath,
  address,
  address6,
  authId,
  calendarEvent,
  cidr,
  closed,
  count,
  dataRate,
  fingerprint,
  line,
  parsed,
  parseHostName,
  pbsId,
  port,
  retention,
  ruled,
  secretName,
} from "./fields";
import { machineName } from "./read-machines";
import { isRecord, member, type Reader } from "./reader";

const DAILY = "daily" as CalendarEvent;
const WEEKLY = "weekly" as CalendarEvent;
const PBS_PORT = 8007 as Port;

/** Proxmox VE's `pve-storage-id`. */
const storageId = ruled(
  (text) => /^[a-z][a-z0-9._-]{0,62}[a-z0-9]$/i.test(text),
  (text) => ({
    what: `"${text}" is no storage id of Proxmox VE`,
    repair: 'begin with a letter and end with a letter or digit, like "pbs-backup"',
  }),
);

const SERVER = {
  address,
  address6: address6.optional(),
  port: port.default(PBS_PORT),
  location: z.enum(["on-site", "off-site"]).default("on-site"),
  runsOn: z.string().optional(),
  hostFirewall: z.boolean().default(false),
};

const DATASTORE = {
  path: absolutePath,
  storage: storageId.optional(),
  garbageCollection: calendarEvent.default(DAILY),
  verifyNew: z.boolean().default(true),
  retention,
  prune: calendarEvent.default(DAILY),
  verification: closed({ schedule: calendarEvent.default(WEEKLY), againAfterDays: count.default(30) }).default({
    schedule: WEEKLY,
    againAfterDays: 30,
  }),
  notificationMode: z.enum(["notification-system", "legacy-sendmail"]).default("notification-system"),
  reuse: z.boolean().default(false),
};

const COPY = { kind: z.enum(["off-site", "offline", "immutable"]), where: line, schedule: calendarEvent, owner: line };

const SYNC = {
  remote: z.string(),
  remoteDatastore: pbsId("datastore"),
  direction: z.enum(["pull", "push"]).default("pull"),
  schedule: calendarEvent.default(DAILY),
  removeVanished: z.boolean().default(false),
};

/** A name or an address. */
const machine = parsed(z.string(), (text): Parsed<string> => (text.includes(":") ? parseAddress(text) : parseHostName(text)));

const REMOTE = {
  host: machine,
  port: port.default(PBS_PORT),
  authId,
  fingerprint: fingerprint.optional(),
  secret: secretName.optional(),
};

const TRAFFIC_CONTROL = {
  networks: z.array(cidr),
  rateIn: dataRate.optional(),
  rateOut: dataRate.optional(),
  timeframes: z.array(parsed(z.string(), parseTimeframe)).default([]),
};

export function readBackupServers(reader: Reader, input: unknown): Readonly<Record<string, BackupServerDraft>> {
  return reader.entries("backupServers", input, machineName, (where, value) => {
    const nested = isRecord(value) ? value : {};
    const inside = (key: string) => [member(where, key), nested[key]] as const;
    return {
      ...reader.object(where, value, SERVER, ["datastores", "trafficControl", "remotes"]),
      datastores: reader.entries(...inside("datastores"), pbsName("datastore"), (...entry) => readDatastore(reader, ...entry)),
      trafficControl: reader.entries(...inside("trafficControl"), pbsName("traffic control"), (path, entry) =>
        readTrafficControl(reader, path, entry),
      ),
      remotes: reader.entries(...inside("remotes"), pbsName("remote"), (path, entry, name) => ({
        secret: `remote-${name.toLowerCase()}`,
        ...reader.object(path, entry, REMOTE),
      })),
    };
  });
}

function readDatastore(reader: Reader, where: string, input: unknown, name: string): DatastoreDraft {
  const { syncs, copies } = isRecord(input) ? input : {};
  return {
    storage: `pbs-${name}`,
    ...reader.object(where, input, DATASTORE, ["syncs", "copies"]),
    syncs: reader.entries(member(where, "syncs"), syncs, pbsName("sync job"), (path, entry) => reader.object(path, entry, SYNC)),
    copies: reader.entries(member(where, "copies"), copies, pbsName("copy"), (path, entry) => reader.object(path, entry, COPY)),
  };
}

function readTrafficControl(reader: Reader, where: string, input: unknown): BackupServerDraft["trafficControl"][string] {
  const read = reader.object(where, input, TRAFFIC_CONTROL);
  if (isRecord(input) && input.rateIn === undefined && input.rateOut === undefined) {
    reader.fault(where, { what: "the traffic control limits nothing", repair: "give `rateIn`, `rateOut` or both" });
  }
  return read;
}

function pbsName(noun: string) {
  return (name: string) => {
    const result = parsePbsId(name, noun);
    return "problem" in result ? result.problem : undefined;
  };
}
