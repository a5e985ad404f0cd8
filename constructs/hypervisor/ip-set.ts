import type { ProxmoxProvider } from "../../.gen/providers/proxmox/provider";
import { VirtualEnvironmentFirewallIpset } from "../../.gen/providers/proxmox/virtual-environment-firewall-ipset";
import type { FlowEnd } from "../../model";
import { constructId } from "../construct-id";
import type { Construct } from "../core";

export interface IpSetProps {
  readonly provider: ProxmoxProvider;
  readonly name: string;
  readonly members: readonly FlowEnd[];
  readonly comment: string;
}

/** A named set of addresses of the cluster firewall. */
export class IpSet extends VirtualEnvironmentFirewallIpset {
  constructor(scope: Construct, { provider, name, members, comment }: IpSetProps) {
    super(scope, constructId("ip_set", name), {
      provider,
      name,
      comment,
      cidr: members.map((member) => ({ name: member.address, comment: member.name })),
    });
  }
}
