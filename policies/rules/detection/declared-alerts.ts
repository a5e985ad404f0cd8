import { member } from "../../../model";
import { onceFor } from "../../engine/once-for";
import type { SynthesizedContext } from "../../engine/rule";
import { type DeviceObject, synthesizedAt } from "../../reading/device-object";
import { flagOf, OPEN, textOf, textsOf } from "../../reading/device-value";

/** A Proxmox device as it was synthesized, with what sends its notifications. */
export interface DeclaredDevice {
  /** The backup server in the site file, or `hypervisor notifications`: the hypervisors of a site have them in common. */
  readonly object: string;
  readonly matchers: readonly DeviceObject[];
  /** End points of any kind, by name. */
  readonly endpoints: ReadonlyMap<string | undefined, DeviceObject>;
}

const BASES = ["/cluster/notifications", "/config/notifications"];
const MATCHERS = BASES.map((base) => `${base}/matchers`);
const ENDPOINTS = BASES.flatMap((base) => ["smtp", "sendmail", "gotify", "webhook"].map((kind) => `${base}/endpoints/${kind}`));

/** The devices that hold jobs or backups: those that can fail. */
export const declaredDevices = onceFor(({ site, stacks }: SynthesizedContext): readonly DeclaredDevice[] => {
  const at = (collections: readonly string[]) => collections.flatMap((collection) => synthesizedAt(stacks, collection));
  const failing = new Set(at(["/cluster/backup", "/config/datastore"]).map(({ device }) => device));
  const [matchers, endpoints] = [at(MATCHERS), at(ENDPOINTS)];
  return [...failing].map((name) => ({
    object: Object.hasOwn(site.backupServers, name) ? member("backupServers", name) : `${name} notifications`,
    matchers: matchers.filter(({ device }) => device === name),
    endpoints: new Map(endpoints.filter(({ device }) => device === name).map((one) => [textOf(one.body.name), one] as const)),
  }));
});

/** Whether an object is in force. Undefined: known to the engine only. */
export function inForce({ body }: DeviceObject): boolean | undefined {
  const disabled = flagOf(body.disable, false);
  return disabled === undefined ? undefined : !disabled;
}

const FILTERS = ["match-field", "match-calendar"];

/**
 * Whether a matcher takes every error and every warning. Undefined: known to the engine only. Each entry of `match-severity` is a
 * condition of its own: with the mode `all`, `["warning", "error"]` takes nothing, since nothing is both; `["warning,error"]` does.
 */
export function takesFailures({ body }: DeviceObject): boolean | undefined {
  const conditions = [...FILTERS, "match-severity"].flatMap((key) => body[key] ?? []);
  if ([body.mode, body["invert-match"], ...conditions].includes(OPEN)) return undefined;
  if (flagOf(body["invert-match"], false)) return false;
  if (conditions.length === 0) return true;
  const filters = FILTERS.flatMap((key) => body[key] ?? []);
  const severities = [body["match-severity"] ?? []].flat().map((entry) => textsOf(entry) ?? []);
  const takes = (severity: string) =>
    body.mode === "any"
      ? severities.some((list) => list.includes(severity))
      : filters.length === 0 && severities.every((list) => list.includes(severity));
  return takes("error") && takes("warning");
}
