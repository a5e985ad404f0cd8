import { calendarEvent, largestGap } from "../../model";
import { dependencyRpo } from "../../policies/rules/objectives/dependency-rpo";
import { fitsRestoreLimits } from "../../policies/rules/objectives/fits-restore-limits";
import { gapWithinRpo } from "../../policies/rules/objectives/gap-within-rpo";
import { likelySchedule } from "../../policies/rules/objectives/likely-schedule";
import { quarterlyFullRestore } from "../../policies/rules/objectives/quarterly-full-restore";
import { reachOf } from "../../policies/rules/objectives/reach";
import { restoreOrderStated } from "../../policies/rules/objectives/restore-order-stated";
import { restoreTestsPlanned } from "../../policies/rules/objectives/restore-tests-planned";
import { retentionAsWritten } from "../../policies/rules/objectives/retention-as-written";
import { roomForTheRun } from "../../policies/rules/objectives/room-for-the-run";
import { rtoAfterDependencies } from "../../policies/rules/objectives/rto-after-dependencies";
import { rtoInRestoreOrder } from "../../policies/rules/objectives/rto-in-restore-order";
import { rtoStated } from "../../policies/rules/objectives/rto-stated";
import { weekToGoBack } from "../../policies/rules/objectives/week-to-go-back";
import { weeklyPartialRestore } from "../../policies/rules/objectives/weekly-partial-restore";
import { type Loose, siteWith } from "../model/base-site";
import { appliesTo, faultsAfter } from "./declared";
import { applies, faultsOf, repairsOf } from "./judge";

const SITE = siteWith(() => undefined);
const TOKEN = "${var.later}";

describe(gapWithinRpo.sentence, () => {
  const at = (schedule: string) => (made: Loose) => (made.backup_job__critical.schedule = schedule);

  test("each is, as the site file says", () => {
    expect(faultsAfter(gapWithinRpo, SITE)).toEqual([]);
    expect(appliesTo(gapWithinRpo, SITE)).toBe(true);
    expect(gapWithinRpo.synthesized?.({ site: SITE, environment: "live", today: "2026-11-21", stacks: [] })).toEqual([]);
  });

  test("runs 4 h apart keep an RPO of 4 h, runs that are one hour longer apart do not", () => {
    expect(faultsAfter(gapWithinRpo, SITE, at("2/4:30 UTC"))).toEqual([]);
    expect(faultsAfter(gapWithinRpo, SITE, at("0/4:00"))).toEqual([
      'tiers.critical: its backup job runs at "0/4:00", up to 5h apart, and its RPO is 4h',
    ]);
  });

  test.each([
    ["2026-12-24 22:00", 'its backup job runs at "2026-12-24 22:00", which does not come back'],
    ["0 */4 * * *", "unknown: when its backup job runs cannot be read"],
    [TOKEN, "unknown: when its backup job runs cannot be read"],
  ])("a job at %s", (schedule, what) => {
    expect(faultsAfter(gapWithinRpo, SITE, at(schedule))).toEqual([`tiers.critical: ${what}`]);
  });

  test("a job of no tier has no RPO to keep", () => {
    const more = (made: Loose) => (made.backup_job__more = { id: "more", schedule: "yearly" });
    expect(faultsAfter(gapWithinRpo, SITE, more)).toEqual([]);
  });
});

describe(roomForTheRun.sentence, () => {
  const rpo = (text: string) => siteWith((input) => (input.tiers.critical.rpo = text));
  const ofCritical = (site: typeof SITE) => faultsOf(roomForTheRun, site).filter((fault) => fault.startsWith("tiers.critical"));

  test("an RPO a minute longer than the gap has some, one of just the gap has none", () => {
    expect(ofCritical(rpo("4h1min"))).toEqual([]);
    expect(ofCritical(rpo("4h"))).toEqual([
      "tiers.critical: runs are up to 4h apart and the RPO is 4h: while a run lasts, more than that can be lost",
    ]);
  });

  test("the night in which the clocks change counts", () => {
    const daily = (text: string) => siteWith((input) => (input.tiers.standard.rpo = text));
    expect(faultsOf(roomForTheRun, daily("25h"))).toContain(
      "tiers.standard: runs are up to 25h apart and the RPO is 25h: while a run lasts, more than that can be lost",
    );
    expect(faultsOf(roomForTheRun, daily("26h")).filter((fault) => fault.startsWith("tiers.standard"))).toEqual([]);
  });
});

