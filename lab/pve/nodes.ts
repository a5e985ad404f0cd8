import { DateTime, IANAZone } from "luxon";
import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { digestOf } from "./hypervisor";
import { perm } from "./permission";
import { refuse, refuseParameters } from "./refusal";
import { nodeResource, uptime } from "./resources";
import type { NodeState } from "./state";
import { DIGEST, NODE, text } from "./table";

const GIB = 1024 ** 3;
const VERSION = { version: "9.1.8", release: "9.1", repoid: "a8e257e1ad64dd92" };
const INTERFACE_TYPES =
  "bridge bond eth alias vlan fabric OVSBridge OVSBond OVSPort OVSIntPort vnet any_bridge any_local_bridge include_sdn".split(
    " ",
  );
const ADDRESS = text({ format: "ip" });

/** Nodes and their own settings. */
export function nodeEndpoints(): Endpoint[] {
  const audit = perm("/nodes/{node}", "Sys.Audit");
  const modify = perm("/nodes/{node}", "Sys.Modify");
  const node = { node: NODE };
  const indexes = [
    "certificates",
    "dns",
    "firewall",
    "hosts",
    "lxc",
    "network",
    "qemu",
    "scan",
    "status",
    "storage",
    "tasks",
    "time",
    "version",
    "vzdump",
  ];
  return [
    get("/version", "all", {}, () => VERSION),
    get("/nodes", "all", {}, listNodes),
    get("/nodes/{node}", "all", node, () => indexes.map((name) => ({ name }))),
    get("/nodes/{node}/version", "all", node, () => VERSION),
    get("/nodes/{node}/status", audit, node, nodeStatus),
    get("/nodes/{node}/time", audit, node, readTime),
    put("/nodes/{node}/time", modify, { ...node, timezone: text() }, (call) => {
      const zone = call.text("timezone");
      if (!IANAZone.isValidZone(zone)) refuseParameters({ timezone: "No such timezone" });
      change(call, (draft) => {
        draft.timezone = zone;
      });
    }),
    get("/nodes/{node}/dns", audit, node, (call) => nodeState(call).dns),
    put("/nodes/{node}/dns", modify, { ...node, search: text(), "dns1?": ADDRESS, "dns2?": ADDRESS, "dns3?": ADDRESS }, setDns),
    get("/nodes/{node}/hosts", perm("/", "Sys.Audit"), node, (call) => ({
      data: nodeState(call).hosts,
      digest: digestOf(nodeState(call).hosts),
    })),
    post("/nodes/{node}/hosts", perm("/nodes/{node}", "Sys.Modify"), { ...node, data: text(), "digest?": DIGEST }, setHosts),
    get("/nodes/{node}/certificates/info", "all", node, certificates),
    get("/nodes/{node}/network", "all", { ...node, "type?": text({ enum: INTERFACE_TYPES }) }, listNetwork),
    get("/nodes/{node}/subscription", "all", node, () => ({ status: "notfound", message: "There is no subscription key" })),
    del("/nodes/{node}/subscription", modify, node, () => null),
  ];
}

function nodeState(call: Call): NodeState {
  return call.pve.state.nodes[call.text("node")] ?? refuse(`no such cluster node '${call.text("node")}'`);
}

function change(call: Call, how: (draft: NodeState) => void): void {
  call.pve.update(({ nodes }) => {
    const node = nodes[call.text("node")];
    if (node !== undefined) how(node);
  });
}

function listNodes(call: Call): unknown {
  const { pve, caller } = call;
  return pve.seed.hypervisor.nodes.map(({ name }) => {
    const isAuditor = caller.has(`/nodes/${name}`, "Sys.Audit");
    const fingerprint = isAuditor ? { ssl_fingerprint: pve.fingerprint.toUpperCase() } : {};
    return { ...nodeResource(pve, name, isAuditor), ...fingerprint };
  });
}

