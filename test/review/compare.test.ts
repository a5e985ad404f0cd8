import type { GuestId } from "../../model";
import { compareProtection } from "../../review/compare";
import type { Configuration, Grant } from "../../review/configuration";
import type { ProtectionFinding } from "../../review/finding";
import { protectionOf } from "../../review/protect";
import type { Protection } from "../../review/protection";
import { configurationOfModel } from "../../review/sources/model";
import { changed, inShort, type Loose, protectionOfSite, reviewOf, SITES, siteAfter } from "./sites";

const base = configurationOfModel(SITES.ecosolar);
const before = protectionOfSite(SITES.ecosolar);
const nord = configurationOfModel(SITES.atelier);

/** What a review says of a configuration that no site file can describe. */
const reviewWith = (change: Partial<Configuration>, from: Partial<Configuration> = {}): readonly ProtectionFinding[] =>
  compareProtection(protectionOf({ ...base, ...from }), protectionOf({ ...base, ...from, ...change }));

/** Every entry of a list with a change. */
const each = <Key extends keyof Configuration>(key: Key, values: object): Pick<Configuration, Key> =>
  ({ [key]: (base[key] as Loose).map((one: object) => ({ ...one, ...values })) }) as Pick<Configuration, Key>;

const short = (findings: readonly ProtectionFinding[]): string[] => findings.map(inShort);
const ALL = "101,102,103,104,105,106";

test("a lower retention, a dropped guest, a wider firewall and three renamed guests are three findings", () => {
  const after = siteAfter("ecosolar", (site: Loose) => {
    site.tiers.critical.retention = { hourly: 24, daily: 2 };
    delete site.guests.xivo;
    site.hosts.laptop = { address: "192.168.100.11", role: "admin" };
    for (const name of ["ad", "erp", "mail"]) {
      site.guests[`${name}-2`] = site.guests[name];
      delete site.guests[name];
    }
    for (const guest of Object.values<Loose>(site.guests)) guest.dependsOn = guest.dependsOn.map((name: string) => `${name}-2`);
  });
  expect(reviewOf(SITES.ecosolar, after)).toEqual([
    {
      class: "lost",
      aspect: "coverage",
      subjects: ["105 xivo"],
      before: "backed up",
      after: "not in the site",
      reversibility: "reversible",
      evidence: "the backups on pbs:proxmox-data:standard stay; new ones are made once this is taken back",
    },
    {
      class: "weakened",
      aspect: "retention",
      subjects: ["101 ad-2", "103 erp-2"],
      before: "31 points, oldest 10d (hourly 24, daily 7)",
      after: "26 points, oldest 5d (hourly 24, daily 2)",
      reversibility: "unrecoverable",
      evidence: expect.stringContaining("the next prune removes points that nothing brings back"),
    },
    {
      class: "weakened",
      aspect: "reachability",
      subjects: ["laptop (192.168.100.11)"],
      before: "stopped by the firewall",
      after: "let through to pbs:8007",
      reversibility: "recoverable with effort",
      evidence: expect.any(String),
    },
  ]);
});

test("the same change in another order of the file gives the same findings in the same order", () => {
  const weaken = (site: Loose) => {
    for (const tier of Object.values<Loose>(site.tiers)) Object.assign(tier, { encryption: false, repeatMissed: false });
    site.hosts.laptop = { address: "192.168.100.11", role: "admin" };
  };
  const turn = (site: Loose) => {
    for (const key of ["guests", "tiers", "hosts"]) site[key] = Object.fromEntries(Object.entries(site[key]).reverse());
  };
  const straight = siteAfter("ecosolar", weaken);
  expect(reviewOf(SITES.ecosolar, changed(straight, turn))).toEqual(reviewOf(SITES.ecosolar, straight));
});