describe(weekToGoBack.sentence, () => {
  const keeping = (retention: object, schedule = "21:00", rpo = "25h") =>
    siteWith((input) => (input.tiers.standard = { schedule, rpo, retention }));

  test.each([
    ["8 days", { daily: 8 }],
    ["9 days", { daily: 9 }],
    ["7 days and the week before", { daily: 7, weekly: 1 }],
    ["3 weeks beside the last two", { last: 2, weekly: 3 }],
    ["3 months beside the last two", { last: 2, monthly: 3 }],
    ["3 years beside the last two", { last: 2, yearly: 3 }],
  ])("%s are enough", (_, retention) => {
    expect(faultsOf(weekToGoBack, keeping(retention))).toEqual([]);
  });

  test.each([
    ["7 days, just after a run", { daily: 7 }, "6d"],
    ["the last point of the week before, early in a week", { last: 2, weekly: 1 }, "2d"],
    ["a month, early in the next one", { last: 2, monthly: 1 }, "2d"],
  ])("%s are not", (_, retention, age) => {
    expect(faultsOf(weekToGoBack, keeping(retention))).toEqual([
      `tiers.standard: there are times when its oldest recovery point is ${age} old`,
    ]);
  });

  test.each([6, 18, 19, 24, 30])("what is clear without calculation is what a calculation says: %s hours", (hourly) => {
    for (const daily of [0, 4, 5, 6, 7, 8]) {
      const site = keeping({ hourly, ...(daily === 0 ? {} : { daily }) }, "0/4:00 UTC", "4h");
      const { retention, schedule } = site.tiers.standard ?? {};
      if (retention === undefined || schedule === undefined) throw new Error("no such tier");
      const isShort = reachOf(retention, schedule, site.timeZone) < 7 * 86_400_000;
      expect([hourly, daily, faultsOf(weekToGoBack, site).length]).toEqual([hourly, daily, isShort ? 1 : 0]);
    }
  });

  test("points every 4 hours: 43 of them reach back 7 days, 42 do not", () => {
    const last = (count: number) => keeping({ last: count }, "0/4:00 UTC", "4h");
    expect(faultsOf(weekToGoBack, last(43))).toEqual([]);
    expect(faultsOf(weekToGoBack, last(42))).toEqual([
      "tiers.standard: there are times when its oldest recovery point is 164h old",
    ]);
  });

  test("a tier without a retention of its own has that of its datastore", () => {
    expect(faultsOf(weekToGoBack, SITE)).toEqual([]);
    const site = siteWith((input) => (input.backupServers.pbs.datastores.data.retention = { last: 3 }));
    expect(faultsOf(weekToGoBack, site)).toEqual(["tiers.standard: there are times when its oldest recovery point is 2d old"]);
  });
});

describe("how far back a restore can go", () => {
  test("the hour of the day at which it is asked for counts: what 4 days hold at midnight they hold no more in the evening", () => {
    // At 20:00 the 24 points of 4 hours begin at 00:00 of the fourth day, and the three days before end at 20:00 each.
    expect(reachOf({ hourly: 24, daily: 3 }, calendarEvent("0/4:00 UTC"), "UTC")).toBe(6 * 86_400_000);
  });

  test("without any count nothing is ever pruned", () => {
    expect(reachOf({}, calendarEvent("21:00"), "Europe/Paris")).toBe(Number.POSITIVE_INFINITY);
  });
});

