import type { Properties, Property } from "./property";
import { flag, integer, number, STORAGE_ID, table, text } from "./table";

/** `net` up to 31 gives `net0?` … `net31?`. */
export function numbered(name: string, last: number, property: Property): Record<string, Property> {
  return Object.fromEntries(Array.from({ length: last + 1 }, (_, index) => [`${name}${index}?`, property]));
}

const LIMITS = ["mbps", "mbps_rd", "mbps_wr", "mbps_max", "mbps_rd_max", "mbps_wr_max"].map(
  (name) => [`${name}?`, number()] as const,
);
const OPERATIONS = ["iops", "iops_rd", "iops_wr", "iops_max", "iops_rd_max", "iops_wr_max"].map(
  (name) => [`${name}?`, integer()] as const,
);
const BURSTS = [
  "bps_max_length",
  "bps_rd_max_length",
  "bps_wr_max_length",
  "iops_max_length",
  "iops_rd_max_length",
  "iops_wr_max_length",
];

/** What can be said of a drive. */
export const DRIVE: Properties = table({
  file: text({ defaultKey: true }),
  "aio?": text({ enum: ["native", "threads", "io_uring"] }),
  "backup?": flag(),
  ...Object.fromEntries([...LIMITS, ...OPERATIONS, ...BURSTS.map((name) => [`${name}?`, integer({ minimum: 1 })] as const)]),
  "cache?": text({ enum: ["none", "writethrough", "writeback", "unsafe", "directsync"] }),
  "cyls?": integer(),
  "detect_zeroes?": flag(),
  "discard?": text({ enum: ["ignore", "on"] }),
  "efitype?": text({ enum: ["2m", "4m"] }),
  "format?": text({ enum: ["raw", "qcow", "qed", "qcow2", "vmdk", "cloop"] }),
  "heads?": integer(),
  "import-from?": text(),
  "iothread?": flag(),
  "media?": text({ enum: ["cdrom", "disk"] }),
  "model?": text(),
  "ms-cert?": text(),
  "pre-enrolled-keys?": flag(),
  "product?": text(),
  "queues?": integer({ minimum: 2 }),
  "replicate?": flag(),
  "rerror?": text({ enum: ["ignore", "report", "stop"] }),
  "ro?": flag(),
  "scsiblock?": flag(),
  "secs?": integer(),
  "serial?": text(),
  "shared?": flag(),
  "size?": text({ format: "disk-size" }),
  "snapshot?": flag(),
  "ssd?": flag(),
  "trans?": text({ enum: ["none", "lba", "auto"] }),
  "vendor?": text(),
  "version?": text(),
  "werror?": text({ enum: ["enospc", "ignore", "report", "stop"] }),
  "wwn?": text(),
});

const MODELS =
  "e1000 e1000-82540em e1000-82544gc e1000-82545em e1000e i82551 i82557b i82559er ne2k_isa ne2k_pci pcnet rtl8139 virtio vmxnet3".split(
    " ",
  );

/** What can be said of a network card; its model may be written with its address: `virtio=BC:24:11:00:00:01`. */
export const CARD: Properties = table({
  model: text({ defaultKey: true, enum: MODELS }),
  ...Object.fromEntries(MODELS.map((model) => [`${model}?`, { ...text(), alias: "macaddr", keyAlias: "model" }])),
  "macaddr?": text({ format: "mac-addr" }),
  "bridge?": text({ format: "pve-bridge-id" }),
  "firewall?": flag(),
  "host-managed?": flag(),
  "link_down?": flag(),
  "mtu?": integer({ minimum: 1, maximum: 65520 }),
  "queues?": integer({ minimum: 0, maximum: 64 }),
  "rate?": number({ minimum: 0 }),
  "tag?": integer({ minimum: 1, maximum: 4094 }),
  "trunks?": text({ pattern: "\\d+(?:-\\d+)?(?:;\\d+(?:-\\d+)?)*" }),
});

const AGENT = table({
  enabled: flag({ defaultKey: true }),
  "freeze-fs-on-backup?": flag(),
  "guest-fsfreeze?": flag(),
  "fstrim_cloned_disks?": flag(),
  "type?": text({ enum: ["virtio", "isa"] }),
});
const IP_CONFIG = table({
  "gw?": text({ format: "ipv4" }),
  "gw6?": text({ format: "ipv6" }),
  "ip?": text({ format: "pve-ipv4-config" }),
  "ip6?": text({ format: "pve-ipv6-config" }),
});
const DISK = text({ format: DRIVE });
const LOCKS = ["backup", "clone", "create", "migrate", "rollback", "snapshot", "snapshot-delete", "suspending", "suspended"];
const KEYBOARDS = "de de-ch da en-gb en-us es fi fr fr-be fr-ca fr-ch hu is it ja lt mk nl no pl pt pt-br sv sl tr".split(" ");
const SYSTEMS = "other wxp w2k w2k3 w2k8 wvista win7 win8 win10 win11 l24 l26 solaris".split(" ");