describe("what a source cannot say is never good", () => {
  const unknown = { unknown: "known only after the apply" };

  test.each<readonly [string, Partial<Configuration>, readonly string[]]>([
    ["the jobs", { backupJobs: unknown }, [`unknown coverage ${ALL}`]],
    ["a job's storage", each("backupJobs", { storage: unknown }), [`unknown coverage ${ALL}`]],
    ["whom a job takes", each("backupJobs", { selection: unknown }), [`unknown coverage ${ALL}`]],
    ["a job's schedule", each("backupJobs", { schedule: unknown }), ["rpo", "retention"].map((one) => `unknown ${one} 101,103`)],
    ["a job's mode", each("backupJobs", { mode: unknown }), [`unknown consistency ${ALL}`]],
    ["whether it is encrypted", each("storages", { encrypted: unknown }), [`unknown encryption ${ALL}`]],
    ["whether the server is known", each("storages", { pinned: unknown }), [`unknown encryption ${ALL}`]],
    ["who writes", each("storages", { writer: unknown }), [`unknown history ${ALL}`]],
    ["what is kept", each("pruneJobs", { retention: unknown }), ["unknown retention 101,103"]],
    ["the prune jobs", { pruneJobs: unknown }, ["unknown retention 101,103"]],
    ["the verify jobs", { verifyJobs: unknown }, [`unknown verification ${ALL}`]],
    ["the sync jobs", { syncJobs: unknown }, [`unknown copies ${ALL}`, "unknown copies copies held for others"]],
    ["the rights", { grants: unknown }, ["unknown privileges users and tokens"]],
    ["the firewall", { firewall: unknown }, ["unknown reachability backup servers' port"]],
    ["who is told", { alerts: unknown }, ["unknown detection failures"]],
    ["where a datastore lies", each("datastores", { path: unknown }), ["unknown datastore pbs:proxmox-data"]],
  ])("%s", (_, change, finds) => {
    const findings = reviewWith(change);
    for (const find of finds) expect(short(findings)).toContain(find);
    for (const finding of findings) {
      expect(finding.class).toBe("unknown");
      expect(finding.after).toContain("known only after the apply");
      expect(finding.reversibility).toBe("needs review");
    }
  });

  test("what was unknown and is now bad or anything else is no good news; what could not be better is", () => {
    const from = each("storages", { encrypted: unknown });
    expect(short(reviewWith(each("storages", { encrypted: true }), from))).toEqual([`gained encryption ${ALL}`]);
    expect(short(reviewWith(each("storages", { encrypted: false }), from))).toEqual([`unknown encryption ${ALL}`]);
    expect(short(reviewWith({ verifyJobs: base.verifyJobs }, { verifyJobs: unknown }))).toEqual([`unknown verification ${ALL}`]);
    expect(short(reviewWith({ backupJobs: [] }, { backupJobs: unknown }))).toEqual([`lost coverage ${ALL}`]);
  });

  test("what neither side can say is no finding", () => {
    expect(reviewWith({}, { backupJobs: unknown, firewall: unknown, grants: unknown })).toEqual([]);
  });
});

describe("what only devices and plans can say", () => {
  test.each<readonly [string, Partial<Configuration>, string]>([
    ["a disabled job", each("backupJobs", { enabled: false }), `lost coverage ${ALL}`],
    ["no job at all", { backupJobs: [] }, `lost coverage ${ALL}`],
    ["a disabled storage", each("storages", { enabled: false }), "lost coverage 101,103"],
    ["a datastore in maintenance", each("datastores", { maintenance: "offline" }), `lost coverage ${ALL}`],
    ["a disk left out", each("guests", { excludedDisks: ["scsi1"] }), `lost coverage ${ALL}`],
    ["a path left out", each("backupJobs", { excludedPaths: ["/srv"] }), `lost coverage ${ALL}`],
    ["a pruning job", each("backupJobs", { prunesItself: true }), `weakened retention ${ALL}`],
    ["a pruning storage", each("storages", { prunes: true }), `weakened retention ${ALL}`],
    ["a disabled verify job", each("verifyJobs", { enabled: false }), `weakened verification ${ALL}`],
    ["a verify job for another namespace", each("verifyJobs", { namespace: "other" }), `weakened verification ${ALL}`],
    ["a verify job that never looks again", { verifyJobs: withoutAgain() }, `weakened verification ${ALL}`],
    ["a certificate that is not pinned", each("storages", { pinned: false }), `weakened encryption ${ALL}`],
    ["an alert that is off", each("alerts", { enabled: false }), "weakened detection hypervisor,pbs"],
    ["no garbage collection", each("datastores", { garbageCollection: "never" }), "weakened datastore pbs:proxmox-data"],
    ["a job for one node", each("backupJobs", { node: "pve1" }), "unknown coverage 101,103"],
    ["a job for a pool", each("backupJobs", { selection: { kind: "pool", pool: "x" } }), `unknown coverage ${ALL}`],
  ])("%s", (_, change, find) => expect(short(reviewWith(change))).toContain(find));

  test("disabled prune jobs keep everything; one of the root that goes deep leaves less", () => {
    expect(short(reviewWith(each("pruneJobs", { enabled: false })))).toEqual([
      "gained retention 101,103",
      "gained retention 102,104,105,106",
    ]);
    const deep = {
      pruneJobs: (base.pruneJobs as Loose).map((job: Loose) =>
        job.namespace === "" ? { ...job, maxDepth: 7, retention: { last: 1 } } : job,
      ),
    };
    expect(short(reviewWith(deep))).toEqual(["weakened retention 101,103", "weakened retention 102,104,105,106"]);
    const shallow = {
      pruneJobs: (base.pruneJobs as Loose).map((job: Loose) => (job.namespace === "" ? { ...job, retention: { last: 1 } } : job)),
    };
    expect(reviewWith(shallow)).toEqual([]);
  });

  test("a job for all guests takes all but the excluded", () => {
    const all = (exclude: number[]) => each("backupJobs", { selection: { kind: "all", exclude } });
    expect(short(reviewWith(all([105]), all([])))).toEqual(["lost coverage 105"]);
    expect(short(reviewWith(all([]), all([105])))).toEqual(["gained coverage 105"]);
  });

  test("a second job to the same place gives the better gap and takes nothing away", () => {
    const [job] = base.backupJobs as Loose;
    const findings = reviewWith({ backupJobs: [...(base.backupJobs as Loose), { ...job, id: "more", schedule: "0/2:00 UTC" }] });
    expect(short(findings)).toContain("gained rpo 101,103");
    expect(findings.every((finding) => finding.class === "gained")).toBe(true);
  });

  function withoutAgain(): Loose {
    return (base.verifyJobs as Loose).map(({ againAfterDays: _, ...job }: Loose) => job);
  }
});

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
  const firewall = base.firewall as Loose;
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
    const walled = { ...(base.promises as Loose) };
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

