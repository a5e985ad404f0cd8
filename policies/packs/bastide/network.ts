import type { Policy } from "../../engine/policy";
import { filteredInPath } from "../../rules/network/filtered-in-path";

export const NETWORK: readonly Policy[] = [
  {
    id: "NET-001",
    rule: filteredInPath,
    severity: { lab: "warning", live: "error" },
    why: "traffic inside one subnet is switched and never passes the firewall: its rules filter nothing there, and every machine of the subnet reaches the port",
    repair:
      "move the backup server to a network of its own (a backup VLAN), or filter on the server itself and declare `hostFirewall: true`",
  },
];