function nodeStatus(call: Call): unknown {
  const { pve } = call;
  const node = pve.seed.hypervisor.nodes.find(({ name }) => name === call.text("node"));
  const cores = node?.cores ?? 1;
  const memory = (node?.memoryMiB ?? 0) * 1024 ** 2;
  return {
    uptime: uptime(pve),
    cpu: 0.01,
    wait: 0,
    idle: 0,
    loadavg: ["0.01", "0.02", "0.00"],
    pveversion: `pve-manager/${VERSION.version}/${VERSION.repoid}`,
    kversion: "Linux 6.17.2-1-pve #1 SMP PREEMPT_DYNAMIC PMX 6.17.2-1",
    "current-kernel": {
      sysname: "Linux",
      release: "6.17.2-1-pve",
      version: "#1 SMP PREEMPT_DYNAMIC PMX 6.17.2-1",
      machine: "x86_64",
    },
    "boot-info": { mode: "efi", secureboot: 0 },
    cpuinfo: { cores, cpus: cores, sockets: 1, model: "QEMU Virtual CPU", mhz: "2400.000", hvm: "1", flags: "", user_hz: 100 },
    memory: { total: memory, used: 2 * GIB, free: memory - 2 * GIB, available: memory - 2 * GIB },
    swap: { total: 0, used: 0, free: 0 },
    rootfs: { total: 100 * GIB, used: 10 * GIB, free: 90 * GIB, avail: 85 * GIB },
    ksm: { shared: 0 },
  };
}

function readTime(call: Call): unknown {
  const { timezone } = nodeState(call);
  const time = call.pve.seconds();
  return { time, localtime: time + DateTime.fromSeconds(time, { zone: timezone }).offset * 60, timezone };
}

/** The whole file is written anew: what is not given is gone. */
function setDns(call: Call): void {
  change(call, (draft) => {
    draft.dns = { search: call.text("search") };
    for (const name of ["dns1", "dns2", "dns3"]) {
      const address = call.maybe(name);
      if (address !== undefined) draft.dns[name] = address;
    }
  });
}

function setHosts(call: Call): void {
  if (call.has("digest") && call.text("digest") !== digestOf(nodeState(call).hosts)) {
    refuse("detected modified configuration - file changed by other user? Try again.");
  }
  change(call, (draft) => {
    draft.hosts = call.text("data");
  });
}

function certificates(call: Call): unknown {
  const node = call.pve.seed.hypervisor.nodes.find(({ name }) => name === call.text("node"));
  const notbefore = Math.floor(call.pve.bootedAt / 1000) - 86400;
  const common = { notbefore, notafter: notbefore + 730 * 86400, "public-key-type": "rsaEncryption", "public-key-bits": 2048 };
  return [
    {
      ...common,
      filename: "pve-ssl.pem",
      fingerprint: call.pve.fingerprint.toUpperCase(),
      subject: `/OU=PVE Cluster Node/O=Proxmox Virtual Environment/CN=${node?.name}.local`,
      issuer: "/CN=Proxmox Virtual Environment/OU=lab/O=PVE Cluster Manager CA",
      san: ["127.0.0.1", "localhost", node?.address, node?.name],
    },
  ];
}

function listNetwork(call: Call): unknown {
  const node = call.pve.seed.hypervisor.nodes.find(({ name }) => name === call.text("node"));
  const interfaces = [
    { iface: "nic0", type: "eth", exists: 1, active: 1, method: "manual", method6: "manual", families: ["inet"], priority: 2 },
    {
      iface: "vmbr0",
      type: "bridge",
      active: 1,
      autostart: 1,
      method: "static",
      method6: "manual",
      families: ["inet"],
      address: node?.address,
      netmask: "24",
      cidr: `${node?.address}/24`,
      bridge_ports: "nic0",
      bridge_stp: "off",
      bridge_fd: "0",
      priority: 3,
    },
  ];
  const type = call.maybe("type");
  return interfaces.filter((one) => type === undefined || one.type === type || (type === "any_bridge" && one.type === "bridge"));
}