describe("what can be taken back", () => {
  const tier = (findings: readonly ProtectionFinding[], aspect: string) => {
    const found = findings.find((finding) => finding.aspect === aspect);
    return [found?.reversibility, found?.evidence];
  };
  const make = (site: Loose) => {
    site.guests.plans.create = { cores: 1, memoryMiB: 1024, diskGiB: 8, diskStorage: "local-lvm", bridge: "vmbr0" };
  };

  test("a machine that Bastide made goes with its backup, and with its datastore", () => {
    const made = siteAfter("atelier", make);
    const gone = (site: Loose) => {
      delete site.guests.plans;
      delete site.tiers.bronze;
    };
    expect(tier(reviewOf(made, changed(made, gone)), "coverage")[0]).toBe("needs review");
    expect(tier(reviewOf(SITES.atelier, siteAfter("atelier", gone)), "coverage")[0]).toBe("reversible");
    const all = reviewOf(
      made,
      changed(made, gone, (site: Loose) => delete site.backupServers.coffre.datastores.archive),
    );
    expect(tier(all, "coverage")[0]).toBe("unrecoverable");
    expect(tier(all, "coverage")[1]).toContain("2200 is destroyed, and the datastore");
  });

  test("a copy goes with its source, a key with what it opens", () => {
    const stores = (change: object) => ({ datastores: (base.datastores as Loose).map((one: object) => ({ ...one, ...change })) });
    const sync = {
      ...(nord.syncJobs as Loose)[0],
      backupServer: "pbs",
      datastore: "proxmox-data",
      direction: "push",
      remoteHost: "far.example",
    };
    const from = { syncJobs: [sync] };
    expect(tier(reviewWith({ syncJobs: [] }, from), "copies")[0]).toBe("reversible");
    expect(tier(reviewWith({ syncJobs: [], ...stores({ path: "/new" }) }, from), "copies")[0]).toBe("unrecoverable");
    expect(tier(reviewWith(each("storages", { encrypted: false })), "encryption")[0]).toBe("recoverable with effort");
    expect(tier(reviewWith({ ...each("storages", { encrypted: false }), ...stores({ path: "/new" }) }), "encryption")[0]).toBe(
      "unrecoverable",
    );
  });

  test("what is pruned is gone, the more so where a copy follows; a copy that keeps is asked", () => {
    const less = each("pruneJobs", { retention: { last: 1 } });
    const job = (values: object) => ({
      syncJobs: [
        {
          ...(nord.syncJobs as Loose)[0],
          backupServer: "far",
          datastore: "copy",
          remoteHost: "pbs",
          remoteDatastore: "proxmox-data",
          ...values,
        },
      ],
      promises: {
        ...(base.promises as Loose),
        offSite: ["far"],
        machines: [...(base.promises as Loose).machines, { name: "far", role: "backup server", addresses: ["10.0.0.9"] }],
      },
    });
    expect(tier(reviewWith(less), "retention")).toEqual([
      "unrecoverable",
      expect.stringContaining("there is no copy that keeps them"),
    ]);
    expect(tier(reviewWith(less, job({ removeVanished: true })), "retention")).toEqual([
      "unrecoverable",
      expect.stringContaining("the copy on far:copy follows"),
    ]);
    expect(tier(reviewWith(less, job({})), "retention")).toEqual([
      "needs review",
      expect.stringContaining("whether far:copy still has them"),
    ]);
  });

  test("10 objects are more than one person undoes at once, 50 more than one looks at", () => {
    const many = (count: number): readonly ProtectionFinding[] => {
      const [guest] = before.guests;
      if (guest === undefined) throw new Error("a guest");
      const guests = Array.from({ length: count }, (_, index) => ({
        ...guest,
        id: (200 + index) as GuestId,
        name: `vm${index}`,
      }));
      const site: Protection = { ...before, guests };
      return compareProtection(site, { ...site, guests: guests.map((one) => ({ ...one, covered: false })) });
    };
    const tiers = [9, 10, 49, 50].map((count) => many(count)[0]?.reversibility);
    expect(tiers).toEqual(["reversible", "recoverable with effort", "recoverable with effort", "needs review"]);
    expect(many(10)[0]?.evidence).toContain("10 objects in one change");
    expect(many(50)[0]?.subjects).toHaveLength(50);
  });
});
