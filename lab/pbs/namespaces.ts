import type { Answer, Call } from "./call";
import { type ChunkStore, depthOf, isWithin, namespacePath, parentOf } from "./chunk-store";
import { changeContent, storeContent } from "./content";
import type { Endpoint } from "./endpoint";
import { Refusal, refuse } from "./refusal";
import { boolean, optional, required } from "./schema";
import { namespace, namespaceDepth, namespacePart, objectId } from "./types";

const DEEPEST = 7;
const VISIBLE = ["Datastore.Modify", "Datastore.Read", "Datastore.Backup", "Datastore.Audit"] as const;

export const namespaceEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/admin/datastore/:store/namespace",
    permission: "anybody",
    parameters: { store: required(objectId), parent: optional(namespace), "max-depth": optional(namespaceDepth) },
    run: list,
  },
  {
    method: "POST",
    path: "/admin/datastore/:store/namespace",
    permission: "anybody",
    parameters: { store: required(objectId), name: required(namespacePart), parent: optional(namespace) },
    run: create,
  },
  {
    method: "DELETE",
    path: "/admin/datastore/:store/namespace",
    permission: "anybody",
    parameters: {
      store: required(objectId),
      ns: required(namespace),
      "delete-groups": optional(boolean),
      "error-on-protected": optional(boolean),
    },
    run: remove,
  },
];

/** The namespaces from `parent` down, itself included, that the caller may see. */
function list({ state, caller, parameters }: Call): Answer {
  const store = String(parameters.store);
  const parent = String(parameters.parent ?? "");
  const depth = Number(parameters["max-depth"] ?? DEEPEST);
  const mayEnter = caller.hasAny(namespacePath(store, parent), ...VISIBLE);
  const { namespaces } = storeContent(state, store, "read");
  if (parent !== "" && !namespaces.includes(parent)) {
    if (!mayEnter) throw new Refusal(403, "permission check failed");
    refuse("No such file or directory (os error 2)");
  }
  const data = ["", ...namespaces]
    .filter((ns) => isWithin(ns, parent) && depthOf(ns) - depthOf(parent) <= depth)
    .filter((ns) => caller.hasAny(namespacePath(store, ns), ...VISIBLE))
    .map((ns) => ({ ns }));
  if (data.length === 0 && !mayEnter) throw new Refusal(403, "permission check failed");
  return { data };
}

/** Creating one that exists is no fault. */
function create({ state, caller, server, parameters }: Call): Answer {
  const store = String(parameters.store);
  const parent = String(parameters.parent ?? "");
  const name = String(parameters.name);
  const ns = parent === "" ? name : `${parent}/${name}`;
  if (depthOf(ns) > DEEPEST) refuse(`namespace too deep, ${depthOf(parent)} >= max ${DEEPEST}`);
  caller.checkNamespace(namespacePath(store, parent), "Datastore.Modify");
  const { namespaces } = storeContent(state, store, "write");
  if (parent !== "" && !namespaces.includes(parent))
    refuse(`cannot create new namespace, parent ${parent} doesn't already exists`);
  if (!namespaces.includes(ns)) {
    server.change((draft) =>
      changeContent(draft, store, (content) => ({ ...content, namespaces: [...content.namespaces, ns].sort() })),
    );
  }
  return { data: ns };
}

/** Removes the namespace with all below it, as far as they are empty or `delete-groups` is given. */
function remove({ state, caller, server, parameters }: Call): Answer {
  const store = String(parameters.store);
  const ns = String(parameters.ns);
  if (ns === "") refuse("Cannot create/delete root namespace!");
  caller.checkNamespace(namespacePath(store, parentOf(ns)), "Datastore.Modify");
  const content = storeContent(state, store, "write");
  if (!content.namespaces.includes(ns)) refuse("No such file or directory (os error 2)");
  const deletesGroups = parameters["delete-groups"] === true;
  const { left, stats } = removed(content, ns, deletesGroups);
  server.change((draft) => changeContent(draft, store, () => left));
  const isLeft = left.groups.some((group) => isWithin(group.ns, ns));
  if (isLeft && parameters["error-on-protected"] !== false) {
    refuse(
      deletesGroups
        ? "group only partially deleted due to protected snapshots"
        : "only partially deleted due to existing groups but `delete-groups` not true",
    );
  }
  return { data: stats };
}

function removed(content: ChunkStore, ns: string, deletesGroups: boolean) {
  const doomed = deletesGroups ? content.groups.filter((group) => isWithin(group.ns, ns)) : [];
  const kept = doomed
    .map((group) => ({ ...group, snapshots: group.snapshots.filter((snapshot) => snapshot.protected) }))
    .filter((group) => group.snapshots.length > 0);
  const groups = [...content.groups.filter((group) => !doomed.includes(group)), ...kept];
  const namespaces = content.namespaces.filter(
    (other) => !isWithin(other, ns) || groups.some((group) => isWithin(group.ns, other)),
  );
  const count = (list: typeof doomed) => list.reduce((sum, group) => sum + group.snapshots.length, 0);
  const stats = {
    "protected-snapshots": count(kept),
    "removed-groups": doomed.length - kept.length,
    "removed-snapshots": count(doomed) - count(kept),
  };
  return { left: { namespaces, groups }, stats };
}