/** The settings of a virtual machine. */
export const VM: Readonly<Record<string, Property>> = {
  "acpi?": flag(),
  "affinity?": text(),
  "agent?": text({ format: AGENT }),
  "allow-ksm?": flag(),
  "amd-sev?": text(),
  "arch?": text({ enum: ["x86_64", "aarch64"] }),
  "args?": text(),
  "audio0?": text(),
  "autostart?": flag(),
  "balloon?": integer({ minimum: 0 }),
  "bios?": text({ enum: ["seabios", "ovmf"] }),
  "boot?": text(),
  "bootdisk?": text({ pattern: "(ide|sata|scsi|virtio)\\d+" }),
  "cdrom?": text(),
  "cicustom?": text(),
  "cipassword?": text(),
  "citype?": text({ enum: ["configdrive2", "nocloud", "opennebula"] }),
  "ciupgrade?": flag(),
  "ciuser?": text(),
  "cores?": integer({ minimum: 1 }),
  "cpu?": text(),
  "cpulimit?": number({ minimum: 0, maximum: 128 }),
  "cpuunits?": integer({ minimum: 1, maximum: 262144 }),
  "description?": text({ maxLength: 8192 }),
  "efidisk0?": DISK,
  "force?": flag(),
  "freeze?": flag(),
  ...numbered("hostpci", 15, text()),
  "hookscript?": text({ format: "pve-volume-id" }),
  "hotplug?": text(),
  "hugepages?": text({ enum: ["any", "2", "1024"] }),
  ...numbered("ide", 3, DISK),
  "intel-tdx?": text(),
  ...numbered("ipconfig", 31, text({ format: IP_CONFIG })),
  "ivshmem?": text(),
  "keephugepages?": flag(),
  "keyboard?": text({ enum: KEYBOARDS }),
  "kvm?": flag(),
  "localtime?": flag(),
  "lock?": text({ enum: LOCKS }),
  "machine?": text(),
  "memory?": text({ format: table({ current: integer({ minimum: 16, defaultKey: true }) }) }),
  "migrate_downtime?": number({ minimum: 0 }),
  "migrate_speed?": integer({ minimum: 0 }),
  "name?": text({ format: "dns-name" }),
  "nameserver?": text({ format: "address-list" }),
  ...numbered("net", 31, text({ format: CARD })),
  "numa?": flag(),
  ...numbered("numa", 7, text()),
  "onboot?": flag(),
  "ostype?": text({ enum: SYSTEMS }),
  ...numbered("parallel", 2, text({ pattern: "/dev/parport\\d+|/dev/usb/lp\\d+" })),
  "protection?": flag(),
  "reboot?": flag(),
  "rng0?": text(),
  ...numbered("sata", 5, DISK),
  ...numbered("scsi", 30, DISK),
  "scsihw?": text({ enum: ["lsi", "lsi53c810", "virtio-scsi-pci", "virtio-scsi-single", "megasas", "pvscsi"] }),
  "searchdomain?": text(),
  ...numbered("serial", 3, text({ pattern: "(/dev/.+|socket)" })),
  "shares?": integer({ minimum: 0, maximum: 50000 }),
  "smbios1?": text({ maxLength: 512 }),
  "smp?": integer({ minimum: 1 }),
  "sockets?": integer({ minimum: 1 }),
  "spice_enhancements?": text(),
  "sshkeys?": text({ format: "urlencoded" }),
  "startdate?": text({ pattern: "(now|\\d{4}-\\d{1,2}-\\d{1,2}(T\\d{1,2}:\\d{1,2}:\\d{1,2})?)" }),
  "startup?": text({ format: "pve-startup-order" }),
  "tablet?": flag(),
  "tags?": text({ format: "pve-tag-list" }),
  "tdf?": flag(),
  "template?": flag(),
  "tpmstate0?": DISK,
  ...numbered("unused", 255, text()),
  ...numbered("usb", 13, text()),
  "vcpus?": integer({ minimum: 1 }),
  "vga?": text(),
  ...numbered("virtio", 15, DISK),
  ...numbered("virtiofs", 9, text()),
  "vmgenid?": text({ pattern: "(?:[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}|[01])" }),
  "vmstatestorage?": STORAGE_ID,
  "watchdog?": text(),
};
