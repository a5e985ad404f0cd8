import { PLAIN_RULE } from "../../firewall/plain-rule";
import type { Configuration } from "../../review/configuration";
import { isUnknown } from "../../review/known";
import { reachOf } from "../../review/reach";
import { ECOSOLAR } from "./configurations";
import type { Loose } from "./sites";

const machine = (name: string, role: string, ...addresses: string[]) => ({ name, role, addresses });
const MACHINES = [
  machine("pve1", "hypervisor", "10.1.0.10"),
  machine("admin", "admin", "10.1.0.30"),
  machine("web", "guest", "10.1.0.40"),
  machine("ghost", "guest"),
  machine("pbs", "backup server", "10.2.0.20"),
];
const LAN = { name: "lan", enabled: true, addresses: ["10.1.0.254"], networks: ["10.1.0.0/24"] };
const VAULT = { name: "vault", enabled: true, addresses: ["10.2.0.254"], networks: ["10.2.0.0/24"] };
const rule = (more: object) => ({ ...PLAIN_RULE, interfaces: ["lan"], ...more });
const ANY = rule({ source: "any", destination: "any" });

/** `admin 10.1.0.30 lan -> pbs inet firewall`, of the firewall with these rules on these interfaces. */
function through(rules: readonly object[], interfaces: readonly object[] = [LAN, VAULT], promises: Loose = {}): string[] {
  const reached = reachOf({
    ...ECOSOLAR,
    firewall: { rules, aliases: [], interfaces },
    promises: { ...(ECOSOLAR.promises as Loose), machines: MACHINES, port: 8007, offSite: [], ...promises },
  } as Configuration);
  if (isUnknown(reached)) throw new Error(reached.unknown);
  return reached.reaches
    .filter((one) => one.through === "firewall")
    .map(
      ({ source, address = "?", network = "?", destination, family }) =>
        `${source} ${address} ${network} -> ${destination} ${family}`,
    );
}

test("everybody on the side of the rule is named by his address and network, a stranger and the internet by none", () => {
  expect(through([ANY])).toEqual([
    "pve1 10.1.0.10 lan -> pbs inet",
    "admin 10.1.0.30 lan -> pbs inet",
    "web 10.1.0.40 lan -> pbs inet",
    "a stranger on lan ? lan -> pbs inet",
  ]);
  expect(through([])).toEqual([]);
});

test("an interface that is off, or whose networks come and go, has no strangers", () => {
  const dmz = { name: "dmz", enabled: true, addresses: ["10.3.0.254"], networks: ["10.3.0.0/24"] };
  const open = rule({ interfaces: ["dmz"], source: "any", destination: "any" });
  expect(through([open], [LAN, VAULT, dmz])).toEqual(["a stranger on dmz ? dmz -> pbs inet"]);
  expect(through([open], [LAN, VAULT, { ...dmz, enabled: false }])).toEqual([]);
  expect(through([open], [LAN, VAULT, { ...dmz, dynamic: true }])).toEqual([]);
});

describe("where the firewall routes IPv6 into the server's network", () => {
  const lan = { ...LAN, addresses: [...LAN.addresses, "2001:db8:1::1"], networks: [...LAN.networks, "2001:db8:1::/64"] };
  const vault = { ...VAULT, addresses: [...VAULT.addresses, "2001:db8:2::1"], networks: [...VAULT.networks, "2001:db8:2::/64"] };
  const sixth = rule({ family: "inet6", source: "any", destination: "any" });
  const STRANGER = "a stranger on lan ? lan -> pbs inet6";

  test("an address that is not known is any of it", () => {
    expect(through([sixth], [lan, vault])).toContain(STRANGER);
    expect(through([{ ...sixth, destination: "2001:db8:9::20" }], [lan, vault])).toEqual([]);
  });

  test("one that is known is that one", () => {
    const machines = MACHINES.map((one) => (one.name === "pbs" ? { ...one, addresses: ["10.2.0.20", "2001:db8:2::20"] } : one));
    const to = (destination: string) => through([{ ...sixth, destination }], [lan, vault], { machines });
    expect(to("2001:db8:2::20")).toContain(STRANGER);
    expect(to("2001:db8:2::21")).toEqual([]);
  });

  test("another network's does not count, nor one that is off", () => {
    expect(through([sixth], [lan, VAULT])).toEqual([]);
    expect(through([sixth], [lan, VAULT, { ...vault, name: "other", networks: ["2001:db8:3::/64"] }])).toEqual([]);
  });
});

test("the server's own filter lets hypervisors and administrators through, by every address that is one", () => {
  const machines = MACHINES.map((one) =>
    one.name === "pbs"
      ? { ...one, hostFirewall: true }
      : one.name === "admin"
        ? { ...one, addresses: ["10.1.0.30", "admin", "fd00::30"] }
        : one,
  );
  const promises = { ...(ECOSOLAR.promises as Loose), machines, port: 8007, offSite: [] };
  const reached = reachOf({ ...ECOSOLAR, firewall: { unknown: "no plan" }, promises } as Configuration);
  expect(reached).toEqual({ unknown: "no plan" });
  const { firewall: _, ...without } = ECOSOLAR;
  const known = reachOf({ ...without, promises } as Configuration);
  expect(isUnknown(known) ? known : known.reaches.filter((one) => one.through === "server")).toEqual(
    [
      ["pve1", "10.1.0.10", "inet"],
      ["admin", "10.1.0.30", "inet"],
      ["admin", "fd00::30", "inet6"],
    ].map(([source, address, family]) => ({ source, address, destination: "pbs", family, port: 8007, through: "server" })),
  );
  const { promises: none, ...bare } = ECOSOLAR;
  expect(none).toBeDefined();
  expect(reachOf(bare)).toEqual({ unknown: "only the site file says which machines there are" });
});
