import { splitPath } from "./acl-tree";
import type { Answer, Call } from "./call";
import type { Caller } from "./caller";
import { type ChunkStore, namespacePath } from "./chunk-store";
import { storeContent } from "./content";
import type { Endpoint } from "./endpoint";
import { Refusal } from "./refusal";
import { boolean, optional, required, type Values } from "./schema";
import { valuesOf } from "./sections";
import type { PbsState } from "./state";
import { objectId } from "./types";

const GIB = 1024 ** 3;
/** Size of every disk of the lab. */
const TOTAL = 1024 * GIB;
const RESERVED = 8 * GIB;
const VISIBLE = ["Datastore.Modify", "Datastore.Read", "Datastore.Backup", "Datastore.Audit"] as const;

export const datastoreStatusEndpoints: readonly Endpoint[] = [
  { method: "GET", path: "/admin/datastore", permission: "anybody", parameters: {}, run: list },
  {
    method: "GET",
    path: "/admin/datastore/:store/status",
    permission: "anybody",
    parameters: { store: required(objectId), verbose: optional(boolean) },
    run: status,
  },
  { method: "GET", path: "/status/datastore-usage", permission: "anybody", parameters: {}, run: usage },
];

/** Whether a caller sees that a datastore exists: rights on it, or on a namespace of it. */
export function isListed(caller: Caller, store: string, state: Readonly<PbsState>): boolean {
  return caller.hasAny(["datastore", store], "Datastore.Audit", "Datastore.Backup") || hasRightsWithin(caller, store, state);
}

function hasRightsWithin(caller: Caller, store: string, state: Readonly<PbsState>): boolean {
  const below = state.acl.map((entry) => entry.path).filter((path) => path.startsWith(`/datastore/${store}/`));
  return ["", ...below].some((path) => caller.hasAny(path === "" ? namespacePath(store, "") : splitPath(path), ...VISIBLE));
}

function list({ state, caller }: Call): Answer {
  const stores = valuesOf(state.datastores, "datastore").filter((config) => isListed(caller, String(config.name), state));
  return { data: stores.map((config) => listItem(config, caller)) };
}

function listItem(config: Values, caller: Caller) {
  const allowed = caller.hasAny(["datastore", String(config.name)], "Datastore.Audit", "Datastore.Backup");
  const mode = config["maintenance-mode"];
  return {
    store: config.name,
    comment: allowed ? (config.comment ?? null) : null,
    "mount-status": "nonremovable",
    ...(mode === undefined ? {} : { maintenance: mode }),
    "backend-type": "filesystem",
  };
}

function status({ state, caller, parameters }: Call): Answer {
  const store = String(parameters.store);
  const seesSpace = caller.hasAny(["datastore", store], "Datastore.Audit", "Datastore.Backup");
  if (!seesSpace && !hasRightsWithin(caller, store, state)) throw new Refusal(403, "permission check failed");
  const content = storeContent(state, store, "read");
  return { data: { ...(seesSpace ? space(content) : { avail: 0, total: 0, used: 0 }), "backend-type": "filesystem" } };
}

function usage({ state, caller }: Call): Answer {
  const stores = valuesOf(state.datastores, "datastore").filter((config) => isListed(caller, String(config.name), state));
  const data = stores.map((config) => {
    const store = String(config.name);
    const seesSpace = caller.hasAny(["datastore", store], "Datastore.Audit", "Datastore.Backup");
    const numbers = seesSpace ? space(storeContent(state, store, "read")) : {};
    return { store, ...numbers, "mount-status": "nonremovable", "backend-type": "filesystem" };
  });
  return { data };
}

function space({ groups }: ChunkStore): { avail: number; total: number; used: number } {
  const files = groups.flatMap((group) => group.snapshots.flatMap((snapshot) => snapshot.files));
  const used = RESERVED + files.reduce((sum, file) => sum + file.size, 0);
  return { avail: TOTAL - used, total: TOTAL, used };
}
