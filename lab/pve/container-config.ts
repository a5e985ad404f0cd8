import { CONTAINER, CONTAINER_CARD, MOUNT_POINT } from "./container-table";
import { imageStorage, nextDisk } from "./guest-config";
import { sizeText } from "./guest-disks";
import { macAddress } from "./initial-state";
import { type Properties, parsePropertyString, type Values } from "./property";
import { printPropertyString } from "./property-string";
import type { Guest, PveState } from "./state";
import { optionalAll, table } from "./table";

const SETTINGS: Properties = table(CONTAINER);
// The root has no place of its own to be mounted at.
const MOUNT: Properties = optionalAll(MOUNT_POINT);

/**
 * A container's settings as the product stores them: numbers as numbers, new disks (`storage:GiB`) allocated, cards with an
 * address.
 * @param before what is set already; its disks count for the names of new ones
 */
export function storedContainer(
  state: Readonly<PveState>,
  vmid: string,
  values: Values,
  before: Guest["config"],
): Guest["config"] {
  const config: Guest["config"] = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== "string") continue;
    if (/^(rootfs|mp\d+)$/.test(name)) config[name] = mount(state, vmid, value, { ...before, ...config });
    else if (/^net\d+$/.test(name)) config[name] = card(value, Number(vmid) * 100 + Number(name.slice(3)));
    // Kept as comment lines, each read back with its line feed.
    else if (name === "description" && value !== "") config[name] = `${value.replace(/\n$/, "")}\n`;
    else if (value !== "") config[name] = SETTINGS[name]?.type === "string" ? value : Number(value);
  }
  return config;
}

function mount(state: Readonly<PveState>, vmid: string, value: string, config: Guest["config"]): string {
  const { volume = "", ...options } = parsePropertyString(MOUNT, value);
  const [, storage = "", size] = /^([a-z][a-z0-9\-_.]*):(\d+(?:\.\d+)?)$/i.exec(volume) ?? [];
  if (size === undefined) return printPropertyString(MOUNT, { volume, ...options });
  imageStorage(state, storage);
  const allocated = `${storage}:${vmid}/vm-${vmid}-disk-${nextDisk(config, storage, vmid)}.raw`;
  return printPropertyString(MOUNT, { ...options, volume: allocated, size: sizeText(Math.floor(Number(size) * 1024 ** 3)) });
}

function card(value: string, seed: number): string {
  return printPropertyString(CONTAINER_CARD, {
    hwaddr: macAddress(seed),
    type: "veth",
    ...parsePropertyString(CONTAINER_CARD, value),
  });
}
