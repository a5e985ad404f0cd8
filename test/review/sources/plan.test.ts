import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../model";
import { protectionOf } from "../../../review/protect";
import { configurationOfModel } from "../../../review/sources/model";
import { planSides } from "../../../review/sources/plan";
import type { PlanDocument } from "../../../review/sources/plan-document";
import site from "../../../sites/ecosolar/site";

/**
 * Recorded from the lab, with OpenTofu 1.12.6, and reduced to what is read. In the site file: another path and retention, one more
 * tier with a guest that Bastide makes, an operator less. By hand: a job switched off, a path left out of another one, the key of
 * a storage removed, the matcher of the backup server deleted.
 */
const text = readFileSync(join(__dirname, "..", "..", "fixtures", "plans", "ecosolar.json"), "utf8");

interface Entry {
  address: string;
  change: { actions: string[]; before: Attributes | null; after: Attributes | null; [mark: string]: unknown };
  [key: string]: unknown;
}
type Attributes = { body: Record<string, unknown>; [key: string]: unknown };
type Plan = { resource_changes: Entry[]; [key: string]: unknown };

/** A copy of the recorded plans, to be changed. */
class Plans {
  readonly documents = JSON.parse(text) as { layer: string; plan: Plan }[];

  plan(layer: string): Plan {
    const found = this.documents.find((one) => one.layer === layer)?.plan;
    if (found === undefined) throw new Error(`no plan of ${layer}`);
    return found;
  }

  entry(name: string, type = "restful_resource"): Entry {
    const entries = this.documents.flatMap(({ plan }) => plan.resource_changes);
    const found = entries.find(({ address }) => address === `${type}.${name}`);
    if (found === undefined) throw new Error(`no entry ${name}`);
    return found;
  }

  /** Body after the change. */
  after(name: string): Record<string, unknown> {
    const { after } = this.entry(name).change;
    if (after === null) throw new Error(`${name} is deleted`);
    return after.body;
  }

  sides = () => planSides(this.documents, site);
}

const sides = () => new Plans().sides();
const faultsOf = (documents: readonly PlanDocument[]): string[] => {
  try {
    planSides(documents, site);
  } catch (error) {
    if (error instanceof UserError) return error.faults.map(({ where, what, why }) => `${where} ${what}: ${why}`);
    throw error;
  }
  return [];
};

