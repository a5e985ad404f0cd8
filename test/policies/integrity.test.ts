import { collectionApart } from "../../policies/rules/integrity/collection-apart";
import { garbageCollected } from "../../policies/rules/integrity/garbage-collected";
import { prunedByServer } from "../../policies/rules/integrity/pruned-by-server";
import { prunedEverywhere } from "../../policies/rules/integrity/pruned-everywhere";
import { prunedOnce } from "../../policies/rules/integrity/pruned-once";
import { verifiedAgain } from "../../policies/rules/integrity/verified-again";
import { verifiedEverywhere } from "../../policies/rules/integrity/verified-everywhere";
import { verifiedWhenNew } from "../../policies/rules/integrity/verified-when-new";
import { addServer, type Loose, siteWith } from "../model/base-site";
import { inBoth, inFiles, inPlan, type Objects } from "./device-objects";
import { faultsOf, repairsOf } from "./judge";

const server = (objects: Objects) => objects["backup-server"];
const siteOf = (change: (datastore: Loose) => void) => siteWith((input) => change(input.backupServers.pbs.datastores.data));
const base = siteWith(() => undefined);

describe(verifiedEverywhere.sentence, () => {
  test("one job of the whole datastore does", () => {
    expect(inBoth(verifiedEverywhere)).toEqual([]);
  });

  test.each<[string, (job: Loose) => void, string[]]>([
    ["stops above a namespace", (job) => (job.body["max-depth"] = 0), ["critical"]],
    ["begins in a namespace", (job) => (job.body.ns = "critical"), ["store"]],
    ["has no schedule", (job) => delete job.body.schedule, ["store", "critical"]],
    ["belongs to another datastore", (job) => (job.body.store = "other"), ["store", "critical"]],
    ["stands on another server", (job) => (job.device = "pbs2"), ["store", "critical"]],
  ])("a job that %s leaves something unread", (_, change, unread) => {
    const found = inBoth(verifiedEverywhere, (objects) => change(server(objects).verify));
    expect(found.map((fault) => fault.split(":")[0])).toEqual(unread.map((name) => `backup-server ${name}`));
  });

  test.each([
    [1, []],
    [0, ["backup-server critical: no verification job reads namespace critical of data"]],
  ])("a depth of %d reaches as far as it says", (depth, expected) => {
    expect(inBoth(verifiedEverywhere, (objects) => (server(objects).verify.body["max-depth"] = depth))).toEqual(expected);
  });

  test("a namespace is not reached by the job of one whose name begins alike", () => {
    const found = inBoth(verifiedEverywhere, (objects) => {
      server(objects).verify.body.ns = "crit";
    });
    expect(found).toContain("backup-server critical: no verification job reads namespace critical of data");
  });

  test("several jobs together may do what one does", () => {
    const found = inBoth(verifiedEverywhere, (objects) => {
      const { verify } = server(objects);
      server(objects).other = { ...verify, body: { ...verify.body, ns: "critical" } };
      verify.body["max-depth"] = 0;
    });
    expect(found).toEqual([]);
  });

  test.each(["name", "parent"])("a namespace whose %s is not known yet is unknown in the plan", (key) => {
    const later = (objects: Objects) => (server(objects).critical.body[key] = "${local.namespace}");
    expect(inFiles(verifiedEverywhere, later)).toEqual([]);
    expect(inPlan(verifiedEverywhere, later)).toEqual([`backup-server critical: unknown: ${key}: known only after the apply`]);
  });

  test("what only the plan knows is no fault before it, and what only the apply knows is unknown", () => {
    const later = (objects: Objects) => (server(objects).verify.body.store = "${local.store}");
    expect(inFiles(verifiedEverywhere, later)).toEqual([]);
    expect(inPlan(verifiedEverywhere, later)[0]).toMatch(/^backup-server store: unknown:/);
  });
});

