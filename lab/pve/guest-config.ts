import { randomUUID } from "node:crypto";
import { sizeText } from "./guest-disks";
import { macAddress } from "./initial-state";
import { type Properties, parsePropertyString, type Values } from "./property";
import { printPropertyString } from "./property-string";
import { CARD, DRIVE } from "./qemu-table";
import { refuse } from "./refusal";
import type { PveState, StorageConfig } from "./state";
import { existingStorage } from "./storages";

type Config = Record<string, string | number>;

const VM_DISK = /^(ide|sata|scsi|virtio|efidisk|tpmstate)\d+$/;
const GIB = 1024 ** 3;

/**
 * A guest's settings as the product stores them: numbers as numbers, cards with an address, new disks allocated.
 * @param before what is set already; its disks count for the names of new ones
 */
export function storedConfig(
  state: Readonly<PveState>,
  properties: Properties,
  vmid: string,
  values: Values,
  before: Config = {},
): Config {
  const config: Config = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== "string") continue;
    const property = properties[name];
    if (VM_DISK.test(name)) config[name] = storedDrive(state, vmid, value, { ...before, ...config });
    else if (/^net\d+$/.test(name) && property?.format === CARD_FORMAT) config[name] = storedCard(value, cardSeed(vmid, name));
    else {
      // A description is kept as comment lines, of which the trailing white space goes.
      const text = name === "description" ? value.trimEnd() : value;
      if (text !== "") config[name] = property === undefined || property.type === "string" ? text : Number(text);
    }
  }
  return config;
}

const CARD_FORMAT: unknown = CARD;

function cardSeed(vmid: string, name: string): number {
  return Number(vmid) * 100 + Number(name.slice(3));
}

/** `virtio=BC:24:11:00:00:01,bridge=vmbr0`: model and address first, the rest by name. */
function storedCard(value: string, seed: number): string {
  const { model = "virtio", macaddr = macAddress(seed), ...rest } = parsePropertyString(CARD, value);
  const others = printPropertyString(CARD, rest);
  return `${model}=${macaddr}${others === "" ? "" : `,${others}`}`;
}

/** New cards get new addresses, as a restore with `unique` wants. */
export function withNewAddresses(config: Config, vmid: string): Config {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => {
      if (!/^net\d+$/.test(name)) return [name, value];
      return [name, String(value).replace(/([0-9A-F]{2}:){5}[0-9A-F]{2}/i, macAddress(cardSeed(vmid, name) + 7919))];
    }),
  );
}

function storedDrive(state: Readonly<PveState>, vmid: string, value: string, config: Config): string {
  const { file = "", format, "import-from": source, ...rest } = parsePropertyString(DRIVE, value);
  const [, storageId = "", size] = /^([a-z][a-z0-9\-_.]*):(\d+(?:\.\d+)?|cloudinit)$/i.exec(file) ?? [];
  if (size === undefined)
    return printPropertyString(DRIVE, { ...(format === undefined ? {} : { format }), ...rest, ...knownSize(config, file), file });
  const storage = imageStorage(state, storageId);
  const isCloudInit = size === "cloudinit";
  const suffix = storage.path === undefined ? "" : `.${isCloudInit ? "qcow2" : (format ?? "raw")}`;
  const name = isCloudInit ? `vm-${vmid}-cloudinit` : `vm-${vmid}-disk-${nextDisk(config, storageId, vmid)}`;
  const volume = `${storageId}:${storage.path === undefined ? "" : `${vmid}/`}${name}${suffix}`;
  if (isCloudInit) return printPropertyString(DRIVE, { file: volume, media: "cdrom", ...rest });
  const bytes = source === undefined ? Number(size) * GIB : 2 * GIB;
  return printPropertyString(DRIVE, { ...rest, file: volume, size: sizeText(Math.floor(bytes)) });
}

/** The size of a disk that is there already, whatever a change says of it. */
function knownSize(config: Config, file: string): { size?: string } {
  const drive = Object.values(config).find((value) => String(value).split(",")[0] === file);
  const size = /(?:^|,)size=([^,]+)/.exec(String(drive ?? ""))?.[1];
  return size === undefined ? {} : { size };
}

/** @throws Refusal where the storage does not hold disks */
export function imageStorage(state: Readonly<PveState>, id: string): StorageConfig {
  const storage = existingStorage(state, id);
  const contents = String(storage.content).split(",");
  if (!contents.includes("images") && !contents.includes("rootdir")) {
    refuse(`storage '${id}' does not support content-type 'images'`);
  }
  return storage;
}

export function nextDisk(config: Config, storage: string, vmid: string): number {
  const text = JSON.stringify(config);
  let number = 0;
  while (text.includes(`${storage}:${vmid}/vm-${vmid}-disk-${number}`) || text.includes(`${storage}:vm-${vmid}-disk-${number}`))
    number += 1;
  return number;
}

/** What the product adds to every new virtual machine. @param seconds since 1970 */
export function generatedVmConfig(config: Config, seconds: number): Config {
  return {
    meta: `creation-qemu=10.1.2,ctime=${seconds}`,
    smbios1: `uuid=${randomUUID()}`,
    vmgenid: randomUUID(),
    boot: defaultBoot(config),
    ...config,
  };
}

function defaultBoot(config: Config): string {
  const disk = Object.keys(config).find((name) => /^(scsi|virtio|sata|ide)\d+$/.test(name));
  const card = Object.keys(config).find((name) => /^net\d+$/.test(name));
  return `order=${[disk, card].filter((name) => name !== undefined).join(";")}`;
}
