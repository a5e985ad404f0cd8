import type { Guest } from "./state";

/** A disk of a guest, as its configuration names it. */
export interface Disk {
  /** `scsi0`, `rootfs`. */
  readonly key: string;
  /** `vmdata:101/vm-101-disk-0.raw`. */
  readonly volume: string;
  readonly options: Readonly<Record<string, string>>;
}

const VM_DISK = /^(ide|sata|scsi|virtio|efidisk|tpmstate)\d+$/;
const CONTAINER_DISK = /^(rootfs|mp\d+)$/;

/** The disks of a guest; drives without a disk in them are none. */
export function disksOf({ kind, config }: Pick<Guest, "kind" | "config">): Disk[] {
  const pattern = kind === "qemu" ? VM_DISK : CONTAINER_DISK;
  return Object.entries(config)
    .filter(([key]) => pattern.test(key))
    .map(([key, value]) => {
      const [volume = "", ...options] = String(value).split(",");
      const pairs = options.map(
        (option) => [option.slice(0, option.indexOf("=")), option.slice(option.indexOf("=") + 1)] as const,
      );
      return { key, volume: volume.replace(/^(file|volume)=/, ""), options: Object.fromEntries(pairs) };
    })
    .filter(({ volume, options }) => volume !== "none" && options.media !== "cdrom");
}

/** Which disks a backup takes, and why. */
export function backupVolumes(guest: Guest): { key: string; name: string; included: 0 | 1; reason: string }[] {
  return disksOf(guest).map(({ key, volume, options }) => {
    if (guest.kind === "lxc" && key !== "rootfs") {
      const included = options.backup === "1" ? 1 : 0;
      return { key, name: volume, included, reason: included === 1 ? "enabled" : "disabled" };
    }
    const included = options.backup === "0" ? 0 : 1;
    return { key, name: volume, included, reason: included === 1 ? (guest.kind === "lxc" ? "rootfs" : "enabled") : "disabled" };
  });
}

/** Bytes of `32G`, `512M`; 0 where no size is told. */
export function sizeBytes(size: string | undefined): number {
  const [, number = "0", unit = ""] = /^(\d+(?:\.\d+)?)([KMGT]?)/.exec(size ?? "") ?? [];
  return Math.floor(Number(number) * 1024 ** " KMGT".indexOf(unit || " "));
}

/** Bytes in the shortest unit that loses nothing, as the product writes sizes. */
export function sizeText(bytes: number): string {
  let value = bytes;
  for (const unit of ["", "K", "M", "G"]) {
    if (value % 1024 !== 0) return `${value}${unit}`;
    value /= 1024;
  }
  return `${value}T`;
}

/** Bytes of the first disk that the guest starts from, which lists show as its size. */
export function bootDiskBytes(guest: Pick<Guest, "kind" | "config">): number {
  const disks = disksOf(guest);
  const order = String(guest.config.boot ?? "")
    .replace("order=", "")
    .split(";");
  const first = disks.find(({ key }) => key === "rootfs" || order.includes(key)) ?? disks[0];
  return sizeBytes(first?.options.size);
}