describe("both sides of a plan", () => {
  it("hold the jobs before and after, those of Bastide's own guests too", () => {
    const { before, after } = sides();
    expect(before.backupJobs).toMatchObject([
      { id: "ecosolar-critical", enabled: true, schedule: "0/4:00 UTC", selection: { kind: "list", guests: [101, 103] } },
      { id: "ecosolar-standard", enabled: false, selection: { guests: [102, 104, 105, 106] } },
    ]);
    expect(after.backupJobs).toMatchObject([
      { id: "ecosolar-archive", schedule: "sat 02:00", selection: { guests: [107] }, repeatMissed: true, prunesItself: false },
      { id: "ecosolar-critical" },
      { id: "ecosolar-standard", enabled: true },
    ]);
  });

  it("hold retention, path and rights before and after", () => {
    const { before, after } = sides();
    expect([before.pruneJobs, after.pruneJobs]).toMatchObject([
      [{ id: "proxmox-data-critical-prune", retention: { hourly: 24, daily: 7 } }, {}, {}],
      [{ id: "proxmox-data-archive-prune" }, { id: "proxmox-data-critical-prune", retention: { hourly: 12 } }, {}, {}],
    ]);
    expect([before.datastores, after.datastores]).toMatchObject([
      [{ backupServer: "pbs", path: "/mnt/datastore/proxmox-data" }],
      [{ backupServer: "pbs", path: "/mnt/datastore/other" }],
    ]);
    const operator = expect.objectContaining({
      device: "hypervisor",
      subject: "technicien@pve",
      role: "PVEVMAdmin",
      path: "/vms",
    });
    expect(before.grants).toContainEqual(operator);
    expect(after.grants).not.toContainEqual(operator);
  });

  it("know a guest that Bastide makes by its machine, the others by the site file", () => {
    const { before, after } = sides();
    expect(before.guests).toHaveLength(6);
    expect(after.guests).toContainEqual({ id: 107, name: "neuf", excludedDisks: [], owned: true });
    const plans = new Plans();
    const machine = plans.entry("guest__107", "proxmox_virtual_environment_vm").change.after;
    const [disk] = (machine?.disk ?? []) as { backup: boolean }[];
    Object.assign(disk ?? {}, { backup: false });
    expect(plans.sides().after.guests).toContainEqual({ id: 107, name: "neuf", excludedDisks: ["scsi0"], owned: true });
    plans.entry("guest__107", "proxmox_virtual_environment_vm").change.after_unknown = { disk: [{ backup: true }] };
    expect(plans.sides().after.guests).toContainEqual({ id: 107, name: "neuf", owned: true });
  });

  it("tell which storages have a key, although no plan holds one", () => {
    const encrypted = (side: "before" | "after") =>
      (sides()[side].storages as unknown as { id: string; encrypted: unknown }[]).map((one) => [one.id, one.encrypted]);
    expect(Object.fromEntries(encrypted("before"))).toEqual({
      "pbs-backup": true,
      "pbs-backup-critical": true,
      "pbs-backup-standard": false,
    });
    expect(encrypted("after").every(([, has]) => has === true)).toBe(true);
    const plans = new Plans();
    const { after } = plans.entry("storage__pbs-backup").change;
    if (after) after.read_selector = 'data.#(storage=="pbs-backup")';
    expect(plans.sides().after.storages).toContainEqual(expect.objectContaining({ id: "pbs-backup", encrypted: false }));
  });

  it("agree with the model on what the plan leaves as it is", () => {
    const plans = new Plans();
    for (const { plan } of plans.documents) {
      plan.resource_changes = plan.resource_changes.filter(({ change }) => change.before !== null);
      for (const { change } of plan.resource_changes) change.after = change.before;
    }
    const model = configurationOfModel(site);
    const { after } = plans.sides();
    expect(after.verifyJobs).toEqual(model.verifyJobs);
    expect(after.timeZone).toBe(model.timeZone);
    expect(after.promises).toEqual(model.promises);
    expect(protectionOf(after).reachability).toEqual(protectionOf(model).reachability);
  });
});