describe(verifiedAgain.sentence, () => {
  const again = (schedule: string, againAfterDays: number) =>
    siteOf((store) => (store.verification = { schedule, againAfterDays }));

  test.each([
    ["weekly", 38, []],
    ["weekly", 39, ["a backup is verified again after up to 46 days (39 until it is due, 7 until the job runs)"]],
    ["monthly", 14, []],
    ["monthly", 15, ["a backup is verified again after up to 46 days (15 until it is due, 31 until the job runs)"]],
  ])("%s and %d days", (schedule, days, expected) => {
    const where = "backupServers.pbs.datastores.data.verification";
    expect(faultsOf(verifiedAgain, again(schedule, days))).toEqual(expected.map((what) => `${where}: ${what}`));
  });

  test.each<[string, Loose, string[]]>([
    ["as the model has it", {}, []],
    ["at every run, whatever was verified", { "ignore-verified": false, "outdated-after": undefined }, []],
    ["only once", { "outdated-after": undefined }, ["backup-server verify: what was verified once is never verified again"]],
    ["later", { "outdated-after": 39 }, [expect.stringContaining("after up to 46 days")]],
    [
      "at every run, but a run a year",
      { "ignore-verified": false, schedule: "yearly" },
      ["backup-server verify: a backup is verified again after up to 366 days"],
    ],
    ["never", { schedule: "" }, ["backup-server verify: it has no schedule, so it never runs"]],
  ])("an override: %s", (_, body, expected) => {
    expect(inBoth(verifiedAgain, (objects) => Object.assign(server(objects).verify.body, body))).toEqual(expected);
  });

  test("an override that says nothing of it verifies what was not verified yet only, until it is old", () => {
    const silent = (objects: Objects) => delete server(objects).verify.body["ignore-verified"];
    expect(inBoth(verifiedAgain, silent)).toEqual([]);
    const once = (objects: Objects) => {
      silent(objects);
      delete server(objects).verify.body["outdated-after"];
    };
    expect(inBoth(verifiedAgain, once)).toEqual(["backup-server verify: what was verified once is never verified again"]);
  });

  test("the advice names the limit", () => {
    expect(repairsOf(verifiedAgain, again("weekly", 39))).toEqual([
      "run it more often, or lower `againAfterDays`: together at most 45 days",
    ]);
  });

  test("what the site file says itself is not told a second time", () => {
    const same = (objects: Objects) => (server(objects).verify.body["outdated-after"] = 60);
    expect(inBoth(verifiedAgain, same, again("weekly", 60))).toEqual([]);
    expect(inBoth(verifiedAgain, same, again("weekly", 61))).toHaveLength(1);
  });
});

describe(verifiedWhenNew.sentence, () => {
  const off = siteOf((store) => (store.verifyNew = false));

  test("by default", () => {
    expect(faultsOf(verifiedWhenNew, base)).toEqual([]);
    expect(inBoth(verifiedWhenNew)).toEqual([]);
  });

  test("not where the site file switches it off, which is told once", () => {
    expect(faultsOf(verifiedWhenNew, off)).toEqual([
      "backupServers.pbs.datastores.data: new backups wait for the verification job",
    ]);
    expect(inBoth(verifiedWhenNew, (objects) => (server(objects).store.body["verify-new"] = false), off)).toEqual([]);
  });

  test.each([false, undefined])("not where an override makes it %s", (value) => {
    expect(inBoth(verifiedWhenNew, (objects) => (server(objects).store.body["verify-new"] = value))).toEqual([
      "backup-server store: `verify-new` is off: new backups wait for the verification job",
    ]);
  });

  test("a value that is not known yet is unknown in the plan", () => {
    const later = (objects: Objects) => (server(objects).store.body["verify-new"] = "${local.verify}");
    expect(inFiles(verifiedWhenNew, later)).toEqual([]);
    expect(inPlan(verifiedWhenNew, later)).toEqual(["backup-server store: unknown: verify-new: known only after the apply"]);
  });
});

describe(garbageCollected.sentence, () => {
  test.each([
    ["monthly", []],
    ["*-1,3,5,7,9,11-1 02:00", ["backupServers.pbs.datastores.data.garbageCollection"]],
    ["quarterly", ["backupServers.pbs.datastores.data.garbageCollection"]],
  ])("%s", (schedule, expected) => {
    const site = siteOf((store) => (store.garbageCollection = schedule));
    expect(faultsOf(garbageCollected, site).map((fault) => fault.split(":")[0])).toEqual(expected);
  });

  test.each<[unknown, string[]]>([
    ["sun 03:15", []],
    ["quarterly", ['backup-server store: "quarterly" leaves up to 92 days between two collections']],
    [undefined, ["backup-server store: garbage collection has no schedule, so no space is ever freed"]],
    ["", ["backup-server store: garbage collection has no schedule, so no space is ever freed"]],
  ])("an override: %s", (schedule, expected) => {
    expect(inBoth(garbageCollected, (objects) => (server(objects).store.body["gc-schedule"] = schedule))).toEqual(expected);
  });

  test("what the site file says itself is not told a second time", () => {
    const site = siteOf((store) => (store.garbageCollection = "quarterly"));
    expect(inBoth(garbageCollected, (objects) => (server(objects).store.body["gc-schedule"] = "quarterly"), site)).toEqual([]);
  });
});

