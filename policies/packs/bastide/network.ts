import type { Policy } from "../../engine/policy";
import { administrationApart } from "../../rules/network/administration-apart";
import { backupNetwork } from "../../rules/network/backup-network";
import { bothFamilies } from "../../rules/network/both-families";
import { filteredInPath } from "../../rules/network/filtered-in-path";
import { filteredOnHost } from "../../rules/network/filtered-on-host";
import { mailEncrypted } from "../../rules/network/mail-encrypted";
import { onlyClientsReach } from "../../rules/network/only-clients-reach";
import { remotePinned } from "../../rules/network/remote-pinned";
import { rulesFirst } from "../../rules/network/rules-first";
import { storagePinned } from "../../rules/network/storage-pinned";
import { tlsVerified } from "../../rules/network/tls-verified";

export const NETWORK: readonly Policy[] = [
  {
    id: "NET-001",
    rule: filteredInPath,
    severity: { lab: "warning", live: "error" },
    why: "traffic inside one subnet is switched and never passes the firewall: its rules filter nothing there, and every machine of the subnet reaches the port",
    repair:
      "move the backup server to a network of its own (a backup VLAN), or filter on the server itself and declare `hostFirewall: true`",
  },
  {
    id: "NET-002",
    rule: storagePinned,
    severity: { lab: "warning", live: "error" },
    why: "without its fingerprint a machine that takes the address of the backup server is taken for it: it receives the token, and the backups go to it or nowhere",
    repair: "remove the override of `fingerprint`: it is read from the server's certificate",
  },
  {
    id: "NET-003",
    rule: remotePinned,
    severity: { lab: "note", live: "warning" },
    why: "whoever holds a certificate for that name, or the line in between, receives the password of the remote and with it the copies",
    repair: "write the `fingerprint` that `proxmox-backup-manager cert info` shows on the other server",
  },
  {
    id: "NET-004",
    rule: tlsVerified,
    severity: { lab: "warning", live: "error" },
    why: "the provisioning credential goes to whoever answers, and it may create and destroy everything on the device",
    repair: "remove what switches the verification off, and name the authority or the fingerprint of the device in the site file",
  },
  {
    id: "NET-005",
    rule: mailEncrypted,
    severity: { lab: "note", live: "warning" },
    why: "everybody on the way reads which backups fail, and the password with which alerts can be forged",
    repair: 'set `notifications.smtp.mode` to "starttls" or "tls"',
  },
  {
    id: "NET-006",
    rule: onlyClientsReach,
    severity: { lab: "warning", live: "error" },
    why: "the port is both the way to the backups and the administration of the server: a guest that is taken over tries it first",
    repair:
      "let the firewall pass hypervisors and administrators only, as the constructs of Bastide do, or declare `hostFirewall: true` where the server itself does so",
  },
  {
    id: "NET-007",
    rule: bothFamilies,
    severity: { lab: "warning", live: "error" },
    why: "the service listens on IPv6 as well: a rule for IPv4 alone leaves the same port open beside it, and nobody looks there",
    repair:
      "give the other address of the server (`address6`), switch that family off in its network, or filter on the server itself and declare `hostFirewall: true`",
  },
  {
    id: "NET-008",
    rule: rulesFirst,
    severity: { lab: "warning", live: "error" },
    why: "the first rule that matches decides: a block above its pass stops all backups, a block below another pass stops nobody",
    repair: "remove the override of the rule; other rules belong below those of the site",
  },
  {
    id: "NET-009",
    rule: filteredOnHost,
    severity: { lab: "note", live: "warning" },
    why: "a firewall filters between networks only: a machine in the same network, or a mistake in one rule, reaches the port unless the server refuses it too",
    repair:
      "on the server, let nftables accept the port from hypervisors and administrators and drop the rest (`table inet`, both families), and declare `hostFirewall: true`",
  },
  {
    id: "NET-010",
    rule: backupNetwork,
    severity: { lab: "note", live: "warning" },
    why: "whoever has taken over a machine in that network stands beside the backups, with no firewall in between",
    repair: "move the backup server to a network (VLAN) of its own, with hypervisors at most",
  },
  {
    id: "NET-011",
    rule: administrationApart,
    severity: { lab: "note", live: "warning" },
    why: "from a guest that is taken over the log-in of its hypervisor is one step away, and with it every other guest and the way to the backups",
    repair: "move the hypervisors' administration addresses to a network of their own, without guests",
  },
];
