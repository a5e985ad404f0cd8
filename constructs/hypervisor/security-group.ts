import type { ProxmoxProvider } from "../../.gen/providers/proxmox/provider";
import { VirtualEnvironmentClusterFirewallSecurityGroup } from "../../.gen/providers/proxmox/virtual-environment-cluster-firewall-security-group";
import type { Port } from "../../model";
import { constructId } from "../construct-id";
import type { Construct } from "../core";
import type { IpSet } from "./ip-set";

export interface SecurityGroupProps {
  readonly provider: ProxmoxProvider;
  readonly name: string;
  readonly comment: string;
  /** Name of the set of addresses that backups go to. */
  readonly destination: string;
  readonly port: Port;
  /** A rule that names a set which does not exist yet is refused. */
  readonly ipSet: IpSet;
}

/**
 * The backup flow as a group of rules of the cluster firewall, to be added where the firewall of a node drops what goes out. It
 * changes nothing by itself: switching a client's cluster firewall on is not this product's decision.
 */
export class SecurityGroup extends VirtualEnvironmentClusterFirewallSecurityGroup {
  constructor(scope: Construct, { provider, name, comment, destination, port, ipSet }: SecurityGroupProps) {
    super(scope, constructId("security_group", name), {
      provider,
      name,
      comment,
      rule: [{ type: "out", action: "ACCEPT", proto: "tcp", dest: `+${destination}`, dport: String(port), comment }],
      dependsOn: [ipSet],
    });
  }
}
