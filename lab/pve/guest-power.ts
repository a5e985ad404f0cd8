import { type Call, type Endpoint, get, post } from "./endpoint";
import { guestStats, NO_TRAFFIC } from "./guest-stats";
import { existingGuest, type GuestKind, rootOnly, workOf } from "./guests";
import { perm } from "./permission";
import type { Property } from "./property";
import { refuse } from "./refusal";
import type { Guest } from "./state";
import { flag, integer, NODE, text, VMID } from "./table";
import { startWorker } from "./workers";

const GUEST = { node: NODE, vmid: VMID };
const TIMEOUT = integer({ minimum: 0 });
const POWER = perm("/vms/{vmid}", "VM.PowerMgmt");

interface Action {
  readonly name: string;
  /** The worker's type behind `qm` or `vz`. */
  readonly worker: string;
  readonly to: Guest["status"];
  readonly parameters: Readonly<Record<GuestKind, Readonly<Record<string, Property>>>>;
}

const STOP = { "skiplock?": flag(), "overrule-shutdown?": flag() };
const START_VM = {
  "skiplock?": flag(),
  "stateuri?": text({ maxLength: 128 }),
  "migratedfrom?": NODE,
  "migration_type?": text({ enum: ["secure", "insecure"] }),
  "migration_network?": text({ format: "CIDR" }),
  "machine?": text(),
  "force-cpu?": text(),
  "targetstorage?": text(),
  "timeout?": TIMEOUT,
  "with-conntrack-state?": flag(),
  "nets-host-mtu?": text({ pattern: "net\\d+=\\d+(,net\\d+=\\d+)*" }),
};
const ROOT_ONLY = [
  "skiplock",
  "stateuri",
  "migratedfrom",
  "migration_type",
  "migration_network",
  "targetstorage",
  "force-cpu",
  "with-conntrack-state",
  "nets-host-mtu",
];

const ACTIONS: readonly Action[] = [
  {
    name: "start",
    worker: "start",
    to: "running",
    parameters: { qemu: START_VM, lxc: { "skiplock?": flag(), "debug?": flag() } },
  },
  {
    name: "stop",
    worker: "stop",
    to: "stopped",
    parameters: { qemu: { ...STOP, "timeout?": TIMEOUT, "keepActive?": flag(), "migratedfrom?": NODE }, lxc: STOP },
  },
  {
    name: "shutdown",
    worker: "shutdown",
    to: "stopped",
    parameters: {
      qemu: { "skiplock?": flag(), "timeout?": TIMEOUT, "forceStop?": flag(), "keepActive?": flag() },
      lxc: { "timeout?": TIMEOUT, "forceStop?": flag() },
    },
  },
  {
    name: "reboot",
    worker: "reboot",
    to: "running",
    parameters: { qemu: { "timeout?": TIMEOUT }, lxc: { "timeout?": TIMEOUT } },
  },
];

/** Lists, state and power of guests. */
export function guestPowerEndpoints(): Endpoint[] {
  const audit = perm("/vms/{vmid}", "VM.Audit");
  return (["qemu", "lxc"] as const).flatMap((kind) => {
    const one = `/nodes/{node}/${kind}/{vmid}`;
    const list: Readonly<Record<string, Property>> = kind === "qemu" ? { node: NODE, "full?": flag() } : { node: NODE };
    return [
      get(`/nodes/{node}/${kind}`, "all", list, (call) => listGuests(call, kind)),
      get(one, "all", GUEST, () => ["config", "status", "firewall"].map((subdir) => ({ subdir }))),
      get(`${one}/status`, "all", GUEST, () => ["current", ...ACTIONS.map(({ name }) => name)].map((subdir) => ({ subdir }))),
      get(`${one}/status/current`, audit, GUEST, (call) => currentStatus(call, kind)),
      ...ACTIONS.map((action) =>
        post(`${one}/status/${action.name}`, POWER, { ...GUEST, ...action.parameters[kind] }, (call) => act(call, kind, action)),
      ),
    ];
  });
}

function listGuests(call: Call, kind: GuestKind): unknown {
  return Object.entries(call.pve.state.guests)
    .filter(
      ([vmid, guest]) => guest.kind === kind && guest.node === call.text("node") && call.caller.has(`/vms/${vmid}`, "VM.Audit"),
    )
    .map(([vmid, guest]) => listed(call, vmid, guest));
}

function listed(call: Call, vmid: string, guest: Guest): Record<string, unknown> {
  const { template, ...stats } = guestStats(call.pve, vmid, guest);
  const isVm = guest.kind === "qemu";
  const running = stats.status === "running" ? { pid: 1000 + Number(vmid), diskread: 0, diskwrite: 0 } : {};
  return {
    vmid: Number(vmid),
    ...stats,
    cpu: 0,
    disk: 0,
    ...NO_TRAFFIC,
    ...(isVm
      ? { memhost: stats.mem }
      : { type: "lxc", swap: 0, maxswap: Number(guest.config.swap ?? 512) * 1024 ** 2, diskread: 0, diskwrite: 0 }),
    ...(template === 1 ? { template: 1 } : {}),
    ...running,
  };
}

function currentStatus(call: Call, kind: GuestKind): unknown {
  const guest = existingGuest(call.pve.state, call, kind);
  const vmid = call.text("vmid");
  const agent = /(^|,)(enabled=)?1(,|$)/.test(String(guest.config.agent ?? "")) ? { agent: 1 } : {};
  return { ...listed(call, vmid, guest), ha: { managed: 0 }, ...(kind === "qemu" ? { qmpstatus: guest.status, ...agent } : {}) };
}

function act(call: Call, kind: GuestKind, action: Action): string {
  rootOnly(call, ...ROOT_ONLY);
  const guest = existingGuest(call.pve.state, call, kind);
  const vmid = call.text("vmid");
  const noun = kind === "qemu" ? "VM" : "CT";
  if (action.name === "reboot" && guest.status === "stopped") refuse(`${noun} ${vmid} not running`);
  if (kind === "lxc" && action.name === "start" && guest.status === "running") refuse(`CT ${vmid} already running`);
  if (kind === "lxc" && action.to === "stopped" && guest.status === "stopped") refuse(`CT ${vmid} not running`);
  const failure = kind === "qemu" && action.name === "start" && guest.status === "running" ? `VM ${vmid} already running` : "OK";
  const work = workOf(call, `${kind === "qemu" ? "qm" : "vz"}${action.worker}`);
  return startWorker(
    call.pve,
    work,
    [],
    failure === "OK" ? { kind: "guest-status", vmid, status: action.to } : undefined,
    failure,
  );
}
