import { agentForSnapshots } from "../../policies/rules/coverage/agent-for-snapshots";
import { inEnabledJob } from "../../policies/rules/coverage/in-enabled-job";
import { independentOfExempt } from "../../policies/rules/coverage/independent-of-exempt";
import { missedRunRepeated } from "../../policies/rules/coverage/missed-run-repeated";
import { noPathLeftOut } from "../../policies/rules/coverage/no-path-left-out";
import { notTwiceAtOnce } from "../../policies/rules/coverage/not-twice-at-once";
import { onEveryNode } from "../../policies/rules/coverage/on-every-node";
import { onlyKnownGuests } from "../../policies/rules/coverage/only-known-guests";
import { poolCovered } from "../../policies/rules/coverage/pool-covered";
import { storageInService } from "../../policies/rules/coverage/storage-in-service";
import { tierUsed } from "../../policies/rules/coverage/tier-used";
import { wholeGuest } from "../../policies/rules/coverage/whole-guest";
import { type Loose, siteWith } from "../model/base-site";
import { appliesTo, faultsAfter, stacksOf } from "./declared";
import { applies, faultsOf } from "./judge";

const SITE = siteWith(() => undefined);
/** With a virtual machine that Bastide makes. */
const OWNED = siteWith((input) => {
  input.guests.glpi.create = { cores: 2, memoryMiB: 2048, diskGiB: 16, diskStorage: "local-lvm", bridge: "vmbr0" };
});

const TOKEN = "${var.later}";

/** A site of which only the backup servers are synthesized: its jobs cannot be seen. */
const withoutHypervisor = (rule: typeof inEnabledJob) =>
  rule.synthesized?.({ site: SITE, environment: "live", today: "2026-11-21", stacks: stacksOf(SITE).slice(0, 1) });

describe(inEnabledJob.sentence, () => {
  test("each is, as the site file says", () => {
    expect(faultsAfter(inEnabledJob, SITE)).toEqual([]);
    expect(appliesTo(inEnabledJob, SITE)).toBe(true);
  });

  test("one that is exempt needs none", () => {
    const site = siteWith((input) => {
      delete input.guests.glpi.tier;
      input.guests.glpi.exempt = { reason: "made anew at every start" };
    });
    expect(faultsAfter(inEnabledJob, site)).toEqual([]);
  });

  test.each([
    ["a job that was taken away", (made: Loose) => delete made.backup_job__standard, "no backup job takes guest 104"],
    ["another list", (made: Loose) => (made.backup_job__standard.vmid = "1040,10"), "no backup job takes guest 104"],
    ["an exception", (made: Loose) => (made.backup_job__standard = { all: 1, exclude: "104" }), "no backup job takes guest 104"],
    [
      "a job that is disabled",
      (made: Loose) => (made.backup_job__standard.enabled = 0),
      'the backup job "alpha-standard" that takes guest 104 is disabled',
    ],
  ])("%s leaves a guest without backup", (_, change, what) => {
    expect(faultsAfter(inEnabledJob, SITE, change)).toEqual([`guests.glpi: ${what}`]);
  });

  test.each([
    ["a number", (made: Loose) => (made.backup_job__standard.vmid = 104)],
    ["every guest but others", (made: Loose) => (made.backup_job__standard = { all: 1, exclude: "101" })],
    ["a list, beside a pool that is none,", (made: Loose) => (made.backup_job__standard.pool = null)],
    [
      "a second job that is enabled",
      (made: Loose) => {
        made.backup_job__standard.enabled = 0;
        made.backup_job__more = { id: "more", vmid: "104" };
      },
    ],
  ])("%s takes it too", (_, change) => {
    expect(faultsAfter(inEnabledJob, SITE, change)).toEqual([]);
  });

  test.each([
    ["the members of a pool", (made: Loose) => (made.backup_job__standard = { id: "alpha-standard", pool: "alpha-standard" })],
    ["a list that is known later", (made: Loose) => (made.backup_job__standard.vmid = TOKEN)],
    ["a switch that is known later", (made: Loose) => (made.backup_job__standard.enabled = TOKEN)],
    ["a selection that is known later", (made: Loose) => (made.backup_job__standard.all = TOKEN)],
    [
      "an exception that is known later",
      (made: Loose) => (made.backup_job__standard = { id: "alpha-standard", all: 1, exclude: TOKEN }),
    ],
  ])("%s is not taken for a backup", (_, change) => {
    expect(faultsAfter(inEnabledJob, SITE, change)).toEqual([
      'guests.glpi: unknown: whether the backup job "alpha-standard" takes guest 104 is known only on the devices',
    ]);
  });

  test("nothing is said of jobs that are not there to be looked at", () => {
    expect(withoutHypervisor(inEnabledJob)).toEqual([]);
  });
});

