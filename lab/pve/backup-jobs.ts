import { randomUUID } from "node:crypto";
import { nextEvent, parseCalendarEvent } from "../calendar-event";
import { checkPool, checkRestricted, checkSelection, selectedGuests, targetStorage } from "./backup-selection";
import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { backupVolumes } from "./guest-disks";
import { JOB, OBJECT_SETTINGS } from "./job-table";
import { perm } from "./permission";
import type { Values } from "./property";
import { refuse, refuseParameters, underLock } from "./refusal";
import type { JobConfig } from "./state";
import { DELETE, table, text } from "./table";

const ID = text({ format: "pve-configid" });
const JOB_ID = text({ pattern: "\\S+", maxLength: 50 });
const SETTINGS = table(JOB);
const EVERY_DAY = "mon,tue,wed,thu,fri,sat,sun";

/** Backup jobs of the cluster and the guests that they miss. */
export function backupJobEndpoints(): Endpoint[] {
  const audit = perm("/", "Sys.Audit");
  const modify = perm("/", "Sys.Modify");
  return [
    get("/cluster/backup", audit, {}, listJobs),
    post("/cluster/backup", modify, { "id?": ID, ...JOB }, createJob),
    get("/cluster/backup/{id}", audit, { id: JOB_ID }, (call) => ({ ...shown(existingJob(call)), id: call.text("id") })),
    put("/cluster/backup/{id}", modify, { id: JOB_ID, ...JOB, "delete?": DELETE }, updateJob),
    del("/cluster/backup/{id}", modify, { id: JOB_ID }, deleteJob),
    get("/cluster/backup/{id}/included_volumes", audit, { id: JOB_ID }, includedVolumes),
    get("/cluster/backup-info", "root", {}, () => [{ subdir: "not-backed-up" }]),
    get("/cluster/backup-info/not-backed-up", audit, {}, listNotBackedUp),
  ];
}

function existingJob(call: Call): JobConfig {
  const id = call.text("id");
  return call.pve.state.jobs[id] ?? refuseParameters({ id: `No such job '${id}'` });
}

function shown(job: JobConfig): JobConfig {
  return { ...job, type: "vzdump" };
}

function listJobs(call: Call): unknown {
  const zone = call.pve.state.nodes[call.pve.nodeName]?.timezone ?? "UTC";
  return Object.entries(call.pve.state.jobs).map(([id, job]) => {
    const next = nextEvent(parseCalendarEvent(String(job.schedule).trim()), call.pve.seconds(), zone);
    return { ...shown(job), id, ...(next === undefined ? {} : { "next-run": next }) };
  });
}

function createJob(call: Call): void {
  const { id: given, ...values } = call.values;
  const id = typeof given === "string" ? given : randomUUID();
  checkRestricted(call.caller, values);
  checkTarget(call, values);
  checkPool(call.pve.state, call.caller, call.maybe("pool"));
  const settings: Values = { enabled: "1", ...scheduled(values, true) };
  underLock(undefined, () =>
    call.pve.update((draft) => {
      if (draft.jobs[id] !== undefined) refuse(`Job '${id}' already exists`);
      checkSelection(settings, true);
      draft.jobs[id] = withImpliedAll(stored(settings));
    }),
  );
}

function checkTarget(call: Call, settings: Readonly<Record<string, unknown>>): void {
  const storage = targetStorage(settings);
  if (call.caller.id !== "root@pam" && storage !== undefined) call.caller.demand(`/storage/${storage}`, "Datastore.Allocate");
}

/** Turns the former pair of start time and days into a schedule. @param isDemanded whether one of both must be given */
function scheduled({ starttime, dow, ...values }: Values, isDemanded: boolean): Values {
  if (values.schedule !== undefined) {
    if (starttime !== undefined) refuseParameters({ starttime: "'starttime' and 'schedule' cannot both be set" });
    return values;
  }
  if (starttime === undefined) {
    if (isDemanded) refuseParameters({ schedule: "neither 'starttime' nor 'schedule' were set" });
    return values;
  }
  return { ...values, schedule: dow === undefined || dow === EVERY_DAY ? starttime : `${dow} ${starttime}` };
}

