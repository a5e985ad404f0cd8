import type { ProxmoxProvider } from "../../.gen/providers/proxmox/provider";
import { VirtualEnvironmentVm } from "../../.gen/providers/proxmox/virtual-environment-vm";
import type { Guest as GuestModel } from "../../model";
import { constructId } from "../construct-id";
import type { Construct } from "../core";
import { literal } from "../literal";
import type { TierPool } from "./tier-pool";

export interface GuestProps {
  readonly provider: ProxmoxProvider;
  readonly name: string;
  readonly guest: GuestModel;
  readonly create: NonNullable<GuestModel["create"]>;
  /** Pool of its tier. */
  readonly pool?: TierPool;
  /** Refuse a plan that would remove or replace it, and have the hypervisor refuse it too. */
  readonly protect: boolean;
}

/**
 * A virtual machine that Bastide owns. Its id in the engine is its id on the hypervisor, which never changes, so that another
 * name is an update. Its destruction leaves backup jobs and disks that it does not reference alone.
 */
export class Guest extends VirtualEnvironmentVm {
  constructor(scope: Construct, { provider, name, guest, create, pool, protect }: GuestProps) {
    super(scope, constructId("guest", String(guest.id)), {
      provider,
      nodeName: guest.node,
      vmId: guest.id,
      name,
      description: literal(guest.role),
      onBoot: true,
      started: true,
      protection: protect,
      purgeOnDestroy: false,
      deleteUnreferencedDisksOnDestroy: false,
      cpu: { cores: create.cores, type: "x86-64-v2-AES" },
      memory: { dedicated: create.memoryMiB },
      disk: [{ datastoreId: create.diskStorage, interface: "scsi0", size: create.diskGiB, fileFormat: "raw", backup: true }],
      // With the agent the backup is consistent. Its address is of no use here, and waiting for it would stop every plan.
      agent: { enabled: true, waitForIp: { disabled: true } },
      ...(pool ? { poolId: pool.poolId } : {}),
      lifecycle: {
        // A fail-over moves guests to another node; putting them back would mean to replace them.
        ignoreChanges: ["node_name"],
        ...(protect ? { preventDestroy: true } : {}),
      },
    });
    // The provider takes this list as a whole: every key of an element must be there.
    this.addOverride("network_device", [{ ...NETWORK_DEVICE, bridge: create.bridge }]);
  }
}

const NETWORK_DEVICE = {
  bridge: null,
  disconnected: null,
  enabled: null,
  firewall: true,
  mac_address: null,
  model: "virtio",
  mtu: null,
  queues: null,
  rate_limit: null,
  trunks: null,
  vlan_id: null,
};