describe("what else a plan says", () => {
  it("names the keys that force a replacement", () => {
    expect(sides().replaced).toEqual([
      { layer: "backup-server", address: "restful_resource.datastore__pbs__proxmox-data", because: ["path"] },
    ]);
    const plans = new Plans();
    const { change } = plans.entry("datastore__pbs__proxmox-data");
    change.after = change.before;
    plans.entry("datastore__pbs__proxmox-data").action_reason = "replace_because_tainted";
    expect(plans.sides().replaced).toMatchObject([{ because: ["its creation was not seen through"] }]);
  });

  it("tells drift apart, by the keys that somebody really touched, and no clock", () => {
    expect(sides().drift).toEqual([
      {
        layer: "backup-server",
        address: "restful_resource.notification_matcher__pbs__ecosolar-failures",
        kind: "deleted",
        keys: [],
      },
      { layer: "hypervisor", address: "restful_resource.backup_job__critical", kind: "changed", keys: ["exclude-path"] },
      { layer: "hypervisor", address: "restful_resource.backup_job__standard", kind: "changed", keys: ["enabled"] },
      {
        layer: "hypervisor",
        address: "restful_resource.storage__pbs-backup-standard",
        kind: "changed",
        keys: ["encryption-key"],
      },
    ]);
  });

  it("takes what was set by hand for unknown where it decides, and for set elsewhere", () => {
    const { before, after } = sides();
    expect(before.backupJobs).toContainEqual(
      expect.objectContaining({ id: "ecosolar-critical", excludedPaths: ["paths that are not known"], prunesItself: true }),
    );
    expect(after.backupJobs).toContainEqual(
      expect.objectContaining({ id: "ecosolar-critical", excludedPaths: [], prunesItself: false }),
    );
    const plans = new Plans();
    const { before: job } = plans.entry("backup_job__critical").change;
    if (job) job.body.comment = "pool";
    expect(plans.sides().before.backupJobs).toContainEqual(
      expect.objectContaining({ id: "ecosolar-critical", selection: { unknown: expect.stringContaining("by hand") } }),
    );
  });

  it("tells the recipients of a device that lost its matcher", () => {
    const devices = (side: "before" | "after") =>
      (sides()[side].alerts as unknown as { device: string }[]).map(({ device }) => device);
    expect([devices("before"), devices("after")]).toEqual([["hypervisor"], ["hypervisor", "pbs"]]);
  });

  it("keeps an object that the engine only forgets, and leaves out one that it destroys", () => {
    const plans = new Plans();
    const { change } = plans.entry("backup_job__standard");
    change.after = null;
    change.actions = ["forget"];
    expect(plans.sides().after.backupJobs).toContainEqual(expect.objectContaining({ id: "ecosolar-standard" }));
    change.actions = ["delete"];
    expect(plans.sides().after.backupJobs).not.toContainEqual(expect.objectContaining({ id: "ecosolar-standard" }));
  });
});

describe("what is no object of the plan", () => {
  it("is what is only read, or what an earlier apply left behind", () => {
    for (const more of [{ mode: "data" }, { deposed: "1a2b3c4d" }]) {
      const plans = new Plans();
      Object.assign(plans.entry("backup_job__standard"), more);
      expect(plans.sides().after.backupJobs).not.toContainEqual(expect.objectContaining({ id: "ecosolar-standard" }));
      expect(plans.sides().before.backupJobs).not.toContainEqual(expect.objectContaining({ id: "ecosolar-standard" }));
    }
  });

  it("is a machine without a number", () => {
    const plans = new Plans();
    Object.assign(plans.entry("guest__107", "proxmox_virtual_environment_vm").change.after ?? {}, { vm_id: 0 });
    expect(plans.sides().after.guests).toHaveLength(6);
  });

  it("is drift of what is only read", () => {
    const plans = new Plans();
    for (const { plan } of plans.documents)
      for (const entry of (plan.resource_drift ?? []) as Entry[]) Object.assign(entry, { mode: "data" });
    expect(plans.sides().drift).toEqual([]);
  });
});

describe("a plan of the hypervisors", () => {
  it("tells the zone in which jobs run from the clock that it sets, before and after", () => {
    const plans = new Plans();
    const [clock] = plans.plan("hypervisor").resource_changes.filter(({ type }) => type === "proxmox_virtual_environment_time");
    if (clock === undefined) throw new Error("no clock");
    clock.change.after = { ...clock.change.before, body: {}, time_zone: "Europe/Lisbon" };
    expect(plans.sides().after.timeZone).toBe("Europe/Lisbon");
    expect(plans.sides().before.timeZone).toBe("Europe/Paris");
  });
});

