import { storedContainer } from "./container-config";
import { CONTAINER, CONTAINER_CARD } from "./container-table";
import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { createGuest } from "./guest-birth";
import { resizeDisk } from "./guest-resize";
import { checkGuestDigest, checkMayCreate, checkProtection, existingGuest, shownConfig, workOf } from "./guests";
import { anyOf, perm } from "./permission";
import { type Property, parsePropertyString, type Values } from "./property";
import { refuse, refuseParameters } from "./refusal";
import { restoreContainer } from "./restore";
import { DELETE, flag, NODE, number, STORAGE_ID, table, text, VMID } from "./table";
import { startWorker } from "./workers";

const GUEST = { node: NODE, vmid: VMID };
const ONE = "/nodes/{node}/lxc/{vmid}";
const DIGEST = text({ maxLength: 40 });
const CREATE_ONLY: Readonly<Record<string, Property>> = {
  ostemplate: text({ maxLength: 255 }),
  "bwlimit?": number({ minimum: 0 }),
  "force?": flag(),
  "ha-managed?": flag(),
  "ignore-unpack-errors?": flag(),
  "password?": text({ minLength: 5 }),
  "pool?": text({ format: "pve-poolid" }),
  "restore?": flag(),
  "ssh-public-keys?": text(),
  "start?": flag(),
  "storage?": STORAGE_ID,
  "unique?": flag({ requires: "restore" }),
};
const SETTINGS = table(CONTAINER);
const MOUNT = text({ enum: ["rootfs", ...Object.keys(SETTINGS).filter((name) => /^mp\d+$/.test(name))] });
const CONFIGURE = anyOf(
  "/vms/{vmid}",
  "VM.Config.Disk",
  "VM.Config.CPU",
  "VM.Config.Memory",
  "VM.Config.Network",
  "VM.Config.Options",
);

/** Containers: creation, settings, disks, end. */
export function lxcEndpoints(): Endpoint[] {
  const audit = perm("/vms/{vmid}", "VM.Audit");
  const resize = { ...GUEST, disk: MOUNT, size: text({ pattern: "\\+?\\d+(\\.\\d+)?[KMGT]?" }), "digest?": DIGEST };
  return [
    post("/nodes/{node}/lxc", "all", { ...GUEST, ...CONTAINER, ...CREATE_ONLY }, createContainer),
    get(
      `${ONE}/config`,
      audit,
      { ...GUEST, "current?": flag(), "snapshot?": text({ format: "pve-configid", maxLength: 40 }) },
      (call) => shownConfig(existingGuest(call.pve.state, call, "lxc").config),
    ),
    put(
      `${ONE}/config`,
      CONFIGURE,
      { ...GUEST, ...CONTAINER, "delete?": DELETE, "digest?": DIGEST, "revert?": DELETE },
      changeContainer,
    ),
    put(`${ONE}/resize`, anyOf("/vms/{vmid}", "VM.Config.Disk"), resize, (call) => resizeDisk(call, "lxc")),
    get(`${ONE}/interfaces`, audit, GUEST, listInterfaces),
    del(
      ONE,
      perm("/vms/{vmid}", "VM.Allocate"),
      { ...GUEST, "destroy-unreferenced-disks?": flag(), "purge?": flag(), "force?": flag() },
      destroyContainer,
    ),
  ];
}

function settingsOf(call: Call): Values {
  return Object.fromEntries(Object.entries(call.values).filter(([name]) => SETTINGS[name] !== undefined));
}

function createContainer(call: Call): string {
  const vmid = call.text("vmid");
  const existing = call.pve.state.guests[vmid];
  const overwrites = call.flag("restore") && call.flag("force") && existing?.kind === "lxc";
  if (existing !== undefined && !overwrites)
    refuse(`${existing.kind === "qemu" ? "VM" : "CT"} ${vmid} already exists on node '${existing.node}'`);
  checkMayCreate(call);
  if (call.flag("restore")) return restoreContainer(call, settingsOf(call));
  const config = storedContainer(
    call.pve.state,
    vmid,
    { rootfs: `${call.maybe("storage") ?? "local"}:4`, ...settingsOf(call) },
    {},
  );
  const unprivileged = call.flag("unprivileged") === false ? 0 : 1;
  return createGuest(call, "lxc", { arch: "amd64", ostype: "debian", ...config, unprivileged });
}

function changeContainer(call: Call): void {
  const vmid = call.text("vmid");
  call.pve.update((draft) => {
    const guest = existingGuest(draft, call, "lxc");
    checkGuestDigest(call, guest);
    const settings = settingsOf(call);
    const gone = call.items("delete");
    if (Object.keys(settings).length + gone.length + call.items("revert").length === 0) refuse("no options specified");
    for (const name of gone) {
      if (SETTINGS[name] === undefined) refuseParameters({ delete: `unknown option '${name}'` });
      if (name === "rootfs" || name === "unprivileged") refuse(`unable to delete required option '${name}'`);
      delete guest.config[name];
    }
    if (call.has("unprivileged")) refuse(`unable to modify read-only option: 'unprivileged'`);
    Object.assign(guest.config, storedContainer(draft, vmid, settings, guest.config));
  });
}

/** What a running container says of its cards; an address by DHCP is one of the range for documentation. */
function listInterfaces(call: Call): unknown {
  const { config, status } = existingGuest(call.pve.state, call, "lxc");
  if (status !== "running") return null;
  const cards = Object.entries(config).filter(([name]) => /^net\d+$/.test(name));
  const own = cards.map(([key, value]) => {
    const { name = key, hwaddr = "", ip = "manual" } = parsePropertyString(CONTAINER_CARD, String(value));
    const address = ip === "dhcp" ? `192.0.2.${(Number(call.text("vmid")) % 250) + 2}/24` : ip;
    return nic(name, hwaddr, address === "manual" ? [] : [address]);
  });
  return [nic("lo", "00:00:00:00:00:00", ["127.0.0.1/8"]), ...own];
}

function nic(name: string, mac: string, addresses: readonly string[]): Record<string, unknown> {
  const parts = addresses.map((address) => address.split("/"));
  return {
    name,
    hwaddr: mac,
    "hardware-address": mac,
    "ip-addresses": parts.map(([address, prefix]) => ({
      "ip-address": address,
      prefix: Number(prefix),
      "ip-address-type": "inet",
    })),
    ...(addresses[0] === undefined ? {} : { inet: addresses[0] }),
  };
}

function destroyContainer(call: Call): string {
  const vmid = call.text("vmid");
  const guest = existingGuest(call.pve.state, call, "lxc");
  checkProtection(guest, `can't remove CT ${vmid}`);
  if (guest.status === "running" && !call.flag("force")) refuse(`unable to destroy CT ${vmid} - container is running`);
  return startWorker(call.pve, workOf(call, "vzdestroy"), [], {
    kind: "guest-destroyed",
    vmid,
    purge: call.flag("purge") === true,
  });
}