describe(collectionApart.sentence, () => {
  // The tier `standard` runs at 21:00 in Paris, `critical` every 4 hours in UTC.
  const at = (schedule: string) =>
    faultsOf(
      collectionApart,
      siteOf((store) => (store.garbageCollection = schedule)),
    );

  test.each(["20:59", "21:01", "daily", "03:15", "21:01:30"])("%s", (schedule) => {
    expect(at(schedule)).toEqual([]);
  });

  test.each(["21:00", "21:00:59", "sun 21:00", "*:0/30"])("not %s", (schedule) => {
    expect(at(schedule)).toEqual([expect.stringContaining(`"${schedule}" starts together with the backups of the tier "`)]);
  });

  test("the clocks of both seasons are looked at", () => {
    expect(at("05:00")).toEqual([expect.stringContaining('the tier "critical"')]);
    expect(at("06:00")).toEqual([expect.stringContaining('the tier "critical"')]);
    expect(at("04:00")).toEqual([]);
  });

  test("the datastore is named with every tier", () => {
    const site = siteWith((input) => {
      input.backupServers.pbs.datastores.data.garbageCollection = "21:00";
      input.tiers.critical.schedule = "21:00";
      input.tiers.critical.rpo = "25h";
    });
    expect(faultsOf(collectionApart, site)).toEqual([
      'backupServers.pbs.datastores.data.garbageCollection: "21:00" starts together with the backups of ' +
        'the tier "critical" (2026-01-01 21:00), the tier "standard" (2026-01-01 21:00)',
    ]);
  });

  test("the same datastore of another server is another one", () => {
    const site = siteWith((input) => addServer(input, undefined, { garbageCollection: "21:00" }));
    expect(faultsOf(collectionApart, site)).toEqual([]);
  });

  test("backups to another datastore do not matter", () => {
    const site = siteWith((input) => {
      input.backupServers.pbs.datastores.spare = { path: "/mnt/spare", garbageCollection: "21:00", retention: { last: 2 } };
      for (const tier of Object.values<Loose>(input.tiers)) tier.datastore = "data";
    });
    expect(faultsOf(collectionApart, site)).toEqual([]);
  });
});

describe(prunedByServer.sentence, () => {
  test("as it is synthesized", () => {
    expect(inBoth(prunedByServer)).toEqual([]);
  });

  test.each<[string, string, Loose, RegExp | undefined]>([
    ["a storage that keeps all", "storage", { "prune-backups": "keep-all=true" }, undefined],
    ["a storage with a retention", "storage", { "prune-backups": "keep-last=3" }, /lets the hypervisor delete/],
    ["a storage that keeps all but says no", "storage", { "prune-backups": "keep-all=0" }, /lets the hypervisor delete/],
    ["a storage that says nothing", "storage", { "prune-backups": undefined }, /vzdump\.conf/],
    ["a storage that is no backup server", "storage", { type: "dir", "prune-backups": "keep-last=3" }, undefined],
    ["a job that removes", "job", { remove: 1 }, /`remove` is on/],
    ["a job that says nothing, which removes", "job", { remove: undefined }, /`remove` is on/],
    ["a job with a retention", "job", { "prune-backups": "keep-last=1" }, /after each run/],
    ["a job that keeps all", "job", { "prune-backups": "keep-all=1" }, undefined],
  ])("%s", (_, name, body, expected) => {
    const found = inBoth(prunedByServer, (objects) => Object.assign(objects.hypervisor[name].body, body));
    expect(found).toEqual(expected === undefined ? [] : [expect.stringMatching(expected)]);
  });
});

