import type { Grant } from "../../review/configuration";
import { ECOSOLAR, reviewWith, short } from "./configurations";
import { type Loose, SITES } from "./sites";

describe("privileges", () => {
  const grant = (subject: string, path: string, role: string, propagate = true): Grant => ({
    device: "pbs",
    subject,
    path,
    role,
    propagate,
  });
  const said = (from: readonly Grant[], to: readonly Grant[]) => short(reviewWith({ grants: to }, { grants: from }));
  const both = (role: string) => [
    grant("a@pbs", "/datastore/proxmox-data", role),
    grant("a@pbs!t", "/datastore/proxmox-data", role),
  ];

  test("a token can do what both it and its user can", () => {
    const [user, token] = both("DatastoreBackup");
    if (user === undefined || token === undefined) throw new Error("two grants");
    const admin = { ...token, role: "DatastoreAdmin" };
    expect(said([user, token], [user, admin])).toEqual([]);
    expect(said([user, token], [{ ...user, role: "DatastoreAdmin" }, admin])).toHaveLength(1);
    expect(said([admin], [admin, user])).toContain(
      "weakened privileges a@pbs on pbs:/datastore/proxmox-data,a@pbs!t on pbs:/datastore/proxmox-data",
    );
  });

  test("another role with the same privileges is nothing, one that is not known is unknown, a further one is more", () => {
    const path = "/datastore/proxmox-data";
    expect(
      said(
        [grant("a@pbs", path, "DatastoreAudit")],
        [grant("a@pbs", path, "DatastoreAudit"), grant("a@pbs", path, "DatastoreReader")],
      ),
    ).toEqual([`weakened privileges a@pbs on pbs:${path}`]);
    expect(
      said(
        [grant("a@pbs", path, "DatastorePowerUser")],
        [grant("a@pbs", path, "DatastorePowerUser"), grant("a@pbs", path, "DatastoreBackup")],
      ),
    ).toEqual([]);
    expect(said([grant("a@pbs", path, "DatastoreAudit")], [grant("a@pbs", path, "Admin")])).toEqual([
      `unknown privileges a@pbs on pbs:${path}`,
    ]);
    expect(said([grant("a@pbs", path, "Admin")], [grant("a@pbs", path, "DatastoreAudit")])).toEqual([
      `unknown privileges a@pbs on pbs:${path}`,
    ]);
  });

  test("a right that reaches further down, or is not taken away any more, is more", () => {
    const root = grant("a@pbs", "/", "DatastoreAdmin", false);
    expect(said([root], [{ ...root, propagate: true }])).toEqual(["weakened privileges a@pbs on pbs:/*"]);
    expect(said([{ ...root, propagate: true }], [root])).toEqual(["gained privileges a@pbs on pbs:/*"]);
    const none = grant("a@pbs", "/datastore/proxmox-data", "NoAccess");
    const all = { ...root, propagate: true };
    expect(said([all, none], [all])).toEqual(["weakened privileges a@pbs on pbs:/datastore/proxmox-data"]);
    expect(said([all], [all, none])).toEqual(["gained privileges a@pbs on pbs:/datastore/proxmox-data"]);
  });
});

describe("the firewall is evaluated, not compared rule by rule", () => {
  const firewall = ECOSOLAR.firewall as Loose;
  const rule = (values: object) => ({ ...firewall.rules[0], ...values });
  const said = (rules: readonly object[]) => short(reviewWith({ firewall: { ...firewall, rules } }));

  test("a rule above the block opens, below it does nothing", () => {
    const [pass, block] = firewall.rules;
    const open = rule({ source: "any", description: "LAN to any" });
    expect(said([pass, open, block])).toEqual([`weakened reachability ${opened().join(",")}`]);
    expect(said([pass, block, open])).toEqual([]);
    expect(said([pass, rule({ source: "192.168.100.205" }), block])).toEqual(["weakened reachability xivo (192.168.100.205)"]);
    expect(said([pass, rule({ source: "192.168.100.205", disabled: true }), block])).toEqual([]);
  });

  test("what gives less is no alarm, unless a hypervisor is cut off", () => {
    const [, block] = firewall.rules;
    expect(said([block])).toEqual(["gained reachability admin (192.168.100.10),pve1 (192.168.100.210)"]);
    const walled = { ...(ECOSOLAR.promises as Loose) };
    walled.machines = walled.machines.map((one: Loose) => (one.name === "pbs" ? { ...one, addresses: ["10.9.9.9"] } : one));
    const to = {
      ...firewall,
      aliases: firewall.aliases.map((one: Loose) => (one.name.endsWith("_to") ? { ...one, entries: ["10.9.9.9"] } : one)),
    };
    const cut = reviewWith({ firewall: { ...to, rules: [block] } }, { promises: walled, firewall: to });
    expect(short(cut)).toEqual([
      "lost reachability pve1 -> pbs",
      "gained reachability admin (192.168.100.10),pve1 (192.168.100.210)",
    ]);
  });

  function opened(): string[] {
    const names = Object.entries(SITES.ecosolar.guests).map(([name, { address }]) => `${name} (${address})`);
    return [...names, "a stranger on lan"].sort();
  }
});
