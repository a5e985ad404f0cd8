import type { Site } from "../../model";
import type { PlannedStack } from "../../policies/engine/planned-stack";
import type { Rule } from "../../policies/engine/rule";
import { backupsKeepTheirKey } from "../../policies/rules/changes/backups-keep-their-key";
import { backupsStay } from "../../policies/rules/changes/backups-stay";
import { copyOutlivesPruning } from "../../policies/rules/changes/copy-outlives-pruning";
import { fewRemovals, noMassRemoval } from "../../policies/rules/changes/few-removals";
import { guestKeepsItsBackups } from "../../policies/rules/changes/guest-keeps-its-backups";
import { guestLeavesJobsAlone } from "../../policies/rules/changes/guest-leaves-jobs-alone";
import { guestsStay } from "../../policies/rules/changes/guests-stay";
import { knownValues } from "../../policies/rules/changes/known-values";
import { sourceKeepsItsCopy } from "../../policies/rules/changes/source-keeps-its-copy";
import { storagesStay } from "../../policies/rules/changes/storages-stay";
import { tokensStay } from "../../policies/rules/changes/tokens-stay";
import { wholePlan } from "../../policies/rules/changes/whole-plan";
import { addServer, siteWith } from "../model/base-site";
import { created, deleted, kept, OBJECTS, planned, planOf, replaced, updated } from "./plans";

const {
  backupJob: job,
  datastore,
  guest,
  matcher,
  namespace,
  pruneJob: prune,
  remote,
  storage,
  syncJob: sync,
  token,
  user,
} = OBJECTS;

/** The base site with a second backup server that pulls from the first. */
const site = siteWith((input) => {
  input.backupServers.vault = {
    address: "10.2.0.30",
    datastores: { copies: { path: "/mnt/copies", storage: "copies", retention: { daily: 30 } } },
  };
  for (const tier of Object.values<{ backupServer?: string; datastore?: string }>(input.tiers)) {
    tier.backupServer = "pbs";
    tier.datastore = "data";
  }
  input.environments = { lab: input.environments.lab };
});

const verdictsOf = (rule: Rule, stacks: readonly PlannedStack[], of: Site = site) =>
  rule.plan?.({ site: of, environment: "lab", today: "2026-11-21", stacks }) ?? [];

/** `state object: what` of each verdict. */
const told = (rule: Rule, stacks: readonly PlannedStack[], of?: Site): string[] =>
  verdictsOf(rule, stacks, of).map(
    (one) => [one.state, one.object].join(" ") + (one.state === "compliant" ? "" : `: ${one.what}`),
  );

describe.each([
  ["datastore", backupsStay, datastore(), "backup-server datastore__pbs__data"],
  ["namespace", backupsStay, namespace(), "backup-server namespace__pbs__data__critical"],
  ["storage", storagesStay, storage(), "backup-server storage__pbs-critical"],
  ["guest", guestsStay, guest(), "backup-server guest__101"],
  ["token", tokensStay, token(), "backup-server token__pbs__pve_40pbs_21alpha"],
  ["user", tokensStay, user(), "backup-server user__pbs__pve_40pbs"],
] as const)("a %s", (_, rule, object, label) => {
  test("may be created, kept and updated", () => {
    expect(told(rule, planned([created(object)]))).toEqual([]);
    expect(told(rule, planned([kept(object)]))).toEqual([`compliant ${label}`]);
    expect(told(rule, planned([updated(object, object)]))).toEqual([`compliant ${label}`]);
  });

  test("that is deleted or replaced is named with its layer", () => {
    expect(told(rule, planned([deleted(object)]))).toEqual([`non-compliant ${label}: the plan would delete it`]);
    expect(told(rule, planned([replaced(object, object)]))).toEqual([`non-compliant ${label}: the plan would replace it (body)`]);
  });

  test("is known by what it is for the device, whatever it is called", () => {
    expect(told(rule, planned([deleted({ ...object, name: "mine" })]))).toHaveLength(1);
  });
});

