import type { Properties, Property } from "./property";
import { numbered } from "./qemu-table";
import { flag, integer, number, table, text } from "./table";

const DISK = {
  volume: text({ defaultKey: true }),
  "size?": text({ format: "disk-size" }),
  "acl?": flag(),
  "mountoptions?": text(),
  "quota?": flag(),
  "replicate?": flag(),
  "ro?": flag(),
  "shared?": flag(),
};
const ROOT: Properties = table(DISK);

/** What can be said of a mounted disk. */
export const MOUNT_POINT: Properties = table({ ...DISK, mp: text(), "backup?": flag() });

/** What can be said of a container's network card. */
export const CONTAINER_CARD: Properties = table({
  name: text({ pattern: "[-_.\\w]+" }),
  "bridge?": text({ pattern: "[-_.\\w]+" }),
  "firewall?": flag(),
  "gw?": text({ format: "ipv4" }),
  "gw6?": text({ format: "ipv6" }),
  "host-managed?": flag(),
  "hwaddr?": text({ format: "mac-addr" }),
  "ip?": text({ format: "pve-ipv4-config" }),
  "ip6?": text({ format: "pve-ipv6-config" }),
  "link_down?": flag(),
  "mtu?": integer({ minimum: 64, maximum: 65535 }),
  "rate?": number(),
  "tag?": integer({ minimum: 1, maximum: 4094 }),
  "trunks?": text({ pattern: "\\d+(?:;\\d+)*" }),
  "type?": text({ enum: ["veth"] }),
});

const LOCKS = "backup create destroyed disk fstrim migrate mounted rollback snapshot snapshot-delete".split(" ");
const SYSTEMS = "debian devuan ubuntu centos fedora opensuse archlinux alpine gentoo nixos unmanaged".split(" ");

/** The settings of a container. */
export const CONTAINER: Readonly<Record<string, Property>> = {
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
  ...numbered("mp", 255, text({ format: MOUNT_POINT })),
  "nameserver?": text(),
  ...numbered("net", 31, text({ format: CONTAINER_CARD })),
  "onboot?": flag(),
  "ostype?": text({ enum: SYSTEMS }),
  "protection?": flag(),
  "rootfs?": text({ format: ROOT }),
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
