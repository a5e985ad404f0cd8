import type { ProxmoxProvider } from "../../.gen/providers/proxmox/provider";
import { VirtualEnvironmentDns } from "../../.gen/providers/proxmox/virtual-environment-dns";
import type { Site } from "../../model";
import { constructId } from "../construct-id";
import type { Construct } from "../core";

export interface NodeDnsProps {
  readonly provider: ProxmoxProvider;
  readonly node: string;
  readonly dns: Site["dns"];
}

/** Name resolution of a hypervisor. */
export class NodeDns extends VirtualEnvironmentDns {
  constructor(scope: Construct, { provider, node, dns }: NodeDnsProps) {
    super(scope, constructId("node_dns", node), { provider, nodeName: node, domain: dns.domain, servers: [...dns.servers] });
  }
}
