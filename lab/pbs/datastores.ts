import { type Answer, type Call, DONE } from "./call";
import { isWithin } from "./chunk-store";
import { creationFault } from "./datastore-workers";
import type { Endpoint } from "./endpoint";
import { humanByte } from "./human-byte";
import { propertyFault, propertyString, readProperties } from "./property-string";
import { parameterText, Refusal, refuse, refuseParameter } from "./refusal";
import { allOptional, boolean, integer, oneOf, optional, type ParameterTable, pattern, required, text, without } from "./schema";
import { changed, checkDigest, digestOf, lookUp, trimmed, valuesOf } from "./sections";
import type { PbsState } from "./state";
import { changeParameters, comment, configDigest, KEEP, line, objectId, schedule, userId } from "./types";

const threads = integer(1, 32);
const notifyWhen = optional(oneOf("never", "always", "error"));

const DATASTORE: ParameterTable = {
  name: required(objectId),
  path: required(text({ min: 1, max: 4096 })),
  backend: optional(text({}, backendFault)),
  "backing-device": optional(pattern(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)),
  comment: optional(comment),
  "counter-reset-schedule": optional(schedule),
  "gc-on-unmount": optional(boolean),
  "gc-schedule": optional(schedule),
  "maintenance-mode": optional(
    propertyString(
      {
        type: required(oneOf("read-only", "offline", "delete", "unmount", "s3-refresh")),
        message: optional(line(undefined, 64)),
      },
      "type",
    ),
  ),
  "notification-mode": optional(oneOf("legacy-sendmail", "notification-system")),
  "notification-thresholds": optional(
    propertyString(
      Object.fromEntries([
        ...["s3-delete", "s3-get", "s3-head", "s3-post", "s3-put"].map((name) => [name, optional(integer())]),
        ...["s3-download", "s3-upload"].map((name) => [name, optional(text({ min: 1, max: 64 }))]),
      ]),
    ),
  ),
  notify: optional(propertyString({ gc: notifyWhen, prune: notifyWhen, sync: notifyWhen, verify: notifyWhen })),
  "notify-user": optional(userId),
  "prune-schedule": optional(schedule),
  tuning: optional(
    propertyString({
      "chunk-order": optional(oneOf("none", "inode")),
      "default-verification-readers": optional(threads),
      "default-verification-workers": optional(threads),
      "gc-atime-cutoff": optional(integer(1, 2880)),
      "gc-atime-safety-check": optional(boolean),
      "gc-cache-capacity": optional(integer(0, 8_388_608)),
      "sync-level": optional(oneOf("none", "file", "filesystem")),
    }),
  ),
  "verify-new": optional(boolean),
  ...KEEP,
};

/** The lab has disks only: it knows no object store. */
const BACKEND: ParameterTable = {
  type: optional(oneOf("filesystem", "s3")),
  client: optional(objectId),
  bucket: optional(text({ min: 3, max: 63 })),
  "max-cache-size": optional(humanByte),
};

const CREATE_ONLY = ["name", "path", "backend", "backing-device"] as const;
const REPLACED_BY_PRUNE_JOBS = [...Object.keys(KEEP), "prune-schedule"];
export const datastoreEndpoints: readonly Endpoint[] = [
  { method: "GET", path: "/config/datastore", permission: "anybody", parameters: {}, run: list },
  {
    method: "POST",
    path: "/config/datastore",
    permission: { on: "/datastore", all: ["Datastore.Allocate"] },
    parameters: { ...DATASTORE, "reuse-datastore": optional(boolean), "overwrite-in-use": optional(boolean) },
    run: create,
  },
  {
    method: "GET",
    path: "/config/datastore/:name",
    permission: { on: "/datastore/{name}", all: ["Datastore.Audit"] },
    parameters: { name: required(objectId) },
    run: ({ state, parameters }) => ({
      data: lookUp(state.datastores, "datastore", String(parameters.name)),
      digest: datastoresDigest(state),
    }),
  },
  {
    method: "PUT",
    path: "/config/datastore/:name",
    permission: { on: "/datastore/{name}", all: ["Datastore.Modify"] },
    parameters: {
      ...allOptional(without(DATASTORE, ...CREATE_ONLY)),
      name: required(objectId),
      ...changeParameters(
        ...["comment", "gc-schedule", "gc-on-unmount", "prune-schedule", ...Object.keys(KEEP), "verify-new", "notify-user"],
        ...["notify", "notification-mode", "tuning", "maintenance-mode", "notification-thresholds", "counter-reset-schedule"],
      ),
    },
    run: update,
  },
  {
    method: "DELETE",
    path: "/config/datastore/:name",
    permission: { on: "/datastore/{name}", all: ["Datastore.Allocate"] },
    parameters: {
      name: required(objectId),
      "destroy-data": optional(boolean),
      "keep-job-configs": optional(boolean),
      digest: optional(configDigest),
    },
    run: remove,
  },
];

