import { PLAIN_RULE } from "../../firewall/plain-rule";
import type { Flow, GridSource } from "../../firewall/reachability";
import type { FirewallRule, FirewallState } from "../../firewall/state";
import { EMPTY_SEED } from "../../lab/seed";
import { type FirewallReader, readFirewall } from "../../live/read-firewall";
import { Firewall } from "../lab-devices/pfsense";

/** A rule that passes everything on LAN, changed as the test wants it. */
export const rule = (changes: Partial<FirewallRule> = {}): FirewallRule => ({
  ...PLAIN_RULE,
  interfaces: ["lan"],
  ...changes,
});

/** LAN and a backup network of both families behind a firewall, with an address on the internet side. */
export const INTERFACES: FirewallState["interfaces"] = [
  { name: "wan", enabled: true, addresses: ["198.51.100.2"], networks: ["198.51.100.2/24"] },
  {
    name: "lan",
    enabled: true,
    addresses: ["192.168.1.1", "2001:db8:1::1"],
    networks: ["192.168.1.1/24", "2001:db8:1::1/64"],
  },
  {
    name: "opt1",
    enabled: true,
    addresses: ["192.168.9.1", "2001:db8:9::1"],
    networks: ["192.168.9.1/24", "2001:db8:9::1/64"],
  },
];

export const state = (rules: readonly FirewallRule[], more: Partial<FirewallState> = {}): FirewallState => ({
  rules,
  aliases: [],
  interfaces: INTERFACES,
  ...more,
});

export const PBS = { v4: "192.168.9.20", v6: "2001:db8:9::20" };
export const PVE = { v4: "192.168.1.10", v6: "2001:db8:1::10" };

export const TO_PBS: Flow = { destinations: [PBS.v4, PBS.v6], port: 8007 };

export const GRID: readonly GridSource[] = [
  { name: "pve", addresses: [PVE.v4], mayReach: true },
  { name: "guest erp", addresses: ["192.168.1.103"], mayReach: false },
  { name: "admin", addresses: ["192.168.1.5"], mayReach: true },
  { name: "stranger on the LAN", addresses: ["192.168.1.250", "2001:db8:1::250"], mayReach: false },
  { name: "internet", addresses: ["9.9.9.9", "2620:fe::9"], mayReach: false },
];

/** The lab's firewall with the networks above, and what it says of itself. */
export class LabFirewall {
  readonly device = new Firewall({
    ...EMPTY_SEED,
    firewall: {
      address: "192.168.1.1",
      interfaces: {
        lan: { cidr: "192.168.1.0/24", address: "192.168.1.1", cidr6: "2001:db8:1::/64", address6: "2001:db8:1::1" },
        opt1: { cidr: "192.168.9.0/24", address: "192.168.9.1", cidr6: "2001:db8:9::/64", address6: "2001:db8:9::1" },
      },
    },
  });

  async call(method: string, url: string, body?: unknown): Promise<void> {
    const { status, body: answer } = await this.device.call(method, url, body);
    if (status !== 200) throw new Error(`${method} ${url}: ${answer.message}`);
  }

  /** Aliases, pass rule and block rule before the stock rules, as the firewall layer makes them. */
  async protect(): Promise<void> {
    const host = (name: string, address: string[]) =>
      this.call("POST", "/firewall/alias", { name, type: "host", address, detail: address });
    await host("PBS_CLIENTS", [PVE.v4, "192.168.1.5"]);
    await host("PBS_HOSTS", [PBS.v4, PBS.v6]);
    const service = { interface: ["lan"], protocol: "tcp", destination: "PBS_HOSTS", destination_port: "8007" };
    const pass = { ...service, type: "pass", ipprotocol: "inet", source: "PBS_CLIENTS", descr: "pass", placement: 0 };
    await this.call("POST", "/firewall/rule", pass);
    await this.call("POST", "/firewall/rule", {
      ...service,
      type: "block",
      ipprotocol: "inet46",
      source: "any",
      descr: "block",
      placement: 1,
    });
  }

  /** Position of a rule in the list. */
  async idOf(description: string): Promise<number> {
    return (await this.device.order()).indexOf(description);
  }

  read(): Promise<FirewallState> {
    const reader: FirewallReader = {
      get: async (path) => (await this.device.call("GET", path)).body.data,
    };
    return readFirewall(reader);
  }
}