describe(backupsStay.sentence, () => {
  test("a datastore that moves is replaced, and the finding says by what", () => {
    expect(told(backupsStay, planned([replaced(datastore("/mnt/data"), datastore("/mnt/other"))]))).toEqual([
      "non-compliant backup-server datastore__pbs__data: the plan would replace it (path)",
    ]);
  });

  test("every key is named that lets it be replaced only", () => {
    const renamed = datastore("/mnt/other");
    const after = { ...renamed, values: { ...renamed.values, body: { name: "other", path: "/mnt/other" } } };
    expect(told(backupsStay, planned([replaced(datastore("/mnt/data"), after)]))).toEqual([
      "non-compliant backup-server datastore__pbs__data: the plan would replace it (name, path)",
    ]);
  });

  test("a storage that another provider makes is one too", () => {
    const other = { type: "proxmox_virtual_environment_storage_pbs", name: "mine", values: {} };
    expect(told(storagesStay, planned([], [deleted(other)]))).toEqual([
      "non-compliant hypervisor mine: the plan would delete it",
    ]);
  });

  test("a plan of which nothing is known to be lost, or that changes nothing, says nothing of other objects", () => {
    expect(told(backupsStay, [{ layer: "backup-server" }])).toEqual([]);
    expect(told(backupsStay, planned([deleted(matcher()), deleted(prune({}))]))).toEqual([]);
  });
});

describe("removals in bulk", () => {
  const many = (count: number) => [
    ...planned(
      Array.from({ length: count - 1 }, (_, index) => deleted(matcher(index))),
      [replaced(job(), job())],
    ),
  ];

  test.each([
    [9, "compliant", "compliant"],
    [10, "non-compliant", "compliant"],
    [49, "non-compliant", "compliant"],
    [50, "compliant", "non-compliant"],
  ])("%i objects over all layers: %s, %s", (count, few, mass) => {
    expect(verdictsOf(fewRemovals, many(count)).map(({ state }) => state)).toEqual([few]);
    expect(verdictsOf(noMassRemoval, many(count)).map(({ state }) => state)).toEqual([mass]);
  });

  test("updates and creations do not count, and the first three removals are named", () => {
    const harmless = Array.from({ length: 60 }, (_, index) =>
      index % 2 ? created(matcher(index)) : updated(matcher(index), matcher(index)),
    );
    expect(told(fewRemovals, planned(harmless))).toEqual(["compliant plan"]);
    expect(told(noMassRemoval, planned(harmless))).toEqual(["compliant plan"]);
    expect(told(fewRemovals, many(10))).toEqual([
      "non-compliant plan: the plan would delete or replace 10 objects: backup-server notification_matcher__pbs__m0, backup-server notification_matcher__pbs__m1, backup-server notification_matcher__pbs__m2 …",
    ]);
  });
});

