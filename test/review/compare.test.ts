import { retention } from "../../review/aspects/retention";
import { compareProtection } from "../../review/compare";
import type { Configuration } from "../../review/configuration";
import { isUnknown } from "../../review/known";
import type { GuestProtection } from "../../review/protection";
import { ALL, ECOSOLAR, each, reviewWith, short } from "./configurations";
import { changed, type Loose, protectionOfSite, reviewOf, SITES, siteAfter } from "./sites";

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

test("the same rule at the same pace keeps the same, whatever the days of the month make of it", () => {
  const [before] = protectionOfSite(SITES.ecosolar).guests;
  if (before === undefined || isUnknown(before.kept)) throw new Error("a guest with known points");
  const fewer: GuestProtection = { ...before, kept: { ...before.kept, points: before.kept.points - 1 } };
  expect(retention.compare(before, fewer)).toEqual([]);
  expect(retention.compare(before, { ...fewer, gapMs: 1 }).map((change) => change.class)).toEqual(["weakened"]);
});

describe("guests", () => {
  const site = protectionOfSite(SITES.ecosolar);
  const [first] = site.guests;
  if (first === undefined) throw new Error("a guest");
  const guests = (ids: readonly number[], more: Partial<GuestProtection> = {}) => ({
    ...site,
    guests: ids.map((id): GuestProtection => ({ ...first, id: id as GuestProtection["id"], name: `vm${id}`, ...more })),
  });

  test("that neither side backs up have nothing that could get worse", () => {
    const off = { covered: false, encrypted: true };
    expect(compareProtection(guests([1], off), guests([1], { ...off, encrypted: false }))).toEqual([]);
  });

  test("stand by their numbers, with the name that they have or had, or none", () => {
    const before = guests([10, 9, 2]);
    const after = { ...guests([9, 10, 2], { encrypted: false }) };
    expect(compareProtection(before, after)[0]?.subjects).toEqual(["2 vm2", "9 vm9", "10 vm10"]);
    expect(compareProtection(guests([3]), guests([]))[0]?.subjects).toEqual(["3 vm3"]);
    const { name: _, ...nameless } = first;
    expect(compareProtection({ ...site, guests: [nameless] }, { ...site, guests: [] })[0]?.subjects).toEqual(["101"]);
  });

  test("that lose something are counted, those that gain are not", () => {
    const ids = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);
    const of = (worse: number, better: number) => {
      const [good, bad] = [{ encrypted: true }, { encrypted: false }];
      const side = (one: object, other: object) => ({
        ...site,
        guests: [...guests(ids(200, worse), one).guests, ...guests(ids(300, better), other).guests],
      });
      return compareProtection(side(good, bad), side(bad, good))[0]?.evidence;
    };
    expect(of(9, 5)).not.toContain("objects in one change");
    expect(of(10, 5)).toContain("; 10 objects in one change");
  });
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
    expect(short(reviewWith({ verifyJobs: ECOSOLAR.verifyJobs }, { verifyJobs: unknown }))).toEqual([
      `unknown verification ${ALL}`,
    ]);
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
      pruneJobs: (ECOSOLAR.pruneJobs as Loose).map((job: Loose) =>
        job.namespace === "" ? { ...job, maxDepth: 7, retention: { last: 1 } } : job,
      ),
    };
    expect(short(reviewWith(deep))).toEqual(["weakened retention 101,103", "weakened retention 102,104,105,106"]);
    const shallow = {
      pruneJobs: (ECOSOLAR.pruneJobs as Loose).map((job: Loose) =>
        job.namespace === "" ? { ...job, retention: { last: 1 } } : job,
      ),
    };
    expect(reviewWith(shallow)).toEqual([]);
  });

  test("a job for all guests takes all but the excluded", () => {
    const all = (exclude: number[]) => each("backupJobs", { selection: { kind: "all", exclude } });
    expect(short(reviewWith(all([105]), all([])))).toEqual(["lost coverage 105"]);
    expect(short(reviewWith(all([]), all([105])))).toEqual(["gained coverage 105"]);
  });

  test("a second job to the same place gives the better gap and takes nothing away", () => {
    const [job] = ECOSOLAR.backupJobs as Loose;
    const findings = reviewWith({
      backupJobs: [...(ECOSOLAR.backupJobs as Loose), { ...job, id: "more", schedule: "0/2:00 UTC" }],
    });
    expect(short(findings)).toContain("gained rpo 101,103");
    expect(findings.every((finding) => finding.class === "gained")).toBe(true);
  });

  function withoutAgain(): Loose {
    return (ECOSOLAR.verifyJobs as Loose).map(({ againAfterDays: _, ...job }: Loose) => job);
  }
});