function datastoresDigest(state: Readonly<PbsState>): string {
  return digestOf(state.datastores, "name");
}

function list({ state, caller }: Call): Answer {
  const all = valuesOf(state.datastores, "datastore");
  return {
    data: all.filter((store) => caller.hasAny(["datastore", String(store.name)], "Datastore.Audit")),
    digest: datastoresDigest(state),
  };
}

/** Checks what can be known at once; whether the path can be used shows in the worker. */
function create({ state, caller, server, parameters }: Call): Answer {
  const { "reuse-datastore": reuse, "overwrite-in-use": _s3, ...values } = parameters;
  const name = String(values.name);
  const path = String(values.path);
  const device = values["backing-device"];
  if (Object.hasOwn(state.datastores, name)) refuseParameter("name", `datastore '${name}' already exists.`);
  if (device === undefined && !path.startsWith("/")) refuseParameter("path", `expected an absolute path, '${path}' is not`);
  if (device !== undefined && path.startsWith("/"))
    refuseParameter("path", `expected a relative on-device path, '${path}' is not`);
  if (device === undefined && values["gc-on-unmount"] === true) {
    refuseParameter("gc-on-unmount", "only supported on removable datastores");
  }
  if (device !== undefined) caller.check(["system", "disks"], "Sys.Modify");
  const { type, client } = readProperties(BACKEND, String(values.backend ?? ""), "type");
  if (type === "s3") refuse(`no '${String(client)}' in config`);
  const work = { ...values, "reuse-datastore": reuse === true };
  const fails = creationFault(state, work) !== undefined;
  const durationMs = fails ? 0 : server.timing.datastoreMs;
  return { data: server.startTask(caller.authId, { type: "create-datastore", id: name, work, durationMs }) };
}

function update({ state, server, parameters }: Call): Answer {
  const { name, delete: deleted, digest, ...given } = parameters;
  checkDigest(digest, datastoresDigest(state));
  const store = lookUp(state.datastores, "datastore", String(name));
  if (given["gc-on-unmount"] === true && store["backing-device"] === undefined) {
    refuseParameter("gc-on-unmount", "only supported on removable datastores");
  }
  const obsolete = REPLACED_BY_PRUNE_JOBS.find((option) => given[option] !== undefined);
  if (obsolete !== undefined) refuseParameter(obsolete, "datastore prune settings have been replaced by prune jobs");
  const notify = given.notify === "" ? { notify: undefined } : {};
  const values = changed(store, deleted, { ...given, ...trimmed(given.comment), ...notify });
  server.change((draft) => {
    draft.datastores = { ...draft.datastores, [String(name)]: { type: "datastore", values } };
  });
  return DONE;
}

/** Jobs and ACL entries go at once, the configuration when the worker has run; the data stays unless it is asked for. */
function remove({ state, caller, server, parameters }: Call): Answer {
  const name = String(parameters.name);
  checkDigest(parameters.digest, datastoresDigest(state));
  if (!Object.hasOwn(state.datastores, name)) throw new Refusal(404, `datastore '${name}' does not exist.`);
  const keepsJobs = parameters["keep-job-configs"] === true;
  if (!keepsJobs) {
    server.change((draft) => {
      for (const kind of ["verifyJobs", "syncJobs", "pruneJobs"] as const) {
        draft[kind] = Object.fromEntries(Object.entries(draft[kind]).filter(([, job]) => job.values.store !== name));
      }
      draft.acl = draft.acl.filter((entry) => !isWithin(entry.path.slice(1), `datastore/${name}`));
    });
  }
  const work = { name, "destroy-data": parameters["destroy-data"] === true };
  const upid = server.startTask(caller.authId, { type: "delete-datastore", id: name, work, durationMs: 0 });
  // The digest that stands beside is that of the last list the product read on its way, the empty one of its tape jobs.
  return keepsJobs ? { data: upid } : { data: upid, digest: digestOf({}) };
}

/** Each kind of backend has options of its own. */
function backendFault(value: string): string | undefined {
  const wrong = propertyFault(BACKEND, value, "type");
  if (wrong !== undefined) return typeof wrong === "string" ? wrong : parameterText(wrong);
  const options = readProperties(BACKEND, value, "type");
  if (options.type === "s3") {
    const missing = ["client", "bucket"].find((name) => options[name] === undefined);
    return missing === undefined ? undefined : `missing option ${missing}, required for backend type s3`;
  }
  const more = Object.keys(options).find((name) => name !== "type");
  return more === undefined ? undefined : `additional option ${more}, not allowed for backend type filesystem`;
}
