import { openingRules } from "../../firewall/openings";
import { INTERNET, strangerOf } from "../../firewall/outsiders";
import { PLAIN_RULE } from "../../firewall/plain-rule";
import { type Flow, type GridSource, reachability } from "../../firewall/reachability";
import type { FirewallRule as DeviceRule, FirewallState } from "../../firewall/state";
import type { Site } from "../../model";
import { onceFor } from "../engine/once-for";
import { remembered } from "../engine/remembered";
import { createdAt, type DeviceObject } from "./device-object";
import { flagOf, OPEN } from "./device-value";
import { firewallStateOf, interfacesOf } from "./model-firewall";
import { flowOf } from "./site-facts";

/** What of the flow to the backup servers' port the rules get wrong. */
export interface ReachFault {
  readonly destination: string;
  /** Name in the site file, `a stranger on lan`, `the internet`, or an address. */
  readonly source: string;
  readonly address: string;
  /** It comes through and must not; else it must and does not. */
  readonly isOpen: boolean;
}

/** Rules and aliases as the model makes them, above a rule that passes everything: the worst that others may have written below. */
export function modelledFirewall(site: Site): FirewallState {
  const { rules, aliases } = firewallStateOf(site);
  return stateOf(site, rules, aliases);
}

/** The same from synthesized or planned objects, in the order of their places. */
function declaredFirewall(site: Site, objects: readonly DeviceObject[]): FirewallState {
  const place = ({ body }: DeviceObject) => (typeof body.placement === "number" ? body.placement : Number.MAX_SAFE_INTEGER);
  const rules = [...createdAt(objects, "/firewall/rule")].sort((one, other) => place(one) - place(other));
  const aliases = createdAt(objects, "/firewall/alias");
  return stateOf(
    site,
    rules.map(({ body }) => ruleOf(body)),
    aliases.map(({ body }) => ({ name: String(body.name), type: typeOf(body.type), entries: texts(body.address) })),
  );
}

/** What was evaluated for a site: what is synthesized is mostly what its model says, so that the same question comes twice. */
const answersFor = onceFor((_site: Site) => new Map<string, readonly ReachFault[]>());

/** Who comes through to the addresses and should not, or should and does not. What is switched never meets the rules. */
export function reachFaults(site: Site, state: FirewallState, destinations: readonly string[]): readonly ReachFault[] {
  return remembered(answersFor(site), JSON.stringify([state, destinations]), () =>
    evaluated(state, { destinations, port: flowOf(site).port }, gridOf(site, state)),
  );
}

function evaluated(state: FirewallState, flow: Flow, grid: readonly GridSource[]): ReachFault[] {
  const blocked = reachability(
    state,
    flow,
    grid.filter(({ mayReach }) => mayReach),
  ).filter(({ asWanted, sameSubnet }) => !asWanted && !sameSubnet);
  const openings = openingRules(state, flow, grid, () => true).filter(({ sameSubnet }) => !sameSubnet);
  return [
    ...blocked.map(({ destination, source, address }) => ({ destination, source, address, isOpen: false })),
    ...openings.map(({ destination, witness: { name, address } }) => ({
      destination,
      source: name ?? address,
      address,
      isOpen: true,
    })),
  ];
}

/** Objects of the firewall of which something is not known yet, so that nothing can be evaluated. */
export const openFirewallObjects = (objects: readonly DeviceObject[]): DeviceObject[] =>
  objects.filter(({ layer, body }) => layer === "firewall" && Object.values(body).includes(OPEN));

const known = new WeakMap<object, readonly ReachFault[]>();

/** What the objects of the firewall get wrong on the addresses that the site file names; the same list for the same objects. */
export function declaredFaults(site: Site, objects: readonly DeviceObject[]): readonly ReachFault[] {
  const faults = known.get(objects) ?? reachFaults(site, declaredFirewall(site, objects), serverAddresses(site));
  known.set(objects, faults);
  return faults;
}

/** The addresses of the backup servers in the site's networks. */
export const serverAddresses = (site: Site): string[] => flowOf(site).destinations.map(({ address }) => address);

/** Hypervisors and administrators, everybody else with an address, a stranger in each network, the internet. */
function gridOf(site: Site, { interfaces }: FirewallState): GridSource[] {
  const { sources, destinations } = flowOf(site);
  const others = [...Object.entries(site.hosts).filter(([, { role }]) => role !== "admin"), ...Object.entries(site.guests)];
  const used = [...others.map(([, machine]) => machine), ...sources, ...destinations].flatMap(({ address }) => address ?? []);
  return [
    ...sources.map(({ name, address }) => ({ name, addresses: [address], mayReach: true })),
    ...others.flatMap(([name, { address }]) => (address === undefined ? [] : [{ name, addresses: [address], mayReach: false }])),
    ...interfaces.flatMap((one) => strangerOf(one, used) ?? []),
    INTERNET,
  ];
}

/** What every firewall of a site has: its interfaces, and a rule for everything on each of its networks. */
const surroundingsOf = onceFor((site: Site): Pick<FirewallState, "interfaces" | "rules"> => {
  const own = interfacesOf(site);
  const wan = own.some(({ name }) => name === "wan") ? [] : [{ name: "wan", enabled: true, addresses: [], networks: [] }];
  const below = own.map(({ name }) => ({ ...PLAIN_RULE, interfaces: [name], description: `everything on ${name}` }));
  return { interfaces: [...own, ...wan], rules: below };
});

function stateOf(site: Site, rules: readonly DeviceRule[], aliases: FirewallState["aliases"]): FirewallState {
  const { interfaces, rules: below } = surroundingsOf(site);
  // Aliases have no order; with one, the same firewall is the same question.
  const sorted = [...aliases].sort((one, other) => (one.name < other.name ? -1 : 1));
  return { rules: [...rules, ...below], aliases: sorted, interfaces };
}

function ruleOf(body: DeviceObject["body"]): DeviceRule {
  const text = (value: unknown): string | null => (value === undefined || value === null || value === "" ? null : String(value));
  const family = body.ipprotocol;
  return {
    ...PLAIN_RULE,
    type: body.type === "pass" ? "pass" : body.type === "match" ? "match" : "block",
    interfaces: texts(body.interface),
    family: family === "inet46" || family === "inet6" ? family : "inet",
    protocol: text(body.protocol),
    source: String(body.source),
    destination: String(body.destination),
    sourcePort: text(body.source_port),
    destinationPort: text(body.destination_port),
    description: String(body.descr ?? ""),
    disabled: flagOf(body.disabled, false) === true,
    floating: flagOf(body.floating, false) === true,
    quick: flagOf(body.quick, false) === true,
    direction: body.direction === "out" || body.direction === "any" ? body.direction : "in",
    schedule: text(body.sched),
  };
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];

const typeOf = (value: unknown): "host" | "network" | "port" => (value === "network" || value === "port" ? value : "host");