describe(storageInService.sentence, () => {
  test("each does, as the site file says", () => {
    expect(faultsAfter(storageInService, SITE)).toEqual([]);
    expect(appliesTo(storageInService, SITE)).toBe(true);
    expect(withoutHypervisor(storageInService)).toEqual([]);
  });

  test.each([
    [
      "is not made",
      (made: Loose) => delete made["storage__pbs-data"],
      'nothing makes the storage "pbs-data" that its backup job writes to',
    ],
    [
      "is disabled",
      (made: Loose) => (made["storage__pbs-data"].disable = 1),
      'the storage "pbs-data" that its backup job writes to is disabled',
    ],
    [
      "takes other things",
      (made: Loose) => (made["storage__pbs-data"].content = "images,iso"),
      'the storage "pbs-data" takes no backups',
    ],
    [
      "is known later",
      (made: Loose) => (made.backup_job__standard.storage = TOKEN),
      "unknown: the storage of its backup job is known only on the devices",
    ],
    [
      "may be disabled",
      (made: Loose) => (made["storage__pbs-data"].disable = TOKEN),
      'unknown: whether the storage "pbs-data" takes backups is known only on the devices',
    ],
    [
      "may take other things",
      (made: Loose) => (made["storage__pbs-data"].content = TOKEN),
      'unknown: whether the storage "pbs-data" takes backups is known only on the devices',
    ],
  ])("one that %s", (_, change, what) => {
    expect(faultsAfter(storageInService, SITE, change)).toEqual([`tiers.standard: ${what}`]);
  });

  test("is enabled unless told otherwise", () => {
    expect(faultsAfter(storageInService, SITE, (made) => delete made["storage__pbs-data"].disable)).toEqual([]);
  });

  test("takes backups among other things", () => {
    expect(faultsAfter(storageInService, SITE, (made) => (made["storage__pbs-data"].content = "images,backup"))).toEqual([]);
  });
});

describe(notTwiceAtOnce.sentence, () => {
  const second =
    (schedule: string, more: object = {}) =>
    (made: Loose) => {
      made.backup_job__again = { id: "again", schedule, vmid: "104", ...more };
    };

  test("each is in one job, as the site file says", () => {
    expect(faultsAfter(notTwiceAtOnce, SITE)).toEqual([]);
    expect(appliesTo(notTwiceAtOnce, SITE)).toBe(true);
    expect(withoutHypervisor(notTwiceAtOnce)).toEqual([]);
  });

  test.each(["22:00", "20:00", "sat 9:00", "*-*-1 22:00"])("a second job at %s keeps its distance from 21:00", (schedule) => {
    expect(faultsAfter(notTwiceAtOnce, SITE, second(schedule))).toEqual([]);
  });

  test.each([
    ["21:59", "2028-01-03 21:00"],
    ["20:01", "2028-01-03 21:00"],
    ["sat 21:00", "2028-01-08 21:00"],
    ["*-12-24 21:30", "2028-12-24 21:30"],
    ["*:0/30", "2028-01-03 21:00"],
  ])("a second job at %s does not", (schedule, example) => {
    expect(faultsAfter(notTwiceAtOnce, SITE, second(schedule))).toEqual([
      `guests.glpi: the backup jobs "alpha-standard" and "again" both take it within one hour, for example around ${example}`,
    ]);
  });

  test.each([
    ["is disabled", { enabled: 0 }],
    ["takes another guest", { vmid: "999" }],
    ["has a schedule that cannot be read here", { schedule: TOKEN }],
  ])("a second job that %s is none", (_, more) => {
    expect(faultsAfter(notTwiceAtOnce, SITE, second("21:00", more))).toEqual([]);
  });

  test("a third one is looked at too", () => {
    const faults = faultsAfter(notTwiceAtOnce, SITE, (made) => {
      second("12:00")(made);
      made.backup_job__third = { id: "third", schedule: "12:30", vmid: "104" };
    });
    expect(faults).toEqual([
      'guests.glpi: the backup jobs "again" and "third" both take it within one hour, for example around 2028-01-03 12:00',
    ]);
  });
});