describe(retentionAsWritten.sentence, () => {
  const NAME = "prune_job__pbs__data__critical";

  test("none does, as the site file says", () => {
    expect(faultsAfter(retentionAsWritten, SITE)).toEqual([]);
    expect(appliesTo(retentionAsWritten, SITE)).toBe(true);
    expect(retentionAsWritten.synthesized?.({ site: SITE, environment: "live", today: "2026-11-21", stacks: [] })).toEqual([]);
  });

  test.each([
    ["one point less", (made: Loose) => (made[NAME]["keep-daily"] = 6), "daily 6 instead of 7"],
    ["a text", (made: Loose) => (made[NAME]["keep-daily"] = "6"), "daily 6 instead of 7"],
    ["a rule that is gone", (made: Loose) => delete made[NAME]["keep-hourly"], "hourly 0 instead of 24"],
    [
      "less of each",
      (made: Loose) => Object.assign(made[NAME], { "keep-hourly": 12, "keep-daily": 3 }),
      "hourly 12 instead of 24, daily 3 instead of 7",
    ],
  ])("%s is less", (_, change, what) => {
    expect(faultsAfter(retentionAsWritten, SITE, change)).toEqual([
      `tiers.critical: the prune job "data-critical-prune" keeps ${what}`,
    ]);
  });

  test.each([
    ["one point more", (made: Loose) => (made[NAME]["keep-daily"] = 8)],
    ["a further rule", (made: Loose) => (made[NAME]["keep-yearly"] = 1)],
    ["no rule, with which nothing is pruned", (made: Loose) => (made[NAME] = { id: "x", store: "data", ns: "critical" })],
    [
      "less in a job that is disabled",
      (made: Loose) => (made[NAME] = { store: "data", ns: "critical", "keep-last": 1, disable: true }),
    ],
    ["less in another datastore", (made: Loose) => (made.prune_job__pbs__other = { store: "other", "keep-last": 1 })],
    ["less in a namespace beside it", (made: Loose) => (made.prune_job__pbs__x = { store: "data", ns: "crit", "keep-last": 1 })],
    ["less below it", (made: Loose) => (made.prune_job__pbs__x = { store: "data", ns: "critical/old", "keep-last": 1 })],
  ])("%s is not", (_, change) => {
    expect(faultsAfter(retentionAsWritten, SITE, change)).toEqual([]);
  });

  test("the job of the root prunes the namespaces below it as deep as it goes", () => {
    const root = { id: "root", store: "data", "keep-last": 7, "keep-daily": 7 };
    const deep = (depth: object) => (made: Loose) => (made.prune_job__pbs__root = { ...root, ...depth });
    const fault = 'tiers.critical: the prune job "root" keeps hourly 0 instead of 24';
    expect(faultsAfter(retentionAsWritten, SITE, deep({ "max-depth": 0 }))).toEqual([]);
    expect(faultsAfter(retentionAsWritten, SITE, deep({ "max-depth": 1 }))).toEqual([fault]);
    expect(faultsAfter(retentionAsWritten, SITE, deep({}))).toEqual([fault]);
  });

  test.each(["weekly", "monthly", "yearly"])("%s points count like the others", (keep) => {
    const site = siteWith((input) => (input.tiers.critical.retention = { last: 9, [keep]: 5 }));
    expect(faultsAfter(retentionAsWritten, site, (made) => (made[NAME][`keep-${keep}`] = 4))).toEqual([
      `tiers.critical: the prune job "data-critical-prune" keeps ${keep} 4 instead of 5`,
    ]);
  });

  test("a datastore of the same name on another server is another one", () => {
    const site = siteWith((input) => {
      input.backupServers.near = {
        address: "10.2.0.21",
        datastores: { data: { path: "/mnt/data", storage: "near", retention: { last: 2 } } },
      };
      Object.assign(input.tiers.critical, { backupServer: "near", datastore: "data" });
      Object.assign(input.tiers.standard, { backupServer: "pbs", datastore: "data" });
      input.environments.live.devices.backupServers.near = { ca: "near.pem" };
    });
    expect(faultsAfter(retentionAsWritten, site)).toEqual([]);
    expect(faultsAfter(retentionAsWritten, site, (made) => (made.prune_job__near__data["keep-last"] = 1))).toEqual([
      'backupServers.near.datastores.data: the prune job "data-prune" keeps last 1 instead of 2',
    ]);
  });

  test("a count that is known later is unknown", () => {
    expect(faultsAfter(retentionAsWritten, SITE, (made) => (made[NAME]["keep-daily"] = TOKEN))).toEqual([
      'tiers.critical: unknown: what the prune job "data-critical-prune" keeps is known only on the devices',
    ]);
  });

  test("a place without a tier is named by its datastore", () => {
    const site = siteWith((input) => (input.tiers.standard.retention = { daily: 9 }));
    expect(faultsAfter(retentionAsWritten, site, (made) => (made.prune_job__pbs__data["keep-last"] = 1))).toEqual([
      'backupServers.pbs.datastores.data: the prune job "data-prune" keeps last 1 instead of 7',
    ]);
  });
});