describe(guestKeepsItsBackups.sentence, () => {
  const without = updated(job(), job({ vmid: "103" }));
  const lost = (...what: string[]) => [
    `non-compliant hypervisor guest__101: the plan would delete it and take away ${what.join(", ")}`,
  ];

  test("it may go while its backups stay, although its job loses its id", () => {
    expect(told(guestKeepsItsBackups, planned([kept(namespace())], [deleted(guest()), without, kept(storage())]))).toEqual([
      "compliant hypervisor guest__101",
    ]);
  });

  test.each([
    ["its job", [], [deleted(job()), kept(storage())], ["hypervisor backup_job__critical"]],
    ["the storage with the key", [], [without, deleted(storage())], ["hypervisor storage__pbs-critical"]],
    ["its namespace", [deleted(namespace())], [without, kept(storage())], ["the backups in data/critical"]],
    ["its datastore", [replaced(datastore(), datastore("/x"))], [without, kept(storage())], ["the backups in data"]],
  ])("it may not go together with %s", (_, server, hypervisor, what) => {
    expect(told(guestKeepsItsBackups, planned(server, [deleted(guest()), ...hypervisor]))).toEqual(lost(...what));
  });

  test.each([
    ["all but some", { vmid: undefined, all: 1, exclude: "103" }, 1],
    ["all but it", { vmid: undefined, all: 1, exclude: "103,101" }, 0],
    ["all, as a switch,", { vmid: undefined, all: true, exclude: "103" }, 1],
    ["no guest", { vmid: undefined }, 0],
    ["its pool", { vmid: undefined, pool: "alpha-critical" }, 1],
    ["another pool", { vmid: undefined, pool: "alpha-standard" }, 0],
    ["ids that begin alike", { vmid: "1010,10" }, 0],
  ])("a job of %s", (_, selection, findings) => {
    const stacks = planned([], [deleted(guest()), deleted(job(selection)), kept(storage())]);
    expect(told(guestKeepsItsBackups, stacks)).toHaveLength(findings);
  });

  test("all that goes with it is named, each once", () => {
    const stacks = planned([deleted(namespace())], [deleted(guest()), deleted(job()), deleted(storage())]);
    expect(told(guestKeepsItsBackups, stacks)).toEqual(
      lost("hypervisor backup_job__critical", "hypervisor storage__pbs-critical", "the backups in data/critical"),
    );
  });

  test("the storage of another job does not count", () => {
    const stacks = planned([], [deleted(guest()), without, kept(storage()), deleted(storage("standard"))]);
    expect(told(guestKeepsItsBackups, stacks)).toEqual(["compliant hypervisor guest__101"]);
  });

  test("a guest in no pool is in none of a job", () => {
    const stacks = planned([], [deleted(guest({ pool_id: undefined })), deleted(job({ vmid: "103" }))]);
    expect(told(guestKeepsItsBackups, stacks)).toEqual([]);
  });

  test("the backups of others, in a namespace beside, on another server, or below, do not count", () => {
    const others = [
      deleted(namespace("critical2")),
      deleted(namespace("below", "critical")),
      deleted({ ...datastore(), name: "datastore__vault__data" }),
    ];
    expect(told(guestKeepsItsBackups, planned(others, [deleted(guest()), without, kept(storage())]))).toEqual([
      "compliant hypervisor guest__101",
    ]);
  });

  test("a guest that stays is not judged, nor one without a backup", () => {
    expect(told(guestKeepsItsBackups, planned([deleted(namespace())], [kept(guest()), deleted(job())]))).toEqual([]);
    expect(told(guestKeepsItsBackups, planned([deleted(namespace())], [deleted(guest())]))).toEqual([]);
  });
});

