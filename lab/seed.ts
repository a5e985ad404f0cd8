/**
 * What a lab's devices are born with, before Bastide has done anything: the machines that stand at the client's
 * and the guests that already run there. Everything else is the product's own default.
 */
export interface LabSeed {
  readonly hypervisor: {
    readonly nodes: readonly {
      readonly name: string;
      readonly address: string;
      readonly cores: number;
      readonly memoryMiB: number;
    }[];
    readonly guests: readonly {
      readonly id: number;
      readonly name: string;
      readonly node: string;
      readonly kind: "vm" | "container";
    }[];
  };
  /** Key: name of the server, also its node name. */
  readonly backupServers: Readonly<
    Record<
      string,
      {
        readonly address: string;
        readonly port: number;
        /** Paths at which the disks hold a chunk store of an earlier installation, to be adopted. */
        readonly chunkStores?: readonly string[];
      }
    >
  >;
  /** Absent: the site has no firewall, and no such device is started. */
  readonly firewall?: {
    readonly address: string;
    /** Internal networks by the firewall's interface name (`lan`, `opt1`). */
    readonly interfaces: Readonly<
      Record<
        string,
        {
          readonly cidr: string;
          readonly address: string /** IPv6, both or none. */;
          readonly cidr6?: string;
          readonly address6?: string;
        }
      >
    >;
  };
}

/**
 * A seed with the machines of an earlier one that it lacks: what stands at a client's does not vanish because the site file
 * forgets it, and a layer that was taken out of the file has still to be taken off its device.
 */
export function withMachinesOf(earlier: LabSeed | undefined, seed: LabSeed): LabSeed {
  if (earlier === undefined) return seed;
  const { nodes, guests } = seed.hypervisor;
  const firewall = seed.firewall ?? earlier.firewall;
  return {
    hypervisor: {
      nodes: [...nodes, ...earlier.hypervisor.nodes.filter(({ name }) => !nodes.some((node) => node.name === name))],
      guests: [...guests, ...earlier.hypervisor.guests.filter(({ id }) => !guests.some((guest) => guest.id === id))],
    },
    // The order tells which one clients take that name none: the first of the present file.
    backupServers: { ...seed.backupServers, ...earlier.backupServers, ...seed.backupServers },
    ...(firewall === undefined ? {} : { firewall }),
  };
}

/** The devices of `lab up --empty`: one of each, without guests. */
export const EMPTY_SEED: LabSeed = {
  hypervisor: { nodes: [{ name: "pve", address: "192.168.1.10", cores: 4, memoryMiB: 16384 }], guests: [] },
  backupServers: { pbs: { address: "192.168.1.20", port: 8007 } },
  firewall: { address: "192.168.1.1", interfaces: { lan: { cidr: "192.168.1.0/24", address: "192.168.1.1" } } },
};