describe("why an object is made anew", () => {
  const because = (keys: object, force: unknown, reason?: string) => {
    const plans = new Plans();
    const entry = plans.entry("datastore__pbs__proxmox-data");
    const { before } = entry.change;
    if (before === null) throw new Error("it is new");
    entry.change.after = { ...before, body: { ...before.body, ...keys }, force_new_attrs: force };
    if (reason !== undefined) entry.action_reason = reason;
    return plans.sides().replaced.map((one) => one.because);
  };

  it.each<[string, object, unknown, string | undefined, string[]]>([
    ["every key that demands it", { path: "/x", name: "y", comment: "z" }, ["path", "name"], undefined, ["name", "path"]],
    ["a key that is not shown", { "Odd key!": 1 }, ["another key", "Odd key!"], undefined, ["another key"]],
    ["no key", { comment: "z" }, ["path"], undefined, ["the provider cannot update it"]],
    ["no list of keys", { path: "/x" }, undefined, undefined, ["the provider cannot update it"]],
    ["a wish", {}, [], "replace_by_request", ["somebody asked for it"]],
    ["another object", {}, [], "replace_by_triggers", ["another object is replaced"]],
  ])("%s", (_, keys, force, reason, expected) => {
    expect(because(keys, force, reason)).toEqual([expected]);
  });
});

describe("what a plan cannot say", () => {
  const laterOf = (name: string, marks: unknown): Plans => {
    const plans = new Plans();
    plans.entry(name).change.after_unknown = { body: marks };
    return plans;
  };

  it.each([
    ["schedule", { schedule: true }, "schedule"],
    ["selection", { vmid: true }, "selection"],
    ["storage", { storage: true }, "storage"],
  ])("is unknown: the %s of a job, with the reason", (_, marks, fact) => {
    const { after, before } = laterOf("backup_job__critical", marks).sides();
    const unknown = { unknown: "it is known only after the apply" };
    expect(after.backupJobs).toContainEqual(expect.objectContaining({ id: "ecosolar-critical", [fact]: unknown }));
    expect(JSON.stringify(before.backupJobs)).not.toContain("known only after");
  });

  const later = { unknown: "it is known only after the apply" };
  it.each<[string, string, object, "backupJobs" | "storages", object]>([
    ...["all", "pool", "exclude", "node"].map((key): [string, string, object, "backupJobs", object] => [
      key,
      "backup_job__critical",
      { [key]: true },
      "backupJobs",
      { id: "ecosolar-critical", selection: later },
    ]),
    ["remove", "backup_job__critical", { remove: true }, "backupJobs", { id: "ecosolar-critical", prunesItself: true }],
    ["fingerprint", "storage__pbs-backup", { fingerprint: true }, "storages", { id: "pbs-backup", pinned: later }],
    ["prune-backups", "storage__pbs-backup", { "prune-backups": true }, "storages", { id: "pbs-backup", prunes: later }],
    ["encryption-key", "storage__pbs-backup", { "encryption-key": true }, "storages", { id: "pbs-backup", encrypted: later }],
  ])("is taken for the worst, or for unknown: %s", (_, name, marks, list, expected) => {
    expect(laterOf(name, marks).sides().after[list]).toContainEqual(expect.objectContaining(expected));
  });

  it.each([
    ["whether a job is enabled", "backup_job__critical", { enabled: true }, "backupJobs"],
    ["the id of a job", "prune_job__pbs__proxmox-data", { id: true }, "pruneJobs"],
    ["a whole body", "verify_job__pbs__proxmox-data", true, "verifyJobs"],
    ["the server of a right", "access__supervision_40pve__PVEAuditor", { path: true }, "grants"],
  ] as const)("makes the list unknown: %s", (_, name, marks, list) => {
    expect(laterOf(name, marks).sides().after[list]).toEqual({ unknown: "it is known only after the apply" });
  });

  it("is unknown where the engine holds the value for secret", () => {
    const plans = new Plans();
    plans.entry("prune_job__pbs__proxmox-data").change.after_sensitive = { body: { "keep-last": true } };
    const retention = { unknown: "the plan holds it for secret" };
    expect(plans.sides().after.pruneJobs).toContainEqual(expect.objectContaining({ id: "proxmox-data-prune", retention }));
  });

  it("is unknown where it has a form that is not understood, without being shown", () => {
    const plans = new Plans();
    plans.after("backup_job__critical").schedule = "0 */4 * * *";
    plans.after("backup_job__critical").mode = "teleport";
    plans.after("prune_job__pbs__proxmox-data")["keep-last"] = "many";
    const { after } = plans.sides();
    expect(after.backupJobs).toContainEqual(
      expect.objectContaining({ schedule: { unknown: expect.any(String) }, mode: { unknown: expect.any(String) } }),
    );
    expect(after.pruneJobs).toContainEqual(expect.objectContaining({ retention: { unknown: expect.any(String) } }));
    expect(JSON.stringify(after)).not.toMatch(/\*\/4|teleport|many/);
  });

  it("is unknown for a layer that has no plan here", () => {
    const { documents } = new Plans();
    const without = (layer: string) =>
      planSides(
        documents.filter((one) => one.layer !== layer),
        site,
      ).after;
    const gap = (layer: string) => ({ unknown: `there is no plan of the layer ${layer}` });
    expect(without("hypervisor")).toMatchObject({
      backupJobs: gap("hypervisor"),
      storages: gap("hypervisor"),
      grants: gap("hypervisor"),
      alerts: gap("hypervisor"),
      pruneJobs: expect.any(Array),
    });
    const server = without("backup-server");
    for (const list of ["datastores", "pruneJobs", "verifyJobs", "syncJobs", "grants", "alerts"] as const) {
      expect(server[list]).toEqual(gap("backup-server"));
    }
    expect(without("firewall").firewall).toEqual(gap("firewall"));
  });

  it("is unknown for a firewall on which somebody else's rule stands above ours", () => {
    const plans = new Plans();
    const { before } = plans.entry("rule__lan__block").change;
    if (before) before.body.placement = 2;
    const { before: now, after } = plans.sides();
    expect(now.firewall).toEqual({ unknown: expect.stringContaining("somebody else") });
    expect(after.firewall).toMatchObject({ rules: [{ type: "pass" }, { type: "block" }] });
  });
});