describe(rtoAfterDependencies.sentence, () => {
  const times = (rtos: Record<string, string>, change: (input: Loose) => void = () => undefined) =>
    siteWith((input) => {
      for (const [name, rto] of Object.entries(rtos)) input.guests[name].rto = rto;
      change(input);
    });

  test("an RTO of the sum holds, one a minute shorter does not", () => {
    const fitting = times({ ad: "2h", erp: "2h" });
    expect(faultsOf(rtoAfterDependencies, fitting)).toEqual([]);
    expect(applies(rtoAfterDependencies, fitting)).toBe(true);
    expect(faultsOf(rtoAfterDependencies, times({ ad: "2h1min", erp: "2h" }))).toEqual([
      "guests.erp: it must be back within 2h, and ad may take 2h1min before it",
    ]);
  });

  test("what is needed through others counts too, and each guest once", () => {
    const chain = (rto: string) =>
      times({ ad: "2h", erp: "2h", glpi: rto }, (input) => {
        input.guests.glpi.dependsOn = ["erp", "ad"];
      });
    expect(faultsOf(rtoAfterDependencies, chain("4h"))).toEqual([]);
    expect(faultsOf(rtoAfterDependencies, chain("3h"))).toEqual([
      "guests.glpi: it must be back within 3h, and erp and ad may take 4h before it",
    ]);
    expect(repairsOf(rtoAfterDependencies, chain("3h"))).toEqual([
      "set its `rto` to 4h or more, or shorten the `rto` of erp or ad",
    ]);
    const through = times({ ad: "2h", erp: "2h", glpi: "3h" }, (input) => (input.guests.glpi.dependsOn = ["erp"]));
    expect(faultsOf(rtoAfterDependencies, through)).toHaveLength(1);
  });

  test("without the time of what comes before it nothing can be promised", () => {
    expect(faultsOf(rtoAfterDependencies, times({ erp: "4h" }))).toEqual([
      "guests.erp: it must be back within 4h, and nothing says how long ad may take before it",
    ]);
    const both = times({ glpi: "4h" }, (input) => (input.guests.glpi.dependsOn = ["erp", "ad"]));
    expect(faultsOf(rtoAfterDependencies, both)).toEqual([
      "guests.glpi: it must be back within 4h, and nothing says how long erp, ad may take before it",
    ]);
    expect(repairsOf(rtoAfterDependencies, both)).toEqual(["give erp, ad an `rto`"]);
  });

  test("a guest without RTO, or without dependencies, promises nothing of this kind", () => {
    expect(applies(rtoAfterDependencies, SITE)).toBe(false);
    expect(applies(rtoAfterDependencies, times({ ad: "2h" }))).toBe(false);
  });
});

