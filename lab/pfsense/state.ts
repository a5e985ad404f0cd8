import { createHash } from "node:crypto";
import type { LabSeed } from "../seed";
import type { Stored } from "./field";

/** The part of the firewall's `config.xml` that the lab keeps. */
export interface Configuration {
  interfaces: Record<string, InterfaceConfiguration>;
  /** Every list that the API gives by index. */
  lists: {
    "Firewall Alias": Stored[];
    "Firewall Rule": Stored[];
    "Interface VLAN": Stored[];
    "Interface Group": Stored[];
    "REST API Key": Stored[];
    "Firewall State": Stored[];
  };
  /** Subsystems with a change that the filter has not loaded yet. */
  pending: string[];
  /** How often the filter was loaded. */
  applies: number;
}

export interface InterfaceConfiguration {
  /** Name of the network card. */
  readonly if: string;
  readonly description: string;
  /** Absent: the interface is there but not set up. */
  readonly address?: string;
  readonly prefixLength?: number;
  readonly address6?: string;
  readonly prefixLength6?: number;
}

export const keyHash = (key: string): string => createHash("sha256").update(key).digest("hex");

/**
 * A firewall fresh from the installer: three cards, the LAN rules of the stock configuration, no alias. Its anti-lockout
 * rule is built in, so no list shows it. OPT1 is not set up unless the seed names it.
 */
export function freshConfiguration(seed: LabSeed, adminKey: string): Configuration {
  return {
    interfaces: interfacesOf(seed),
    lists: {
      "Firewall Alias": [],
      "Firewall Rule": [
        stockRule("inet", "Default allow LAN to any rule", 100000101),
        stockRule("inet6", "Default allow LAN IPv6 to any rule", 100000102),
      ],
      "Interface VLAN": [],
      "Interface Group": [],
      "REST API Key": [adminKeyEntry(adminKey)],
      "Firewall State": [],
    },
    pending: [],
    applies: 0,
  };
}

export const adminKeyEntry = (key: string): Stored => ({
  descr: "Bastide lab",
  username: "admin",
  hash_algo: "sha256",
  length_bytes: 24,
  hash: keyHash(key),
});

const stockRule = (family: string, descr: string, tracker: number): Stored => ({
  type: "pass",
  interface: "lan",
  ipprotocol: family,
  source: "lan",
  destination: "any",
  descr,
  tracker,
});

function interfacesOf(seed: LabSeed): Record<string, InterfaceConfiguration> {
  const internal = seed.firewall?.interfaces ?? {};
  const names = [...new Set(["wan", "lan", "opt1", ...Object.keys(internal)])];
  return Object.fromEntries(
    names.map((name, index): [string, InterfaceConfiguration] => {
      const seeded = internal[name];
      const card = { if: `em${index}`, description: name.toUpperCase() };
      // A documentation address: the client's own is not the lab's business, and nothing is ever sent there.
      if (seeded === undefined) return [name, name === "wan" ? { ...card, address: "198.51.100.2", prefixLength: 24 } : card];
      const { address, cidr, address6, cidr6 } = seeded;
      const ipv6 = address6 === undefined ? {} : { address6, prefixLength6: prefixLength(cidr6) };
      return [name, { ...card, address, prefixLength: prefixLength(cidr), ...ipv6 }];
    }),
  );
}

const prefixLength = (cidr = ""): number => Number(cidr.split("/")[1]);