describe(backupsKeepTheirKey.sentence, () => {
  const both = ["non-compliant hypervisor storage__pbs-critical: the plan would delete it and the backups that its key opens"];
  const atTop = { ...namespace(), values: { ...namespace().values, body: { name: "critical", parent: null } } };

  test("either may go alone", () => {
    expect(told(backupsKeepTheirKey, planned([kept(namespace())], [deleted(storage())]))).toEqual([
      "compliant hypervisor storage__pbs-critical",
    ]);
    expect(told(backupsKeepTheirKey, planned([deleted(namespace())], [kept(storage())]))).toEqual([]);
  });

  test.each([
    ["the namespace", deleted(namespace())],
    ["the datastore around it", deleted(datastore())],
    ["a datastore that an escape hatch named", deleted({ ...datastore(), name: "mine" })],
    ["a datastore that an escape hatch named by its kind", deleted({ ...datastore(), name: "datastore" })],
    ["a datastore that an escape hatch named in parts", deleted({ ...datastore(), name: "mine__vault__data" })],
    ["a namespace at the top, of which the plan says so", deleted(atTop)],
  ])("not with %s", (_, place) => {
    expect(told(backupsKeepTheirKey, planned([place], [deleted(storage())]))).toEqual(both);
  });

  test("the server counts, where its address is one of the site's", () => {
    expect(told(backupsKeepTheirKey, planned([deleted(namespace())], [deleted(storage("critical", "10.2.0.30"))]))).toEqual([
      "compliant hypervisor storage__pbs-critical",
    ]);
    expect(told(backupsKeepTheirKey, planned([deleted(namespace())], [deleted(storage("critical", "10.9.9.9"))]))).toEqual(both);
  });

  test("a storage whose server is not known yet may be on any", () => {
    const open = { ...storage(), values: { ...storage().values, body: { datastore: "data", namespace: "critical" } } };
    for (const server of ["pbs", "vault"]) {
      const gone = deleted({ ...namespace(), name: `namespace__${server}__data__critical` });
      expect(told(backupsKeepTheirKey, planned([gone], [deleted(open)]))).toEqual(both);
    }
  });

  test("the server counts also by its second address", () => {
    const both6 = siteWith((input) => {
      input.networks.vault.cidr6 = "2001:db8:2::/64";
      addServer(input);
      input.backupServers.second.address6 = "2001:db8:2::21";
      input.environments = { lab: input.environments.lab };
    });
    const stacks = (server: string) =>
      planned(
        [deleted({ ...namespace(), name: `namespace__${server}__data__critical` })],
        [deleted(storage("critical", "2001:db8:2::21"))],
      );
    expect(told(backupsKeepTheirKey, stacks("second"), both6)).toEqual(both);
    expect(told(backupsKeepTheirKey, stacks("pbs"), both6)).toEqual(["compliant hypervisor storage__pbs-critical"]);
  });

  test("a namespace inside of another one goes with it, and alone", () => {
    const inner = deleted({ ...storage("critical/inner"), name: "storage__pbs-critical" });
    const gone = [deleted(namespace()), deleted(namespace("inner", "critical"))];
    for (const one of gone) expect(told(backupsKeepTheirKey, planned([one], [inner]))).toEqual(both);
    expect(told(backupsKeepTheirKey, planned([deleted(namespace("inner", "critical"))], [deleted(storage())]))).toEqual([
      "compliant hypervisor storage__pbs-critical",
    ]);
  });

  test("what is not encrypted needs no key", () => {
    const plain = { ...storage(), values: { ...storage().values, read_selector: "data" } };
    expect(told(backupsKeepTheirKey, planned([deleted(namespace())], [deleted(plain)]))).toEqual([]);
  });
});

describe(sourceKeepsItsCopy.sentence, () => {
  const label = "backup-server sync_job__vault__copy";

  test.each([
    ["pull", sync()],
    ["push", { ...sync({ "sync-direction": "push", store: "data", "remote-store": "copies" }), name: "sync_job__pbs__copy" }],
    ["local copy", { ...sync({ remote: undefined }), name: "sync_job__pbs__copy" }],
  ])("a %s is not deleted together with its source", (_, copy) => {
    const stacks = (place: ReturnType<typeof deleted>) => planned([place, deleted(copy), kept(remote())]);
    const object = `backup-server ${copy.name}`;
    expect(told(sourceKeepsItsCopy, stacks(deleted(datastore())))).toEqual([
      `non-compliant ${object}: the plan would delete it and the backups that it copies`,
    ]);
    expect(told(sourceKeepsItsCopy, stacks(deleted(namespace())))).toHaveLength(1);
    expect(told(sourceKeepsItsCopy, stacks(kept(datastore())))).toEqual([]);
    expect(told(sourceKeepsItsCopy, stacks(deleted({ ...datastore(), name: "datastore__vault__data" })))).toEqual([]);
  });

  test("one that stays keeps the copy, unless it follows what vanishes", () => {
    const stacks = (copy: ReturnType<typeof sync>) => planned([deleted(datastore()), kept(remote()), kept(copy)]);
    expect(told(sourceKeepsItsCopy, stacks(sync()))).toEqual([`compliant ${label}`]);
    expect(told(sourceKeepsItsCopy, stacks(sync({ "remove-vanished": true })))).toEqual([
      `non-compliant ${label}: the plan would take away the backups that it copies, and its next run removes them from the copy (remove-vanished)`,
    ]);
  });

  test("a copy of a namespace is not concerned by another one, and a foreign server by none", () => {
    const narrow = sync({ "remote-ns": "standard" });
    expect(told(sourceKeepsItsCopy, planned([deleted(namespace()), deleted(narrow), kept(remote())]))).toEqual([]);
    const elsewhere = remote("198.51.100.7");
    expect(told(sourceKeepsItsCopy, planned([deleted(datastore()), deleted(sync()), kept(elsewhere)]))).toEqual([]);
    const namesake = kept({ ...elsewhere, name: "remote__pbs__main" });
    expect(told(sourceKeepsItsCopy, planned([deleted(datastore()), namesake, deleted(sync()), kept(remote())]))).toHaveLength(1);
  });
});