describe(wholeGuest.sentence, () => {
  test("all disks are in the backup, as Bastide makes a guest", () => {
    expect(faultsAfter(wholeGuest, OWNED)).toEqual([]);
    expect(appliesTo(wholeGuest, OWNED)).toBe(true);
  });

  test("guests that exist already are not looked at here", () => {
    expect(appliesTo(wholeGuest, SITE)).toBe(false);
  });

  test.each([
    [
      "a second disk that is left out",
      (made: Loose) => made.guest__104.disk.push({ interface: "scsi1", backup: false }),
      "backups leave out scsi1",
    ],
    ["one without a name", (made: Loose) => (made.guest__104.disk = { backup: false }), "backups leave out a disk"],
    [
      "one that may be left out",
      (made: Loose) => made.guest__104.disk.push({ backup: TOKEN }),
      "unknown: whether backups take all of its disks is known only on the devices",
    ],
  ])("%s is a finding", (_, change, what) => {
    expect(faultsAfter(wholeGuest, OWNED, change)).toEqual([`guests.glpi: ${what}`]);
  });

  test("a machine without disks, or without mount points, leaves nothing out", () => {
    const faults = faultsAfter(wholeGuest, SITE, (made) => {
      made.guest__104 = { vm_id: 104, disk: null };
      made.container__103 = { vm_id: 103 };
    });
    expect(faults).toEqual([]);
  });

  test("a disk of a virtual machine is in the backup unless told otherwise, a mount point of a container is not", () => {
    const faults = faultsAfter(wholeGuest, SITE, (made) => {
      made.guest__104 = { vm_id: 104, disk: [{ interface: "scsi0" }] };
      made.container__103 = { vm_id: 103, mount_point: [{ path: "/kept", backup: true }, { path: "/lost" }, { volume: "x" }] };
    });
    expect(faults).toEqual(["guests.erp: backups leave out /lost, a mount point"]);
  });
});

describe(poolCovered.sentence, () => {
  const added = (more: object) => (made: Loose) => {
    made.guest__900 = { vm_id: 900, pool_id: "alpha-standard", ...more };
  };

  test("each is, as Bastide makes a guest", () => {
    expect(faultsAfter(poolCovered, OWNED)).toEqual([]);
    expect(appliesTo(poolCovered, OWNED)).toBe(true);
    expect(appliesTo(poolCovered, SITE)).toBe(false);
    expect(withoutHypervisor(poolCovered)).toEqual([]);
  });

  test("one that the job does not take is found, named by the pool's id or by its resource", () => {
    const what = 'guest 900 is in the pool "alpha-standard", and the backup job "alpha-standard" does not take it';
    for (const pool_id of ["alpha-standard", "${proxmox_virtual_environment_pool.pool__standard.pool_id}"]) {
      expect(faultsAfter(poolCovered, SITE, added({ pool_id }))).toEqual([`hypervisor guest__900: ${what}`]);
    }
  });

  test.each([
    ["the job selects the pool", (made: Loose) => (made.backup_job__standard = { id: "alpha-standard", pool: "alpha-standard" })],
    ["the job names it", (made: Loose) => (made.backup_job__standard.vmid = "104,900")],
  ])("%s, and it is covered", (_, change) => {
    const faults = faultsAfter(poolCovered, SITE, (made) => {
      added({})(made);
      change(made);
    });
    expect(faults).toEqual([]);
  });

  test("another tier's job does not make up for it", () => {
    const faults = faultsAfter(poolCovered, SITE, (made) => {
      added({})(made);
      made.backup_job__critical.vmid = "101,103,900";
    });
    expect(faults).toHaveLength(1);
  });

  test("a pool of somebody else promises nothing", () => {
    expect(appliesTo(poolCovered, SITE, added({ pool_id: "templates" }))).toBe(false);
    expect(appliesTo(poolCovered, SITE, added({ pool_id: undefined }))).toBe(false);
    expect(appliesTo(poolCovered, SITE, added({ pool_id: "${proxmox_virtual_environment_pool.gone.pool_id}" }))).toBe(false);
  });

  test.each([
    ["the guest", added({ vm_id: TOKEN }), 'which guest it puts into the pool "alpha-standard" is known only on the devices'],
    [
      "the selection",
      (made: Loose) => {
        added({})(made);
        made.backup_job__standard.vmid = TOKEN;
      },
      'whether the backup job "alpha-standard" takes guest 900 is known only on the devices',
    ],
  ])("%s that is known later is unknown", (_, change, what) => {
    expect(faultsAfter(poolCovered, SITE, change)).toEqual([`hypervisor guest__900: unknown: ${what}`]);
  });
});