describe(rtoInRestoreOrder.sentence, () => {
  const times = (ad: string, erp: string) =>
    siteWith((input) => {
      input.guests.ad.rto = ad;
      input.guests.erp.rto = erp;
    });

  test("due at the same time is in order, due a minute earlier is not", () => {
    expect(faultsOf(rtoInRestoreOrder, times("4h", "4h"))).toEqual([]);
    expect(faultsOf(rtoInRestoreOrder, times("4h1min", "4h"))).toEqual([
      "guests.erp: it is due within 4h and restored after ad (4h1min)",
    ]);
  });

  test("everyone is named that comes before it", () => {
    const site = siteWith((input) => {
      for (const [name, rto] of Object.entries({ ad: "8h", erp: "6h", glpi: "4h" })) input.guests[name].rto = rto;
      input.guests.glpi.restoreOrder = 3;
    });
    expect(faultsOf(rtoInRestoreOrder, site)).toEqual([
      "guests.erp: it is due within 6h and restored after ad (8h)",
      "guests.glpi: it is due within 4h and restored after ad (8h), erp (6h)",
    ]);
  });

  test("guests in the same place are restored side by side", () => {
    const site = siteWith((input) => {
      delete input.guests.erp.dependsOn;
      input.guests.erp.restoreOrder = 1;
      input.guests.ad.rto = "8h";
      input.guests.erp.rto = "4h";
    });
    expect(faultsOf(rtoInRestoreOrder, site)).toEqual([]);
  });

  test("one guest alone is in order", () => {
    expect(applies(rtoInRestoreOrder, SITE)).toBe(false);
    expect(
      applies(
        rtoInRestoreOrder,
        siteWith((input) => (input.guests.ad.rto = "2h")),
      ),
    ).toBe(false);
  });
});

describe.each([
  { rule: rtoStated, key: "rto", value: "4h", what: "it has no RTO" },
  { rule: restoreOrderStated, key: "restoreOrder", value: 9, what: "nothing says when it is restored" },
])("$rule.sentence", ({ rule, key, value, what }) => {
  const all = (change: (input: Loose) => void) =>
    siteWith((input) => {
      for (const guest of Object.values<Loose>(input.guests)) guest[key] ??= value;
      change(input);
    });

  test("each does", () => {
    expect(
      faultsOf(
        rule,
        all(() => undefined),
      ),
    ).toEqual([]);
    expect(applies(rule, SITE)).toBe(true);
  });

  test("one that does not is named", () => {
    expect(
      faultsOf(
        rule,
        all((input) => delete input.guests.glpi[key]),
      ),
    ).toEqual([`guests.glpi: ${what}`]);
  });

  test("one that is exempt needs none", () => {
    const exempt = all((input) => {
      input.guests.glpi = { id: 104, role: "GLPI", exempt: { reason: "made anew" } };
    });
    expect(faultsOf(rule, exempt)).toEqual([]);
  });
});

describe(likelySchedule.sentence, () => {
  test("schedules of hours are what they look like", () => {
    expect(faultsOf(likelySchedule, SITE)).toEqual([]);
    expect(applies(likelySchedule, SITE)).toBe(true);
  });

  test("one of minutes that looks like one of hours is named where it stands", () => {
    const site = siteWith((input) => {
      input.tiers.critical.schedule = "*/4 UTC";
      input.backupServers.pbs.datastores.data.prune = "22";
      input.restoreTests = { partial: "sun 10", full: "quarterly" };
    });
    expect(faultsOf(likelySchedule, site).map((fault) => fault.split(":")[0])).toEqual([
      "backupServers.pbs.datastores.data.prune",
      "tiers.critical.schedule",
      "restoreTests.partial",
    ]);
  });
});

describe(restoreTestsPlanned.sentence, () => {
  test("they are", () => {
    const site = siteWith((input) => (input.restoreTests = { partial: "sun 10:00", full: "quarterly" }));
    expect(faultsOf(restoreTestsPlanned, site)).toEqual([]);
  });

  test("they are not", () => {
    expect(faultsOf(restoreTestsPlanned, SITE)).toEqual(["restoreTests: no restore is ever tried"]);
  });
});