describe(copyOutlivesPruning.sentence, () => {
  const label = "backup-server prune_job__pbs__data__critical";
  const following = [kept(sync({ "remove-vanished": true })), kept(remote())];
  const change = (before: object, after: object) => updated(prune({ ...before }), prune({ ...after }));

  test.each([
    ["a lower count", { "keep-daily": 7 }, { "keep-daily": 6 }, "keep-daily 7 -> 6"],
    ["a count less", { "keep-daily": 7, "keep-weekly": 4 }, { "keep-daily": 9 }, "keep-weekly 4 -> unset"],
    ["the first count, where everything was kept", {}, { "keep-last": 3 }, "keep-last unset -> 3"],
  ])("%s is a finding while a copy follows", (_, before, after, what) => {
    expect(told(copyOutlivesPruning, planned([change(before, after), ...following]))).toEqual([
      `non-compliant ${label}: ${what}: what it prunes now also vanishes from the copy of backup-server sync_job__vault__copy (remove-vanished)`,
    ]);
    expect(told(copyOutlivesPruning, planned([change(before, after), kept(sync()), kept(remote())]))).toEqual([
      `compliant ${label}`,
    ]);
  });

  test.each([
    ["the same counts", { "keep-daily": 7 }, { "keep-daily": 7 }],
    ["a higher count", { "keep-daily": 7 }, { "keep-daily": 8 }],
    ["no count at all, which keeps everything", { "keep-daily": 7 }, {}],
  ])("%s is none", (_, before, after) => {
    expect(told(copyOutlivesPruning, planned([change(before, after), ...following]))).toEqual([`compliant ${label}`]);
  });

  test("every lower count is named, and every copy that follows", () => {
    const shorter = replaced(prune({ "keep-daily": 7, "keep-weekly": 4 }), prune({ "keep-daily": 6, "keep-weekly": 3 }));
    const second = kept({ ...sync({ "remove-vanished": true }), name: "sync_job__vault__second" });
    expect(told(copyOutlivesPruning, planned([shorter, ...following, second]))).toEqual([
      `non-compliant ${label}: keep-daily 7 -> 6, keep-weekly 4 -> 3: what it prunes now also vanishes from the copy of ` +
        "backup-server sync_job__vault__copy, backup-server sync_job__vault__second (remove-vanished)",
    ]);
    const open = updated(prune({}), prune({}), { body: { "keep-daily": true, "keep-last": true } });
    expect(told(copyOutlivesPruning, planned([open, ...following]))).toEqual([
      expect.stringContaining("known only after the apply: body.keep-daily, body.keep-last; "),
    ]);
  });

  test("a job that comes new shortens nothing, and one that goes or stays neither", () => {
    for (const entry of [created(prune({ "keep-last": 1 })), deleted(prune({ "keep-last": 1 })), kept(prune({ "keep-last": 1 }))])
      expect(told(copyOutlivesPruning, planned([entry, ...following]))).toEqual([]);
  });

  test("a copy from a server that is none of the site's is not concerned", () => {
    const shorter = change({ "keep-daily": 7 }, { "keep-daily": 1 });
    const foreign = [kept(sync({ "remove-vanished": true })), kept(remote("198.51.100.7"))];
    expect(told(copyOutlivesPruning, planned([shorter, ...foreign]))).toEqual([`compliant ${label}`]);
  });

  test.each(["last", "hourly", "daily", "weekly", "monthly", "yearly"])("every count counts: %s", (period) => {
    const shorter = change({ [`keep-${period}`]: 2 }, { "keep-last": 1 });
    expect(verdictsOf(copyOutlivesPruning, planned([shorter, ...following]))).toMatchObject([{ state: "non-compliant" }]);
  });

  test("a copy that begins to follow in the same plan counts, one that is to end or copies another place does not", () => {
    const shorter = change({ "keep-daily": 7 }, { "keep-daily": 1 });
    const follows = sync({ "remove-vanished": true });
    const findings = (...entries: ReturnType<typeof kept>[]) =>
      told(copyOutlivesPruning, planned([shorter, kept(remote()), ...entries])).filter((text) =>
        text.startsWith("non-compliant"),
      );
    expect(findings(updated(sync(), follows))).toHaveLength(1);
    expect(findings(created(follows))).toHaveLength(1);
    expect(findings(deleted(follows))).toEqual([]);
    expect(findings(kept(sync({ "remove-vanished": true, "remote-ns": "standard" })))).toEqual([]);
    expect(findings(kept(sync({ "remove-vanished": true, "remote-store": "other" })))).toEqual([]);
  });

  test.each([
    ["a count", { body: { "keep-daily": true } }, "body.keep-daily"],
    ["everything", { body: true }, "body"],
  ])("what cannot be known is not taken for good: %s", (_, marks, path) => {
    const shorter = updated(prune({ "keep-daily": 7 }), prune({}), marks);
    expect(told(copyOutlivesPruning, planned([shorter, ...following]))).toEqual([
      `unknown ${label}: known only after the apply: ${path}; backup-server sync_job__vault__copy may remove what it prunes`,
    ]);
  });

  test("nor is a copy of which it cannot be known whether it follows", () => {
    const open = updated(sync(), sync({ "remove-vanished": undefined }), { body: { "remove-vanished": true } });
    const shorter = change({ "keep-daily": 7 }, { "keep-daily": 1 });
    expect(verdictsOf(copyOutlivesPruning, planned([shorter, open, kept(remote())]))).toMatchObject([{ state: "unknown" }]);
  });
});

