import type { ProxmoxProvider } from "../../.gen/providers/proxmox/provider";
import { VirtualEnvironmentHosts } from "../../.gen/providers/proxmox/virtual-environment-hosts";
import type { HostEntry } from "../../model";
import { constructId } from "../construct-id";
import type { Construct } from "../core";

export interface NodeHostsProps {
  readonly provider: ProxmoxProvider;
  readonly node: string;
  /** The machines of the site, the node itself among them. */
  readonly entries: readonly HostEntry[];
}

/** What a fresh installation says of the machine itself. */
const LOOPBACK = [
  { address: "127.0.0.1", hostnames: ["localhost.localdomain", "localhost"] },
  { address: "::1", hostnames: ["ip6-localhost", "ip6-loopback"] },
];

/** The whole `/etc/hosts` of a hypervisor: backups find the backup server even while no name server answers. */
export class NodeHosts extends VirtualEnvironmentHosts {
  constructor(scope: Construct, { provider, node, entries }: NodeHostsProps) {
    super(scope, constructId("node_hosts", node), {
      provider,
      nodeName: node,
      entry: [...LOOPBACK, ...entries.map(({ address, names }) => ({ address, hostnames: [...names] }))],
    });
  }
}