describe.each([
  { rule: weeklyPartialRestore, key: "partial", often: ["sun 10:00", "daily"], rarely: ["*-*-1,8,15,22 10:00", "monthly"] },
  { rule: quarterlyFullRestore, key: "full", often: ["quarterly", "monthly"], rarely: ["*-1,4,8,11-1 10:00", "semiannually"] },
])("$rule.sentence", ({ rule, key, often, rarely }) => {
  const tried = (schedule: string) =>
    siteWith((input) => (input.restoreTests = { partial: "daily", full: "daily", [key]: schedule }));

  test.each(often)("%s is often enough", (schedule) => {
    expect(faultsOf(rule, tried(schedule))).toEqual([]);
  });

  test.each(rarely)("%s is not", (schedule) => {
    expect(faultsOf(rule, tried(schedule))).toEqual([
      expect.stringMatching(new RegExp(`^restoreTests\\.${key}: its trials are up to \\d+d apart$`)),
    ]);
  });

  test("without any trial there is none to be late", () => {
    expect(applies(rule, SITE)).toBe(false);
  });
});

test("the limits of the trials are 7 days and the longest quarter", () => {
  const days = (schedule: string) => largestGap(calendarEvent(schedule), "UTC") / 86_400_000;
  expect(["sun 10:00", "*-*-1,8,15,22 10:00", "quarterly", "*-1,4,8,11-1 10:00"].map(days)).toEqual([7, 10, 92, 122]);
});

describe(fitsRestoreLimits.sentence, () => {
  const made = (cores: number, memoryMiB: number, limits?: object) =>
    siteWith((input) => {
      input.hypervisors.pve1.limits = limits;
      input.guests.glpi.create = { cores, memoryMiB, diskGiB: 16, diskStorage: "local-lvm", bridge: "vmbr0" };
    });

  test("as much as there is fits, more does not", () => {
    expect(faultsOf(fitsRestoreLimits, made(4, 8192, { cores: 4, memoryMiB: 8192 }))).toEqual([]);
    expect(faultsOf(fitsRestoreLimits, made(5, 8193, { cores: 4, memoryMiB: 8192 }))).toEqual([
      "guests.glpi: it needs 5 cores of 4 and 8193 MiB of 8192 on pve1",
    ]);
  });

  test("what is not limited is no limit", () => {
    expect(faultsOf(fitsRestoreLimits, made(64, 8192, { memoryMiB: 8192 }))).toEqual([]);
    expect(faultsOf(fitsRestoreLimits, made(4, 65_536, { cores: 4 }))).toEqual([]);
  });

  test("without limits, or without a guest of known size, there is nothing to say", () => {
    expect(applies(fitsRestoreLimits, made(64, 65_536))).toBe(false);
    expect(
      applies(
        fitsRestoreLimits,
        siteWith((input) => (input.hypervisors.pve1.limits = { cores: 1 })),
      ),
    ).toBe(false);
  });
});

describe(dependencyRpo.sentence, () => {
  test("the same RPO is short enough, a longer one is not", () => {
    expect(faultsOf(dependencyRpo, SITE)).toEqual([]);
    expect(applies(dependencyRpo, SITE)).toBe(true);
    const site = siteWith((input) => {
      input.guests.ad.tier = "standard";
    });
    expect(faultsOf(dependencyRpo, site)).toEqual(["guests.erp: its RPO is 4h and it depends on ad (25h)"]);
  });

  test("everyone is named whose RPO is longer", () => {
    const site = siteWith((input) => {
      input.guests.ad.tier = "standard";
      input.guests.erp.dependsOn = ["ad", "glpi"];
    });
    expect(faultsOf(dependencyRpo, site)).toEqual(["guests.erp: its RPO is 4h and it depends on ad (25h), glpi (25h)"]);
  });

  test("guests without dependencies or without backup are not judged", () => {
    const site = siteWith((input) => {
      for (const guest of Object.values<Loose>(input.guests)) delete guest.dependsOn;
    });
    expect(applies(dependencyRpo, site)).toBe(false);
    const exempt = siteWith((input) => {
      delete input.guests.ad.tier;
      input.guests.ad.exempt = { reason: "made anew" };
    });
    expect(faultsOf(dependencyRpo, exempt)).toEqual([]);
  });
});
