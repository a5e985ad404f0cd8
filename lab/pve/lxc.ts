import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { createGuest } from "./guest-birth";
import { imageStorage, nextDisk } from "./guest-config";
import { sizeText } from "./guest-disks";
import { resizeDisk } from "./guest-resize";
import { checkGuestDigest, checkMayCreate, checkProtection, existingGuest, shownConfig, workOf } from "./guests";
import { macAddress } from "./initial-state";
import { anyOf, perm } from "./permission";
import type { Property, Values } from "./property";
import { numbered } from "./qemu-table";
import { refuse, refuseParameters } from "./refusal";
import { restoreContainer } from "./restore";
import type { Guest, PveState } from "./state";
import { DELETE, flag, integer, NODE, number, STORAGE_ID, table, text, VMID } from "./table";
import { startWorker } from "./workers";

const GUEST = { node: NODE, vmid: VMID };
const ONE = "/nodes/{node}/lxc/{vmid}";
const DIGEST = text({ maxLength: 40 });
const LOCKS = "backup create destroyed disk fstrim migrate mounted rollback snapshot snapshot-delete".split(" ");
const SYSTEMS = "debian devuan ubuntu centos fedora opensuse archlinux alpine gentoo nixos unmanaged".split(" ");

const CONTAINER: Readonly<Record<string, Property>> = {
  "arch?": text({ enum: ["amd64", "i386", "arm64", "armhf", "riscv32", "riscv64"] }),
  "cmode?": text({ enum: ["shell", "console", "tty"] }),
  "console?": flag(),
  "cores?": integer({ minimum: 1, maximum: 8192 }),
  "cpulimit?": number({ minimum: 0, maximum: 8192 }),
  "cpuunits?": integer({ minimum: 0, maximum: 500000 }),
  "debug?": flag(),
  "description?": text({ maxLength: 8192 }),
  ...numbered("dev", 255, text()),
  "entrypoint?": text(),
  "env?": text(),
  "features?": text(),
  "hookscript?": text({ format: "pve-volume-id" }),
  "hostname?": text({ format: "dns-name", maxLength: 255 }),
  "lock?": text({ enum: LOCKS }),
  "memory?": integer({ minimum: 16 }),
  ...numbered("mp", 255, text()),
  "nameserver?": text(),
  ...numbered("net", 31, text()),
  "onboot?": flag(),
  "ostype?": text({ enum: SYSTEMS }),
  "protection?": flag(),
  "rootfs?": text(),
  "searchdomain?": text({ format: "dns-name-list" }),
  "startup?": text({ format: "pve-startup-order" }),
  "swap?": integer({ minimum: 0 }),
  "tags?": text({ format: "pve-tag-list" }),
  "template?": flag(),
  "timezone?": text(),
  "tty?": integer({ minimum: 0, maximum: 6 }),
  "unprivileged?": flag(),
  ...numbered("unused", 255, text()),
};
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
    get(`${ONE}/interfaces`, audit, GUEST, (call) => {
      existingGuest(call.pve.state, call, "lxc");
      return [{ name: "lo", hwaddr: "00:00:00:00:00:00", inet: "127.0.0.1/8", inet6: "::1/128" }];
    }),
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
  const config = stored(call.pve.state, vmid, { rootfs: `${call.maybe("storage") ?? "local"}:8`, ...settingsOf(call) }, {});
  const unprivileged = call.flag("unprivileged") === false ? 0 : 1;
  return createGuest(call, "lxc", { arch: "amd64", ostype: "debian", ...config, unprivileged });
}

/** New disks (`storage:GiB`) are allocated, cards get an address. */
function stored(state: Readonly<PveState>, vmid: string, values: Values, before: Guest["config"]): Guest["config"] {
  const config: Guest["config"] = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== "string") continue;
    if (/^(rootfs|mp\d+)$/.test(name)) config[name] = mount(state, vmid, value, { ...before, ...config });
    else if (/^net\d+$/.test(name)) config[name] = card(value, Number(vmid) * 100 + Number(name.slice(3)));
    else if (value !== "") config[name] = SETTINGS[name]?.type === "string" ? value : Number(value);
  }
  return config;
}

function mount(state: Readonly<PveState>, vmid: string, value: string, config: Guest["config"]): string {
  const [first = "", ...options] = value.split(",");
  const [, storage = "", size] = /^(?:volume=)?([a-z][a-z0-9\-_.]*):(\d+(?:\.\d+)?)$/i.exec(first) ?? [];
  if (size === undefined) return value;
  imageStorage(state, storage);
  const others = options.filter((option) => !option.startsWith("size="));
  const volume = `${storage}:${vmid}/vm-${vmid}-disk-${nextDisk(config, storage, vmid)}.raw`;
  return [volume, ...others, `size=${sizeText(Math.floor(Number(size) * 1024 ** 3))}`].join(",");
}

function card(value: string, seed: number): string {
  const has = (key: string) => new RegExp(`(^|,)${key}=`).test(value);
  return [value, ...(has("hwaddr") ? [] : [`hwaddr=${macAddress(seed)}`]), ...(has("type") ? [] : ["type=veth"])].join(",");
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
    Object.assign(guest.config, stored(draft, vmid, settings, guest.config));
  });
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