describe(knownValues.sentence, () => {
  test.each([
    [{ body: { schedule: true } }, "body.schedule"],
    [{ body: { "match-field": [false, true] } }, "body.match-field.1"],
    [{ body: true, output: true }, "body"],
    [{ delete_query: { ns: true } }, "delete_query.ns"],
  ])("%j is unknown", (marks, path) => {
    expect(told(knownValues, planned([created(job(), marks)]))).toEqual([
      `unknown backup-server backup_job__critical: known only after the apply: ${path}`,
    ]);
  });

  test("ids and answers, which every creation leaves open, are not", () => {
    const marks = {
      id: true,
      output: true,
      sensitive_output: true,
      body: {},
      update_body_patches: [{}],
      force_new_attrs: [false],
    };
    expect(told(knownValues, planned([created(job(), marks), updated(prune({}), prune({}), marks)]))).toHaveLength(2);
    expect(verdictsOf(knownValues, planned([created(job(), marks)])).map(({ state }) => state)).toEqual(["compliant"]);
  });

  test.each([
    [
      "what a new guest gets from its hypervisor",
      { id: true, mac_addresses: true, disk: [{ path_in_datastore: true, speed: [] }] },
      "compliant",
    ],
    ["whether a disk is backed up", { disk: [{ backup: true }] }, "unknown"],
    ["whether its deletion purges it", { purge_on_destroy: true }, "unknown"],
  ])("of a guest: %s", (_, marks, state) => {
    expect(verdictsOf(knownValues, planned([created(guest(), marks)])).map((one) => one.state)).toEqual([state]);
  });

  test("of what is updated or replaced as much is asked as of what is new", () => {
    const open = { body: { schedule: true } };
    const changed = [
      updated(job(), job(), open),
      { ...replaced(job(), job()), change: { actions: ["delete", "create"], after_unknown: open } },
    ];
    expect(verdictsOf(knownValues, planned(changed)).map(({ state }) => state)).toEqual(["unknown", "unknown"]);
  });

  test("of what stays or goes nothing is asked", () => {
    expect(told(knownValues, planned([kept(job()), deleted(job())]))).toEqual([]);
  });
});

