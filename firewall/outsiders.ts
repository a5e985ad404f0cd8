import type { GridSource } from "./reachability";
import type { FirewallInterface } from "./state";
import { unusedAddress } from "./unused-address";

/** Anybody outside: well-known addresses of both families, through the interface to the internet. */
export const INTERNET: GridSource = {
  name: "the internet",
  addresses: ["8.8.8.8", "2620:fe::fe"],
  ingress: "wan",
  mayReach: false,
};

export const strangerOn = (name: string): string => `a stranger on ${name}`;

/** A machine on an interface that nobody knows, at an unused address of each of its networks. Undefined: no address is free. */
export function strangerOf({ name, networks, addresses }: FirewallInterface, used: readonly string[]): GridSource | undefined {
  const free = networks.flatMap((network) => unusedAddress(network, [...used, ...addresses]) ?? []);
  return free.length === 0 ? undefined : { name: strangerOn(name), addresses: free, mayReach: false };
}
