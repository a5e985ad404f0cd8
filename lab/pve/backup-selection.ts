import { splitList } from "./formats";
import type { Caller } from "./permission";
import { refuse, refuseParameters, refusePermission } from "./refusal";
import type { JobConfig, PveState } from "./state";

type Settings = Readonly<Record<string, unknown>>;

/**
 * Checks which guests a backup takes: a list, all, or a pool, and only one of them. An exclusion stands for all.
 * @param isComplete whether a missing choice is a fault too
 * @throws Refusal 400
 */
export function checkSelection(settings: Settings, isComplete: boolean): void {
  for (const other of ["all", "exclude", "pool"]) {
    if (isSet(settings[other]) && isSet(settings.vmid)) refuseParameters({ [other]: "option conflicts with option 'vmid'" });
  }
  const template = settings["notes-template"];
  if (typeof template === "string") checkTemplate(template);
  const isChosen = ["all", "exclude", "stop", "pool", "vmid"].some((name) => isSet(settings[name]));
  if (isComplete && !isChosen) refuseParameters({ vmid: "property is missing" });
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== "" && value !== 0 && value !== "0";
}

function checkTemplate(template: string): void {
  const fault = (text: string) => refuseParameters({ "notes-template": `${text}\n` });
  if (template.includes("\n")) fault("contains a line feed");
  const trailing = /\\(?![\\n])/.exec(template.replaceAll("\\\\", ""));
  if (trailing !== null) fault("unexpected backslash");
  for (const [, name = ""] of template.matchAll(/\{\{([^{}]*)\}\}/g)) {
    if (!["cluster", "guestname", "node", "vmid"].includes(name)) fault(`unknown variable '${name}'`);
  }
}

/** The guests that a backup takes, by id; a list may name guests that do not exist. */
export function selectedGuests(state: Readonly<PveState>, settings: Settings): string[] {
  const onNode = (vmid: string) => settings.node === undefined || (state.guests[vmid]?.node ?? settings.node) === settings.node;
  if (isSet(settings.pool)) return poolGuests(state, String(settings.pool)).filter(onNode);
  if (isSet(settings.vmid)) return splitList(String(settings.vmid)).filter(onNode);
  if (!isSet(settings.all) && settings.exclude === undefined) return [];
  const excluded = splitList(settings.exclude === undefined ? undefined : String(settings.exclude));
  return Object.keys(state.guests).filter((vmid) => !excluded.includes(vmid) && onNode(vmid));
}

/** @throws Refusal where there is no such pool */
function poolGuests(state: Readonly<PveState>, name: string): string[] {
  const pool = state.pools[name] ?? refuse(`pool '${name}' does not exist`);
  return pool.vms.map(String).filter((vmid) => state.guests[vmid] !== undefined);
}

/** @throws Refusal 403 where the caller may not back up a pool, or there is none */
export function checkPool(state: Readonly<PveState>, caller: Caller, pool: string | undefined): void {
  if (!pool) return;
  if (state.pools[pool] === undefined) refusePermission(`pool '${pool}' does not exist`);
  caller.demand(`/pool/${pool}`, "VM.Backup");
}

/**
 * What only the administrator's login may set, and what needs a right of its own.
 * @throws Refusal
 */
export function checkRestricted(caller: Caller, settings: Settings): void {
  if (caller.id === "root@pam") return;
  for (const name of ["tmpdir", "dumpdir", "script", "job-id"]) {
    if (settings[name] !== undefined) refuseParameters({ [name]: "Only root may set this option." });
  }
  if (["bwlimit", "ionice", "performance"].some((name) => settings[name] !== undefined)) caller.demand("/", "Sys.Modify");
  const fleecing = settings.fleecing;
  const storage = typeof fleecing === "string" ? /(?:^|,)storage=([^,]+)/.exec(fleecing)?.[1] : undefined;
  if (storage !== undefined) caller.demand(`/storage/${storage}`, "Datastore.AllocateSpace");
}

/** The storage of a backup; undefined where it goes to a directory. */
export function targetStorage(settings: JobConfig | Settings): string | undefined {
  return settings.dumpdir === undefined ? String(settings.storage ?? "local") : undefined;
}