describe("a plan that cannot be read", () => {
  const broken = (change: (plan: Plan) => void, layer = "backup-server"): readonly PlanDocument[] => {
    const plans = new Plans();
    change(plans.plan(layer));
    return plans.documents;
  };

  it.each<[string, (plan: Plan) => void, string]>([
    [
      "of an unknown major version",
      (plan) => Object.assign(plan, { format_version: "2.0" }),
      "has the unknown format 2.0: Bastide reads major version 1: what another one means is not known",
    ],
    [
      "of a version that is too long to be one",
      (plan) => Object.assign(plan, { format_version: "2.0000000000000" }),
      "has the unknown format: Bastide reads major version 1: what another one means is not known",
    ],
    ["without a version", (plan) => Object.assign(plan, { format_version: undefined }), "is no plan: it names no format_version"],
    [
      "that failed",
      (plan) => Object.assign(plan, { errored: true }),
      "is a plan that failed: it holds only a part of what would be done",
    ],
    [
      "that is not complete",
      (plan) => Object.assign(plan, { complete: false }),
      "is not complete: it leaves out a part of the objects, so another plan must follow",
    ],
    ...[
      [{ address: "x" }],
      [{ address: "x", type: "t", change: { actions: [] } }],
      [null],
      [{ address: "x", type: "t", name: "n" }],
    ].map((changes): [string, (plan: Plan) => void, string] => [
      `with a change cut off, ${JSON.stringify(changes)}`,
      (plan) => Object.assign(plan, { resource_changes: changes }),
      "has a change of a shape that Bastide does not know: a part of it is missing, or it was edited",
    ]),
    [
      "that leaves out an object of the state",
      (plan) => plan.resource_changes.splice(0, 1),
      "leaves out 1 object of the state: it was limited to some objects, or is cut off",
    ],
    [
      "that leaves out two",
      (plan) => plan.resource_changes.splice(0, 2),
      "leaves out 2 objects of the state: it was limited to some objects, or is cut off",
    ],
  ])("is refused: %s", (_, change, what) => {
    expect(faultsOf(broken(change))).toEqual([`plan of backup-server ${what}`]);
  });

  it("may leave out what is only read, and know an object under its former address", () => {
    const state = (plan: Plan) =>
      (plan.prior_state as { values: { root_module: { resources: object[] } } }).values.root_module.resources;
    expect(faultsOf(broken((plan) => state(plan).push({ address: "data.x.y", mode: "data" })))).toEqual([]);
    expect(faultsOf(broken((plan) => state(plan).push({ address: "x.y", mode: "managed" })))).toHaveLength(1);
    const moved = (plan: Plan) => {
      state(plan).push({ address: "x.old", mode: "managed" });
      Object.assign(plan.resource_changes[0] ?? {}, { previous_address: "x.old" });
    };
    expect(faultsOf(broken(moved))).toEqual([]);
  });

  it.each([["1.0"], ["1.99"]])("is not one of version %s", (version) => {
    expect(faultsOf(broken((plan) => Object.assign(plan, { format_version: version })))).toEqual([]);
  });

  it("is refused: a state, a list, a number", () => {
    expect(faultsOf([{ layer: "hypervisor", plan: { format_version: "1.0", values: {} } }])).toEqual([
      "plan of hypervisor is no plan: it is a state, or a part is missing",
    ]);
    expect(faultsOf([{ layer: "hypervisor", plan: { format_version: "1.0", planned_values: {} } }])).toEqual([]);
    expect(faultsOf([{ layer: "hypervisor", plan: { format_version: "1.0", resource_changes: [] } }])).toEqual([]);
    expect(
      faultsOf([
        { layer: "hypervisor", plan: [] },
        { layer: "firewall", plan: 3 },
      ]),
    ).toEqual(["plan of hypervisor is no plan: it holds no JSON object", "plan of firewall is no plan: it holds no JSON object"]);
  });

  it("tells a version that holds a secret without showing it", () => {
    const faults = faultsOf(broken((plan) => Object.assign(plan, { format_version: SECRET })));
    expect(faults).toHaveLength(1);
    expect(faults[0]).not.toContain(SECRET);
  });
});

