import type { Call } from "./endpoint";
import { type Check, perm } from "./permission";
import type { Property } from "./property";
import { refuse } from "./refusal";
import { emptyFirewall, type FirewallLevel, type PveState } from "./state";
import { NODE, VMID } from "./table";

/** Where a set of rules belongs to: the cluster, a node, or a guest. */
export interface Level {
  readonly prefix: string;
  readonly environment: "cluster" | "host" | "vm" | "ct";
  /** Parameters of the address. */
  readonly parameters: Readonly<Record<string, Property>>;
  readonly audit: Check;
  readonly modify: Check;
  /** The rules and objects of this level; changes to it are kept where the state is a draft. */
  of(state: PveState, call: Call): FirewallLevel;
}

const CLUSTER: Level = {
  prefix: "/cluster/firewall",
  environment: "cluster",
  parameters: {},
  audit: perm("/", "Sys.Audit"),
  modify: perm("/", "Sys.Modify"),
  of: (state) => state.firewall,
};

const NODE_LEVEL: Level = {
  prefix: "/nodes/{node}/firewall",
  environment: "host",
  parameters: { node: NODE },
  audit: perm("/nodes/{node}", "Sys.Audit"),
  modify: perm("/nodes/{node}", "Sys.Modify"),
  of: (state, call) => state.nodes[call.text("node")]?.firewall ?? refuse(`no such cluster node '${call.text("node")}'`),
};

function guestLevel(kind: "qemu" | "lxc", environment: "vm" | "ct"): Level {
  return {
    prefix: `/nodes/{node}/${kind}/{vmid}/firewall`,
    environment,
    parameters: { node: NODE, vmid: VMID },
    audit: perm("/vms/{vmid}", "VM.Audit"),
    modify: perm("/vms/{vmid}", "VM.Config.Network"),
    // Without a guest there is an empty file of rules, as in the product.
    of: (state, call) => state.guests[call.text("vmid")]?.firewall ?? emptyFirewall(),
  };
}

/** All levels; a node has rules and options only. */
export const LEVELS: readonly Level[] = [CLUSTER, NODE_LEVEL, guestLevel("qemu", "vm"), guestLevel("lxc", "ct")];
export const CLUSTER_LEVEL = CLUSTER;

/** The state as it is, for reading through the same functions that change a draft. */
export function current(call: Call): PveState {
  return call.pve.state as PveState;
}