describe(tierUsed.sentence, () => {
  test("each has one", () => {
    expect(faultsOf(tierUsed, SITE)).toEqual([]);
  });

  test("one that has lost its last guest is named", () => {
    const site = siteWith((input) => (input.guests.glpi.tier = "critical"));
    expect(faultsOf(tierUsed, site)).toEqual(['tiers.standard: no guest is in the tier "standard"']);
  });
});

describe(independentOfExempt.sentence, () => {
  const exempt = (name: string) => (input: Loose) => {
    delete input.guests[name].tier;
    input.guests[name].exempt = { reason: "made anew at every start" };
  };

  test("none does", () => {
    expect(faultsOf(independentOfExempt, SITE)).toEqual([]);
    expect(applies(independentOfExempt, SITE)).toBe(true);
  });

  test("those that do are named", () => {
    expect(faultsOf(independentOfExempt, siteWith(exempt("ad")))).toEqual([
      "guests.erp: it depends on ad, which no backup can bring back",
      "guests.glpi: it depends on ad, which no backup can bring back",
    ]);
    const two = siteWith((input) => {
      exempt("ad")(input);
      exempt("erp")(input);
      delete input.guests.erp.dependsOn;
      input.guests.glpi.dependsOn = ["ad", "erp"];
    });
    expect(faultsOf(independentOfExempt, two)).toEqual(["guests.glpi: it depends on ad, erp, which no backup can bring back"]);
  });

  test("what is exempt may depend on anything", () => {
    const site = siteWith((input) => {
      exempt("glpi")(input);
      exempt("ad")(input);
      delete input.guests.erp.dependsOn;
    });
    expect(applies(independentOfExempt, site)).toBe(false);
  });

  test("without dependencies there is nothing to say", () => {
    const site = siteWith((input) => {
      delete input.guests.erp.dependsOn;
      delete input.guests.glpi.dependsOn;
    });
    expect(applies(independentOfExempt, site)).toBe(false);
  });
});

describe(noPathLeftOut.sentence, () => {
  test("none does, as the site file says", () => {
    expect(faultsAfter(noPathLeftOut, SITE)).toEqual([]);
    expect(appliesTo(noPathLeftOut, SITE)).toBe(true);
    expect(withoutHypervisor(noPathLeftOut)).toEqual([]);
  });

  test.each([
    ["a path", ["/tmp/?*", "/var/cache"], "its backup job leaves out /tmp/?*, /var/cache"],
    ["a path that is known later", TOKEN, "unknown: which paths its backup job leaves out is known only on the devices"],
  ])("one that leaves out %s", (_, paths, what) => {
    const faults = faultsAfter(noPathLeftOut, SITE, (made) => (made.backup_job__critical["exclude-path"] = paths));
    expect(faults).toEqual([`tiers.critical: ${what}`]);
  });

  test("an empty list leaves out nothing", () => {
    expect(faultsAfter(noPathLeftOut, SITE, (made) => (made.backup_job__critical["exclude-path"] = []))).toEqual([]);
  });
});

describe(onEveryNode.sentence, () => {
  test("each does, as the site file says", () => {
    expect(faultsAfter(onEveryNode, SITE)).toEqual([]);
    expect(appliesTo(onEveryNode, SITE)).toBe(true);
    expect(withoutHypervisor(onEveryNode)).toEqual([]);
  });

  test.each([
    ["a job of one node", (made: Loose) => (made.backup_job__standard.node = "pve1"), "its backup job passes over pve2"],
    [
      "a job of a node that the site does not have",
      (made: Loose) => (made.backup_job__standard.node = "old"),
      "its backup job passes over pve1, pve2",
    ],
    [
      "a storage of such a node",
      (made: Loose) => (made["storage__pbs-data"].nodes = "old"),
      'the storage "pbs-data" is not there on pve1, pve2',
    ],
    [
      "a storage of one node",
      (made: Loose) => (made["storage__pbs-data"].nodes = "pve2"),
      'the storage "pbs-data" is not there on pve1',
    ],
    [
      "a node that is known later",
      (made: Loose) => (made.backup_job__standard.node = TOKEN),
      "unknown: which hypervisors its backup job serves is known only on the devices",
    ],
    [
      "nodes that are known later",
      (made: Loose) => (made["storage__pbs-data"].nodes = TOKEN),
      "unknown: which hypervisors its backup job serves is known only on the devices",
    ],
  ])("%s is a finding", (_, change, what) => {
    expect(faultsAfter(onEveryNode, SITE, change)).toEqual([`tiers.standard: ${what}`]);
  });

  test("a storage that nothing makes is the matter of another rule", () => {
    expect(faultsAfter(onEveryNode, SITE, (made) => delete made["storage__pbs-data"])).toEqual([]);
  });

  test("all of them by name are all of them", () => {
    expect(faultsAfter(onEveryNode, SITE, (made) => (made["storage__pbs-data"].nodes = "pve1,pve2"))).toEqual([]);
  });
});

