import { FormatFault, registerFormat } from "./formats";
import { type Properties, type Property, parsePropertyString } from "./property";
import { parseRetention } from "./retention";
import { flag, integer, list, NODE, STORAGE_ID, table, text } from "./table";

const FLEECING: Properties = table({ "enabled?": flag({ defaultKey: true }), "storage?": STORAGE_ID });
const PERFORMANCE: Properties = table({
  "max-workers?": integer({ minimum: 1, maximum: 256 }),
  "pbs-entries-max?": integer({ minimum: 1 }),
});

/**
 * Whether fleecing is on (a number) and where.
 * @throws FormatFault
 */
function parseFleecing(value: string): Record<string, string | number> {
  const { enabled, ...rest } = parsePropertyString(FLEECING, value);
  if (enabled === "1" && rest.storage === undefined)
    throw new FormatFault("'storage' parameter is required when 'enabled' is set");
  return { ...(enabled === undefined ? {} : { enabled: Number(enabled) }), ...rest };
}

registerFormat("backup-fleecing", (value) => {
  parseFleecing(value);
});
registerFormat("backup-performance", (value) => {
  parsePropertyString(PERFORMANCE, value);
});

/** Settings that are given as property strings and returned as objects. */
export const OBJECT_SETTINGS: Readonly<Record<string, (value: string) => Record<string, string | number>>> = {
  "prune-backups": parseRetention,
  fleecing: parseFleecing,
  performance: (value) => parsePropertyString(PERFORMANCE, value),
};

/** The settings of a backup, alike for a job and for a run at once. */
export const BACKUP: Readonly<Record<string, Property>> = {
  "all?": flag(),
  "bwlimit?": integer({ minimum: 0 }),
  "compress?": text({ enum: ["0", "1", "gzip", "lzo", "zstd"] }),
  "dumpdir?": text(),
  "exclude?": text({ format: "pve-vmid-list" }),
  "exclude-path?": list(text()),
  "fleecing?": text({ format: "backup-fleecing" }),
  "ionice?": integer({ minimum: 0, maximum: 8 }),
  "lockwait?": integer({ minimum: 0 }),
  "mailnotification?": text({ enum: ["always", "failure"] }),
  "mailto?": text({ format: "email-or-username-list" }),
  "mode?": text({ enum: ["snapshot", "suspend", "stop"] }),
  "node?": NODE,
  "notes-template?": text({ maxLength: 1024, requires: "storage" }),
  "notification-mode?": text({ enum: ["auto", "legacy-sendmail", "notification-system"] }),
  "pbs-change-detection-mode?": text({ enum: ["legacy", "data", "metadata"] }),
  "performance?": text({ format: "backup-performance" }),
  "pigz?": integer(),
  "pool?": text(),
  "protected?": flag({ requires: "storage" }),
  "prune-backups?": text({ format: "prune-backups" }),
  "quiet?": flag(),
  "remove?": flag(),
  "script?": text(),
  "stdexcludes?": flag(),
  "stop?": flag(),
  "stopwait?": integer({ minimum: 0 }),
  "storage?": STORAGE_ID,
  "tmpdir?": text(),
  "vmid?": text({ format: "pve-vmid-list" }),
  "zstd?": integer(),
};

/** Settings of a backup job that a run at once does not have. */
export const JOB: Readonly<Record<string, Property>> = {
  ...BACKUP,
  "comment?": text({ maxLength: 512 }),
  "enabled?": flag(),
  "repeat-missed?": flag(),
  "schedule?": text({ format: "pve-calendar-event", maxLength: 128 }),
  "starttime?": text({ pattern: "\\d{1,2}:\\d{1,2}" }),
  "dow?": text({ format: "pve-day-of-week-list", requires: "starttime" }),
};
