import type { ProxmoxProvider } from "../../.gen/providers/proxmox/provider";
import { VirtualEnvironmentPool } from "../../.gen/providers/proxmox/virtual-environment-pool";
import { constructId } from "../construct-id";
import type { Construct } from "../core";

export interface TierPoolProps {
  readonly provider: ProxmoxProvider;
  readonly tier: string;
  readonly pool: string;
  readonly comment: string;
}

/** Groups the guests of a tier in the hypervisor's interface. It selects nothing: jobs name their guests. */
export class TierPool extends VirtualEnvironmentPool {
  constructor(scope: Construct, { provider, tier, pool, comment }: TierPoolProps) {
    super(scope, constructId("pool", tier), { provider, poolId: pool, comment });
  }
}
