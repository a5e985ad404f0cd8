import { bootDiskBytes } from "./guest-disks";
import type { Hypervisor } from "./hypervisor";
import type { Guest } from "./state";

/** What the lists of the product show of a guest's size and load; a guest of the lab idles. */
export interface GuestStats {
  readonly name: string;
  readonly status: Guest["status"];
  readonly cpus: number;
  /** Seconds. */
  readonly uptime: number;
  /** Bytes. */
  readonly maxmem: number;
  readonly mem: number;
  readonly maxdisk: number;
  readonly tags?: string;
  readonly template: 0 | 1;
}

export function guestStats(pve: Hypervisor, vmid: string, guest: Guest): GuestStats {
  const { config } = guest;
  const isRunning = guest.status === "running";
  const maxmem = Number(config.memory ?? 512) * 1024 * 1024;
  const tags = config.tags;
  return {
    name: String(config[guest.kind === "qemu" ? "name" : "hostname"] ?? (guest.kind === "qemu" ? `VM ${vmid}` : `CT${vmid}`)),
    status: guest.status,
    cpus: Number(config.cores ?? 1) * Number(config.sockets ?? 1),
    uptime: isRunning ? Math.floor((pve.now() - guest.startedAt) / 1000) : 0,
    maxmem,
    mem: isRunning ? Math.floor(maxmem / 2) : 0,
    maxdisk: bootDiskBytes(guest),
    ...(tags === undefined ? {} : { tags: String(tags) }),
    template: config.template === 1 ? 1 : 0,
  };
}

export const NO_TRAFFIC = { netin: 0, netout: 0 };
