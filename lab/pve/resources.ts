import { type Call, type Endpoint, get } from "./endpoint";
import { splitList } from "./formats";
import { guestStats, NO_TRAFFIC } from "./guest-stats";
import type { Hypervisor } from "./hypervisor";
import { perm } from "./permission";
import { refuseParameters } from "./refusal";
import { text, VMID } from "./table";
import { listClusterTasks } from "./tasks";

const GIB = 1024 ** 3;

/** What the cluster consists of. */
export function clusterEndpoints(): Endpoint[] {
  const indexes = ["backup", "backup-info", "firewall", "notifications", "nextid", "resources", "status", "tasks"];
  return [
    get("/cluster", "all", {}, () => indexes.map((name) => ({ name }))),
    get("/cluster/resources", "all", { "type?": text({ enum: ["vm", "storage", "node", "sdn"] }) }, listResources),
    get("/cluster/status", perm("/", "Sys.Audit"), {}, clusterStatus),
    get("/cluster/nextid", "all", { "vmid?": VMID }, nextId),
    get("/cluster/tasks", "all", {}, listClusterTasks),
    get("/cluster/options", perm("/", "Sys.Audit"), {}, () => ({ keyboard: "en-us" })),
  ];
}

/** A guest as the resource list shows it: little is known before the status service has seen it. */
export function guestResource(pve: Hypervisor, vmid: string): Record<string, unknown> {
  const guest = pve.state.guests[vmid];
  if (guest === undefined) return {};
  const tags = guest.config.tags === undefined ? {} : { tags: guest.config.tags };
  const known = { id: `${guest.kind}/${vmid}`, vmid: Number(vmid), node: guest.node, type: guest.kind, ...tags };
  if (guest.knownFrom > pve.now()) return { ...known, status: "unknown" };
  const { cpus, tags: _, ...stats } = guestStats(pve, vmid, guest);
  const host = guest.kind === "qemu" ? { memhost: stats.mem } : {};
  return { ...known, ...stats, maxcpu: cpus, cpu: 0, disk: 0, diskread: 0, diskwrite: 0, ...NO_TRAFFIC, ...host };
}

/** A storage as one node sees it. */
export function storageResource(pve: Hypervisor, id: string, node: string): Record<string, unknown> {
  const storage = pve.state.storages[id];
  return {
    id: `storage/${node}/${id}`,
    storage: id,
    node,
    type: "storage",
    plugintype: storage?.type,
    status: "available",
    shared: storage?.shared ?? 0,
    content: storage?.content,
    maxdisk: 100 * GIB,
    disk: 10 * GIB,
  };
}

/** A node with what it is made of. */
export function nodeResource(pve: Hypervisor, name: string, isDetailed: boolean): Record<string, unknown> {
  const node = pve.seed.hypervisor.nodes.find((one) => one.name === name);
  const size = { maxcpu: node?.cores, maxmem: (node?.memoryMiB ?? 0) * 1024 ** 2, maxdisk: 100 * GIB };
  const load = { uptime: uptime(pve), cpu: 0.01, mem: 2 * GIB, disk: 10 * GIB };
  return {
    id: `node/${name}`,
    node: name,
    type: "node",
    status: "online",
    level: "",
    ...(isDetailed ? { ...size, ...load } : {}),
  };
}

/** Seconds since the device was started. */
export function uptime(pve: Hypervisor): number {
  return Math.floor((pve.now() - pve.bootedAt) / 1000) + 3600;
}

function listResources(call: Call): unknown {
  const { pve, caller } = call;
  const type = call.maybe("type");
  const wants = (one: string) => type === undefined || type === one;
  const { pools, guests, storages } = pve.state;
  const ofPools = Object.keys(pools).filter((name) => type === undefined && caller.has(`/pool/${name}`, "Pool.Audit"));
  const ofGuests = Object.keys(guests).filter((vmid) => wants("vm") && caller.has(`/vms/${vmid}`, "VM.Audit"));
  const nodes = pve.seed.hypervisor.nodes.map(({ name }) => name);
  const ofStorages = Object.entries(storages).filter(
    ([id]) => wants("storage") && caller.hasAny(`/storage/${id}`, "Datastore.Audit"),
  );
  return [
    ...ofPools.sort().map((pool) => ({ id: `/pool/${pool}`, pool, type: "pool" })),
    ...ofGuests.map((vmid) => ({ ...guestResource(pve, vmid), ...poolOf(pve, vmid) })),
    ...nodes.filter(() => wants("node")).map((name) => nodeResource(pve, name, caller.has(`/nodes/${name}`, "Sys.Audit"))),
    ...nodes.flatMap((node) =>
      ofStorages
        .filter(([, storage]) => storage.nodes === undefined || splitList(String(storage.nodes)).includes(node))
        .map(([id]) => storageResource(pve, id, node)),
    ),
  ];
}

function poolOf(pve: Hypervisor, vmid: string): { pool?: string } {
  const found = Object.entries(pve.state.pools).find(([, { vms }]) => vms.includes(Number(vmid)));
  return found === undefined ? {} : { pool: found[0] };
}

/** A single node has no cluster to tell about. */
function clusterStatus({ pve }: Call): unknown {
  const { nodes } = pve.seed.hypervisor;
  const entries = nodes.map(({ name, address }, index) => ({
    type: "node",
    id: `node/${name}`,
    name,
    ip: address,
    local: name === pve.nodeName ? 1 : 0,
    nodeid: nodes.length === 1 ? 0 : index + 1,
    online: 1,
    level: "",
  }));
  if (nodes.length === 1) return entries;
  return [{ type: "cluster", id: "cluster", name: "lab", nodes: nodes.length, version: nodes.length, quorate: 1 }, ...entries];
}

function nextId(call: Call): string {
  const { guests } = call.pve.state;
  const asked = call.maybe("vmid");
  if (asked !== undefined) {
    if (guests[asked] !== undefined) refuseParameters({ vmid: `VM ${asked} already exists` });
    return asked;
  }
  let id = 100;
  while (guests[String(id)] !== undefined) id += 1;
  return String(id);
}