const SECRET = "Zk9-hunter2-secret";
/** Keys whose text is a fact: names of objects, and who is told. */
const NAMES = new Set([
  ...[
    "address",
    "type",
    "name",
    "read_path",
    "id",
    "store",
    "storage",
    "datastore",
    "namespace",
    "ns",
    "userid",
    "username",
    "path",
  ],
  ...["auth-id", "users", "tokens", "role", "roles", "target", "mailto", "destination", "source", "interface", "descr", "pool"],
  ...["vmid", "format_version", "mode", "actions", "time_zone", "layer", "previous_address", "protocol", "destination_port"],
]);

/** Puts the secret in the place of every text whose key is not among the names. */
function planted(value: unknown, key: string): unknown {
  if (typeof value === "string") return NAMES.has(key) ? value : SECRET;
  if (Array.isArray(value)) return value.map((one) => planted(one, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, planted(one, name)]));
}

describe("a secret in an unexpected place", () => {
  it("is nowhere in what is read from a plan, wherever it stands", () => {
    const documents = new Plans().documents.map(({ layer, plan }) => ({ layer, plan: planted(plan, "plan") }));
    const read = planSides(documents, site);
    expect(read.after.backupJobs).toHaveLength(3);
    expect(JSON.stringify(documents).split(SECRET).length).toBeGreaterThan(300);
    expect(JSON.stringify(read)).not.toContain(SECRET);
  });

  it("is nowhere either where it stands in keys that no object has", () => {
    const plans = new Plans();
    for (const { plan } of plans.documents) {
      for (const { change } of plan.resource_changes) {
        for (const side of [change.before, change.after])
          if (side?.body) Object.assign(side.body, { password: SECRET, [SECRET]: 1 });
      }
    }
    expect(JSON.stringify(plans.sides())).not.toContain(SECRET);
  });
});