/** As the product reads its own file back: numbers and switches as numbers, some settings as objects. */
function stored(values: Values): JobConfig {
  const job: JobConfig = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== "string") job[name] = [...value];
    else if (OBJECT_SETTINGS[name] !== undefined) job[name] = OBJECT_SETTINGS[name](value);
    else if (value !== "") job[name] = SETTINGS[name]?.type === "string" ? value : Number(value);
  }
  return job;
}

function withImpliedAll(job: JobConfig): JobConfig {
  return job.exclude !== undefined && job.pool === undefined ? { ...job, all: 1 } : job;
}

function updateJob(call: Call): void {
  const { id: _id, delete: _delete, ...values } = call.values;
  const id = call.text("id");
  const gone = call.items("delete");
  checkRestricted(call.caller, values);
  if (call.caller.id !== "root@pam") {
    if (values.storage !== undefined) call.caller.demand(`/storage/${call.text("storage")}`, "Datastore.Allocate");
    else if (gone.includes("storage")) call.caller.demand("/storage/local", "Datastore.Allocate");
  }
  checkPool(call.pve.state, call.caller, call.maybe("pool"));
  const settings = scheduled(values, false);
  underLock(undefined, () =>
    call.pve.update((draft) => {
      if (Object.keys(settings).length === 0 && gone.length === 0) refuse("no options specified");
      checkSelection(settings, false);
      const before = draft.jobs[id] ?? refuse("no such vzdump job");
      checkTarget(call, before);
      const job: JobConfig = { ...before };
      for (const name of gone) {
        if (SETTINGS[name] === undefined) refuseParameters({ delete: `unknown option '${name}'` });
        delete job[name];
      }
      Object.assign(job, stored(settings));
      draft.jobs[id] = chosen(withImpliedAll(job), settings);
      checkSelection(draft.jobs[id], true);
    }),
  );
}

/** A new choice of guests takes the place of the former one. */
function chosen(job: JobConfig, settings: Values): JobConfig {
  const without = (...names: string[]) => Object.fromEntries(Object.entries(job).filter(([name]) => !names.includes(name)));
  if (settings.vmid !== undefined) return without("all", "exclude", "pool");
  if (settings.all === "1") return without("vmid", "pool");
  return job.pool === undefined ? job : without("vmid", "all", "exclude");
}

/** The second lock of this call turns the typed error into text. */
function deleteJob(call: Call): void {
  const id = call.text("id");
  underLock(undefined, () =>
    call.pve.update((draft) => {
      if (draft.jobs[id] === undefined) refuseParameters({ id: `No such job '${id}'` });
      delete draft.jobs[id];
    }),
  );
}

function includedVolumes(call: Call): unknown {
  const { state } = call.pve;
  const guests = selectedGuests(state, existingJob(call)).filter((vmid) => call.caller.has(`/vms/${vmid}`, "VM.Audit"));
  const children = guests.map((vmid) => {
    const guest = state.guests[vmid];
    if (guest === undefined) return { id: Number(vmid), type: "unknown", leaf: 1 };
    const volumes = backupVolumes(guest).map(({ key, ...volume }) => ({ id: `${vmid}:${key}`, ...volume, leaf: 1 }));
    const name = guest.config[guest.kind === "qemu" ? "name" : "hostname"] ?? "";
    return { id: Number(vmid), type: guest.kind, name, children: volumes, leaf: volumes.length === 0 ? 1 : 0 };
  });
  return { children };
}

function listNotBackedUp(call: Call): unknown {
  const { state } = call.pve;
  const covered = new Set(Object.values(state.jobs).flatMap((job) => selectedGuests(state, job)));
  return Object.entries(state.guests)
    .filter(([vmid]) => !covered.has(vmid) && call.caller.has(`/vms/${vmid}`, "VM.Audit"))
    .map(([vmid, { kind, config }]) => {
      const name = config[kind === "qemu" ? "name" : "hostname"];
      return { vmid: Number(vmid), type: kind, ...(name === undefined ? {} : { name }) };
    });
}