describe(wholePlan.sentence, () => {
  const entry = kept(job());
  const judge = (plan: unknown) => verdictsOf(wholePlan, [{ layer: "hypervisor", plan }]).map(({ state }) => state);

  test("one of the form 1.x is", () => {
    expect(judge(planOf([entry, deleted(job()), replaced(job(), job()), created(job())]))).toEqual(["compliant"]);
    const known = [["read"], ["forget"], ["update"], ["create", "delete"]].map((actions) => ({ ...entry, change: { actions } }));
    expect(judge(planOf(known, { format_version: "1.99" }))).toEqual(["compliant"]);
  });

  const FORM = "its format is not one that Bastide reads (1.x)";
  const STOPPED = "the engine stopped before it was done with it";
  const PARTIAL = "it leaves a part of the changes for later";
  const EMPTY = "it has no list of changes";
  const strange = (...names: string[]) => `it does something to ${names.join(", ")} that Bastide does not know`;
  const odd = (address: string) => ({ address, change: { actions: ["forget", "create"] } });

  test.each([
    ["of another form", planOf([entry], { format_version: "2.0" }), FORM],
    ["of no form", planOf([entry], { format_version: undefined }), FORM],
    ["whose form is a number", planOf([entry], { format_version: 1.2 }), FORM],
    ["that the engine did not finish", planOf([entry], { errored: true }), STOPPED],
    ["that is not complete", planOf([entry], { complete: false }), PARTIAL],
    ["that defers something", planOf([entry], { deferred_changes: [{}] }), PARTIAL],
    ["cut off before its changes", { format_version: "1.2" }, EMPTY],
    ["with actions that nobody knows", planOf([odd("a"), entry, odd("b")]), strange("a", "b")],
    ["with an entry without a change", planOf([{ address: "x" }]), strange("x")],
    ["that is a text", "plan", FORM],
  ])("one %s is unknown, not good", (_, plan, what) => {
    expect(told(wholePlan, [{ layer: "hypervisor", plan }])).toEqual([`unknown hypervisor plan: ${what}`]);
  });

  test("one that is complete, and one that defers nothing, is whole", () => {
    expect(judge(planOf([entry], { complete: true, deferred_changes: [] }))).toEqual(["compliant"]);
  });

  test("a layer in which nothing changes has none", () => {
    expect(judge(undefined)).toEqual([]);
  });
});

describe(guestLeavesJobsAlone.sentence, () => {
  test("as the last apply left it", () => {
    expect(told(guestLeavesJobsAlone, planned([], [deleted(guest())]))).toEqual(["compliant hypervisor guest__101"]);
  });

  test.each([
    ["purge_on_destroy", "take it out of every backup job (purge_on_destroy)"],
    ["delete_unreferenced_disks_on_destroy", "delete disks that it does not reference (delete_unreferenced_disks_on_destroy)"],
  ])("%s is on unless it is off", (key, what) => {
    const found = [`non-compliant hypervisor guest__101: the plan would ${what}`];
    expect(told(guestLeavesJobsAlone, planned([], [deleted(guest({ [key]: true }))]))).toEqual(found);
    expect(told(guestLeavesJobsAlone, planned([], [replaced(guest({ [key]: null }), guest())]))).toEqual(found);
    expect(told(guestLeavesJobsAlone, planned([], [kept(guest({ [key]: true }))]))).toEqual([]);
  });

  test("a container has no such switches", () => {
    const container = { ...guest({ purge_on_destroy: undefined }), type: "proxmox_virtual_environment_container" };
    expect(verdictsOf(guestLeavesJobsAlone, planned([], [deleted(container)]))).toMatchObject([{ state: "compliant" }]);
  });
});
