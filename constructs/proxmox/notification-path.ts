import type { ProxmoxDevice } from "./proxmox-device";

/** Where the notification objects of a device lie. */
export function notificationPath(device: ProxmoxDevice, below: string): string {
  return `${device.product === "hypervisor" ? "/cluster" : "/config"}/notifications/${below}`;
}