describe(prunedEverywhere.sentence, () => {
  const fault = "backup-server critical: no prune job works on namespace critical of data, so it only grows";

  test("as it is synthesized", () => {
    expect(inBoth(prunedEverywhere)).toEqual([]);
  });

  test.each<[string, (named: Loose) => void]>([
    ["no job", (named) => delete named.prune_critical],
    ["a job that is switched off", (named) => (named.prune_critical.body.disable = true)],
    ["a job that keeps everything", (named) => delete named.prune_critical.body["keep-daily"]],
    ["a job whose count is none", (named) => (named.prune_critical.body["keep-daily"] = 0)],
    ["a job of another namespace", (named) => (named.prune_critical.body.ns = "standard")],
  ])("not with %s", (_, change) => {
    expect(inBoth(prunedEverywhere, (objects) => change(server(objects)))).toEqual([fault]);
  });

  test("a namespace that only holds another needs none, one that a tier writes to does", () => {
    const nested = (objects: Objects) => {
      server(objects).inner = { path: "/admin/datastore/data/namespace", body: { name: "inner", parent: "client" } };
      server(objects).critical.body.name = "client";
      server(objects).prune_critical.body.ns = "client/inner";
    };
    const inner = siteWith((input) => (input.tiers.critical.namespace = "client/inner"));
    const outer = siteWith((input) => (input.tiers.critical.namespace = "client"));
    expect(inBoth(prunedEverywhere, nested, inner)).toEqual([]);
    expect(inBoth(prunedEverywhere, nested, outer)).toEqual([
      "backup-server critical: no prune job works on namespace client of data, so it only grows",
    ]);
  });
});

describe(prunedOnce.sentence, () => {
  test("as it is synthesized", () => {
    expect(inBoth(prunedOnce)).toEqual([]);
  });

  test.each([
    [0, []],
    [1, ["backup-server prune: it also prunes critical by its own retention"]],
    [undefined, ["backup-server prune: it also prunes critical by its own retention"]],
  ])("the root's job with a depth of %s", (depth, expected) => {
    expect(inBoth(prunedOnce, (objects) => (server(objects).prune.body["max-depth"] = depth))).toEqual(expected);
  });

  test("two jobs of one namespace are one too many, unless one of them is off", () => {
    const twin = (disable: boolean) => (objects: Objects) => {
      const { prune_critical } = server(objects);
      server(objects).twin = { ...prune_critical, body: { ...prune_critical.body, id: "twin", disable } };
    };
    const both = "prunes the same namespace, and a point stays only while both keep it";
    expect(inBoth(prunedOnce, twin(false))).toEqual([
      `backup-server prune_critical: twin ${both}`,
      `backup-server twin: data-critical-prune ${both}`,
    ]);
    expect(inBoth(prunedOnce, twin(true))).toEqual([]);
  });

  test("each of three jobs of one namespace names the two others", () => {
    const triplets = (objects: Objects) => {
      const { prune_critical } = server(objects);
      for (const id of ["second", "third"]) server(objects)[id] = { ...prune_critical, body: { ...prune_critical.body, id } };
      prune_critical.body.id = "first";
    };
    const rest = "prune the same namespace, and a point stays only while all keep it";
    expect(inBoth(prunedOnce, triplets)).toEqual([
      `backup-server prune_critical: second, third ${rest}`,
      `backup-server second: first, third ${rest}`,
      `backup-server third: first, second ${rest}`,
    ]);
  });

  test("of many jobs of one namespace each names four others", () => {
    const many = (count: number) => (objects: Objects) => {
      const { prune_critical } = server(objects);
      prune_critical.body.id = "j0";
      for (let index = 1; index < count; index++)
        server(objects)[`j${index}`] = { ...prune_critical, body: { ...prune_critical.body, id: `j${index}` } };
    };
    const rest = "prune the same namespace, and a point stays only while all keep it";
    expect(inFiles(prunedOnce, many(5))).toEqual([
      `backup-server prune_critical: j1, j2, j3, j4 ${rest}`,
      `backup-server j1: j0, j2, j3, j4 ${rest}`,
      `backup-server j2: j0, j1, j3, j4 ${rest}`,
      `backup-server j3: j0, j1, j2, j4 ${rest}`,
      `backup-server j4: j0, j1, j2, j3 ${rest}`,
    ]);
    expect(inFiles(prunedOnce, many(7))[0]).toBe(`backup-server prune_critical: j1, j2, j3, j4 and 2 more ${rest}`);
    expect(inFiles(prunedOnce, many(7)).at(-1)).toBe(`backup-server j6: j0, j1, j2, j3 and 2 more ${rest}`);
  });

  test("a depth that is not known yet is unknown in the plan", () => {
    const later = (objects: Objects) => (server(objects).prune.body["max-depth"] = "${local.depth}");
    expect(inFiles(prunedOnce, later)).toEqual([]);
    expect(inPlan(prunedOnce, later)).toEqual(["backup-server prune: unknown: max-depth: known only after the apply"]);
  });
});
