import { familyOf } from "../firewall/address-range";
import { INTERNET, strangerOf, strangerOn } from "../firewall/outsiders";
import { type GridSource, ingressOf, reachability } from "../firewall/reachability";
import type { FirewallState } from "../firewall/state";
import { unusedAddress } from "../firewall/unused-address";
import { remembered } from "../policies/engine/remembered";
import type { Configuration, MachineFacts, Promises } from "./configuration";
import { type Known, whereKnown } from "./known";
import type { Reach, Reachability } from "./protection";

const evaluated = new Map<string, Known<Reachability>>();

/** Who comes through to the backup servers' port, evaluated with order and first match for everybody who may try. */
export function reachOf({ promises, firewall }: Configuration): Known<Reachability> {
  // Most changes are no changes of the firewall, and its evaluation takes longer than all the rest.
  const { machines, port, offSite } = promises ?? {};
  const key = JSON.stringify([machines, port, offSite, firewall]);
  return remembered(evaluated, key, () => evaluate(promises, firewall));
}

function evaluate(promises: Promises | undefined, firewall: Configuration["firewall"]): Known<Reachability> {
  if (promises === undefined) return { unknown: "only the site file says which machines there are" };
  const servers = promises.machines.filter(({ role }) => role === "backup server");
  const byServer = servers.flatMap((server) => throughServer(promises, server));
  const here = servers.filter(({ name }) => !promises.offSite.includes(name));
  const onSite = here.map(({ name }) => name);
  if (firewall === undefined) {
    const open = here.flatMap((server) => everybody(promises, server, "firewall"));
    return { reaches: [...open, ...byServer], cutOff: [], onSite };
  }
  return whereKnown(firewall, (state) => ({
    reaches: [...here.flatMap((server) => throughFirewall(promises, state, server)), ...byServer],
    cutOff: here.flatMap((server) => cutOff(promises, state, server)),
    onSite,
  }));
}

const familiesOf = (addresses: readonly string[]) =>
  [...new Set(addresses.map(familyOf))].filter((family) => family !== undefined);

function everybody({ port }: Promises, server: MachineFacts, through: Reach["through"]): Reach[] {
  return familiesOf(server.addresses).map((family) => ({ source: "everybody", destination: server.name, family, port, through }));
}

/** The server's own filter, where it has one, admits hypervisors and administrators. */
function throughServer(promises: Promises, server: MachineFacts): Reach[] {
  if (server.hostFirewall !== true) return everybody(promises, server, "server");
  const { machines, port } = promises;
  return machines
    .filter(({ role }) => role === "hypervisor" || role === "admin")
    .flatMap(({ name, addresses }) =>
      addresses.flatMap((address): Reach[] => {
        const family = familyOf(address);
        return family === undefined ? [] : [{ source: name, address, destination: server.name, family, port, through: "server" }];
      }),
    );
}

function throughFirewall(promises: Promises, state: FirewallState, server: MachineFacts): Reach[] {
  const { port } = promises;
  return reachability(state, { destinations: destinationsOf(state, server), port }, gridOf(promises, state))
    .filter(({ decision }) => decision.verdict === "pass")
    .map(({ source, address, family, ingress }) => ({
      source,
      ...(isOfMany(source) ? {} : { address }),
      ...(state.interfaces.some(({ name }) => name === ingress) ? { network: ingress } : {}),
      destination: server.name,
      family,
      port,
      through: "firewall",
    }));
}

const isOfMany = (source: string): boolean => source === INTERNET.name || source.startsWith(strangerOn(""));

/**
 * The server's addresses. Where the firewall routes IPv6 into its network and its address there is not known, any stands for
 * it: a rule that lets one through lets the server's through too.
 */
function destinationsOf(state: FirewallState, { addresses }: MachineFacts): string[] {
  if (familiesOf(addresses).includes("inet6")) return [...addresses];
  const home = addresses.map((address) => ingressOf(state, address));
  const sixth = state.interfaces
    .filter(({ name, enabled }) => enabled && home.includes(name))
    .flatMap((one) =>
      one.networks.filter((network) => network.includes(":")).map((network) => ({ network, used: one.addresses })),
    );
  return [...addresses, ...sixth.flatMap(({ network, used }) => unusedAddress(network, used, 220n) ?? [])];
}

function gridOf({ machines }: Promises, state: FirewallState): GridSource[] {
  const used = machines.flatMap(({ addresses }) => addresses);
  const named = machines
    .filter(({ role, addresses }) => role !== "backup server" && addresses.length > 0)
    .map(({ name, role, addresses }) => ({ name, addresses, mayReach: role === "hypervisor" || role === "admin" }));
  const strangers = state.interfaces
    .filter(({ enabled, dynamic }) => enabled && dynamic !== true)
    .flatMap((one): GridSource[] => {
      const stranger = strangerOf(one, used);
      return stranger === undefined ? [] : [{ ...stranger, ingress: one.name }];
    });
  return [...named, ...strangers, INTERNET];
}

/** A hypervisor in the server's subnet needs no firewall to reach it. */
function cutOff(promises: Promises, state: FirewallState, server: MachineFacts): string[] {
  const hypervisors = promises.machines.filter(({ role }) => role === "hypervisor");
  const flow = { destinations: server.addresses, port: promises.port };
  return hypervisors.flatMap(({ name, addresses }) => {
    const results = reachability(state, flow, [{ name, addresses, mayReach: true }]);
    const comes = results.some(({ decision, sameSubnet }) => sameSubnet || decision.verdict === "pass");
    return comes ? [] : [`${name} -> ${server.name}`];
  });
}