describe(missedRunRepeated.sentence, () => {
  const unrepeated = siteWith((input) => (input.tiers.standard.repeatMissed = false));

  test("each is, unless the tier says otherwise", () => {
    expect(faultsOf(missedRunRepeated, SITE)).toEqual([]);
    expect(faultsOf(missedRunRepeated, unrepeated)).toEqual([
      "tiers.standard: a backup that is missed waits for the next regular run",
    ]);
  });

  test("a job that does not, although the tier says so, is found, and one of which the tier says it is not found twice", () => {
    const off = (made: Loose) => {
      made.backup_job__standard["repeat-missed"] = 0;
      delete made.backup_job__critical["repeat-missed"];
      made.backup_job__more = { id: "more", "repeat-missed": TOKEN };
    };
    expect(faultsAfter(missedRunRepeated, SITE)).toEqual([]);
    expect(faultsAfter(missedRunRepeated, unrepeated, off)).toEqual([
      'tiers.critical: the backup job "alpha-critical" does not make up for a missed run',
      'hypervisor backup_job__more: unknown: whether the backup job "more" makes up for a missed run is known only on the devices',
    ]);
    expect(faultsAfter(missedRunRepeated, SITE, off)).toHaveLength(3);
    expect(withoutHypervisor(missedRunRepeated)).toEqual([]);
  });
});

describe(agentForSnapshots.sentence, () => {
  test("each has, as Bastide makes a guest", () => {
    expect(faultsAfter(agentForSnapshots, OWNED)).toEqual([]);
    expect(appliesTo(agentForSnapshots, OWNED)).toBe(true);
    expect(appliesTo(agentForSnapshots, SITE)).toBe(false);
  });

  test.each([
    ["off", { enabled: false }, "its guest agent is off, so nothing prepares it for the snapshot"],
    ["absent", undefined, "its guest agent is off, so nothing prepares it for the snapshot"],
    ["known later", [{ enabled: TOKEN }], "unknown: whether its guest agent is on is known only on the devices"],
  ])("an agent that is %s", (_, agent, what) => {
    expect(faultsAfter(agentForSnapshots, OWNED, (made) => (made.guest__104.agent = agent))).toEqual([`guests.glpi: ${what}`]);
  });

  test("a guest that is stopped for its backup, a container, or one of no tier needs none", () => {
    const stopped = siteWith((input) => (input.tiers.standard.mode = "stop"));
    expect(appliesTo(agentForSnapshots, stopped, (made) => (made.guest__104 = { vm_id: 104 }))).toBe(false);
    expect(appliesTo(agentForSnapshots, SITE, (made) => (made.container__104 = { vm_id: 104 }))).toBe(false);
    expect(appliesTo(agentForSnapshots, SITE, (made) => (made.guest__900 = { vm_id: 900 }))).toBe(false);
  });
});

describe(onlyKnownGuests.sentence, () => {
  test("each is, as the site file says", () => {
    expect(faultsAfter(onlyKnownGuests, SITE)).toEqual([]);
    expect(appliesTo(onlyKnownGuests, SITE)).toBe(true);
    expect(withoutHypervisor(onlyKnownGuests)).toEqual([]);
  });

  test("strangers and exempt guests are named", () => {
    const site = siteWith((input) => {
      input.guests.bench = { id: 900, role: "bench", exempt: { reason: "made anew at every start" } };
    });
    const faults = faultsAfter(onlyKnownGuests, site, (made) => {
      made.backup_job__standard.vmid = "104,900,901,902";
      made.backup_job__critical.vmid = "101;103,900";
      made.backup_job__more = { id: "more", vmid: TOKEN };
    });
    expect(faults).toEqual([
      "tiers.critical: its backup job takes 900, which is exempt",
      "tiers.standard: its backup job takes 901, 902, which the site does not know and takes 900, which is exempt",
    ]);
  });
});
