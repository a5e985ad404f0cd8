import * as z from "zod";
import type { FirewallAlias, FirewallInterface, FirewallRule, FirewallState, InterfaceGroup } from "../firewall/state";
import { shaped } from "./answers";

/** The one call that reading needs; `DeviceClient` has it. */
export interface FirewallReader {
  /** The `data` of the answer. */
  get(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
}

const word = z.string().nullish();
const flag = z.boolean().nullish();
const list = z.array(z.string()).nullish();

const RULES = z.array(
  z.object({
    type: z.enum(["pass", "block", "reject", "match"]),
    interface: list,
    ipprotocol: z.enum(["inet", "inet6", "inet46"]).nullish(),
    protocol: word,
    source: z.string(),
    source_port: word,
    destination: z.string(),
    destination_port: word,
    descr: word,
    disabled: flag,
    floating: flag,
    quick: flag,
    direction: z.enum(["any", "in", "out"]).nullish(),
    sched: word,
    dscp: word,
    tcp_flags_any: flag,
    tcp_flags_out_of: list,
    tcp_flags_set: list,
  }),
);

/** The web interface knows more kinds (`urltable`, `url_ports`), all of them fetched from elsewhere. */
const ALIASES = z.array(
  z.object({ name: z.string(), type: z.enum(["host", "network", "port", "url"]).catch("url"), address: list }),
);

const INTERFACES = z.array(
  z.object({
    id: z.string(),
    enable: flag,
    typev4: word,
    ipaddr: word,
    subnet: z.number().nullish(),
    typev6: word,
    ipaddrv6: word,
    subnetv6: z.number().nullish(),
  }),
);

const GROUPS = z.array(z.object({ ifname: z.string(), members: list }));

/**
 * Reads what decides on a pfSense: the whole rule list, all aliases, interfaces and groups. A part of it would not do, because
 * a rule that is not ours can open what ours close.
 * @throws what the client throws; UserError where an answer has another shape than the package 2.10.0 gives
 */
export async function readFirewall(client: FirewallReader): Promise<FirewallState> {
  const get = async <Schema extends z.ZodType>(schema: Schema, path: string) =>
    shaped(schema, await client.get(path), `firewall GET ${path}`);
  const [rules, aliases, interfaces, groups] = await Promise.all([
    get(RULES, "/firewall/rules"),
    get(ALIASES, "/firewall/aliases"),
    get(INTERFACES, "/interfaces"),
    get(GROUPS, "/interface/groups"),
  ]);
  return {
    rules: rules.map(ruleOf),
    aliases: aliases.map(({ name, type, address }): FirewallAlias => ({ name, type, entries: address ?? [] })),
    interfaces: interfaces.map(interfaceOf),
    groups: groups.map(({ ifname, members }): InterfaceGroup => ({ name: ifname, members: members ?? [] })),
  };
}

const VERSION = z.object({ version: z.string() });

/** The release of pfSense: `2.8.1-RELEASE`, `25.11.1-RELEASE`. @throws as `readFirewall` */
export async function readFirewallVersion(client: FirewallReader): Promise<string> {
  const path = "/system/version";
  return shaped(VERSION, await client.get(path), `firewall GET ${path}`).version;
}

const ruleOf = (rule: z.infer<typeof RULES>[number]): FirewallRule => ({
  type: rule.type,
  interfaces: rule.interface ?? [],
  family: rule.ipprotocol ?? "inet",
  protocol: rule.protocol ?? null,
  source: rule.source,
  destination: rule.destination,
  sourcePort: rule.source_port ?? null,
  destinationPort: rule.destination_port ?? null,
  description: rule.descr ?? "",
  disabled: rule.disabled ?? false,
  floating: rule.floating ?? false,
  quick: rule.quick ?? false,
  direction: rule.direction ?? (rule.floating ? "any" : "in"),
  schedule: rule.sched ?? null,
  dscp: rule.dscp === "" ? null : (rule.dscp ?? null),
  tcpFlags: { set: rule.tcp_flags_set ?? [], outOf: rule.tcp_flags_out_of ?? [], any: rule.tcp_flags_any ?? false },
});

const GIVEN_BY_ANOTHER = ["dhcp", "dhcp6", "slaac", "6rd", "track6", "6to4"];

function interfaceOf(read: z.infer<typeof INTERFACES>[number]): FirewallInterface {
  const known = [
    { address: read.ipaddr, length: read.subnet },
    { address: read.ipaddrv6, length: read.subnetv6 },
  ].filter(({ address, length }) => typeof address === "string" && typeof length === "number");
  return {
    name: read.id,
    enabled: read.enable ?? false,
    addresses: known.map(({ address }) => String(address)),
    networks: known.map(({ address, length }) => `${address}/${length}`),
    dynamic: [read.typev4, read.typev6].some((type) => GIVEN_BY_ANOTHER.includes(type ?? "none")),
  };
}
