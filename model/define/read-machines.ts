/** Networks, hypervisors, firewall and other machines. */
import * as z from "zod";
import type { Firewall, Host, Hypervisor } from "../site";
import type { Problem } from "../values";
import type { NetworkDraft, SiteDraft } from "./draft";
import { address, cidr, closed, count, line, ruled } from "./fields";
import { isRecord, type Reader } from "./reader";

/** Names that users choose for what exists only in the model. */
export function plainName(name: string): Problem | undefined {
  if (/^[a-z][a-z0-9_-]{0,31}$/.test(name)) return undefined;
  return {
    what: `"${name}" cannot be a name here`,
    repair: "choose 1 to 32 lower-case letters, digits, hyphens or underscores, beginning with a letter",
  };
}

/** Names of machines: one label of a host name, since nodes and `/etc/hosts` take nothing else. */
export function machineName(name: string): Problem | undefined {
  if (/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/.test(name)) return undefined;
  return { what: `"${name}" is no host name`, repair: "choose letters, digits and inner hyphens, at most 63, without a domain" };
}

const interfaceName = ruled(
  (text) => /^[A-Za-z][A-Za-z0-9_.]{0,31}$/.test(text),
  (text) => ({ what: `"${text}" is no interface of a firewall`, repair: 'write it as its API does: "lan", "opt1"' }),
);

const NETWORK = { cidr, cidr6: cidr.optional(), gateway: address, firewallInterface: interfaceName.optional() };
const HYPERVISOR = { address, limits: closed({ cores: count.exactOptional(), memoryMiB: count.exactOptional() }).optional() };
const HOST = { address, role: z.enum(["admin", "monitoring", "other"]).default("other") };
const FIREWALL = { kind: z.literal("pfsense"), address, passDescription: line.optional(), blockDescription: line.optional() };

export function readNetworks(reader: Reader, input: unknown): Readonly<Record<string, NetworkDraft>> {
  return reader.entries("networks", input, plainName, (where, value, name) => {
    const read = reader.object(where, value, NETWORK);
    const fallback = isRecord(value) && value.firewallInterface === undefined ? { firewallInterface: name } : {};
    return { ...read, ...fallback };
  });
}

export function readHypervisors(reader: Reader, input: unknown): SiteDraft["hypervisors"] {
  return reader.entries(
    "hypervisors",
    input,
    machineName,
    (where, value): Partial<Hypervisor> => reader.object(where, value, HYPERVISOR),
  );
}

export function readHosts(reader: Reader, input: unknown): SiteDraft["hosts"] {
  return reader.entries("hosts", input, machineName, (where, value): Partial<Host> => reader.object(where, value, HOST));
}

/** @param ports of the backup servers; the rules' descriptions name the first */
export function readFirewall(reader: Reader, input: unknown, ports: readonly number[]): Partial<Firewall> {
  const port = ports[0] ?? 8007;
  return {
    passDescription: `Autoriser PBS - Port ${port}`,
    blockDescription: `Bloquer PBS - Port ${port}`,
    ...reader.object("firewall", input, FIREWALL),
  };
}
