import type { ProxmoxProvider } from "../../.gen/providers/proxmox/provider";
import { VirtualEnvironmentTime } from "../../.gen/providers/proxmox/virtual-environment-time";
import { constructId } from "../construct-id";
import type { Construct } from "../core";

export interface NodeTimeProps {
  readonly provider: ProxmoxProvider;
  readonly node: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** The zone in which a hypervisor reads its schedules: another one than the model's moves every backup by hours. */
export class NodeTime extends VirtualEnvironmentTime {
  constructor(scope: Construct, { provider, node, timeZone }: NodeTimeProps) {
    super(scope, constructId("node_time", node), { provider, nodeName: node, timeZone });
  }
}
