import { generateKeyPairSync } from "node:crypto";
import {
  type ApplyAnswer,
  type Change,
  type Check,
  changesOf,
  type DriftAnswer,
  type FaultAnswer,
  wrongOf,
} from "./support/answers";
import type { DeviceApi } from "./support/device-api";
import { type JsonResult, type LabDevices, SitesFolder } from "./support/sites-folder";

jest.setTimeout(600_000);

const LAB = ["ecosolar", "--env", "lab"];
const USER = "pve-backup@pbs";
const TOKEN = `${USER}!pve-token`;
const RIGHT = { path: "/datastore/proxmox-data", role: "DatastoreAdmin" };

/** Something that a person does on a device behind our back. */
interface HandChange {
  readonly what: string;
  readonly by: (devices: LabDevices) => Promise<unknown>;
  /** What the plan must name: object, and the field where it is a difference in one. Absent: a plan cannot see it. */
  readonly plan?: readonly [object: string, field?: string];
  /** What verify must say of it. Absent: the plan alone sees it. */
  readonly check?: readonly [id: string, subject: string | RegExp, says: RegExp];
}

const job = (id: string) => `/cluster/backup/${id}`;
const datastore = "/config/datastore/proxmox-data";

/** Position of an alias by its name, of a rule by its description. */
async function idOf(firewall: DeviceApi, list: "aliases" | "rules", name: string): Promise<number | undefined> {
  const all = await firewall.get<{ id: number; name?: string; descr: string }[]>(`/firewall/${list}`);
  return all.find((one) => (one.name ?? one.descr) === name)?.id;
}

/** Settings that were turned so that less is protected. All of them at once: each must be named, and all be repaired. */
const SETTINGS: HandChange[] = [
  {
    what: "a backup job disabled",
    by: ({ pve }) => pve.put(job("ecosolar-critical"), { enabled: 0 }),
    plan: ["backup job critical", "enabled"],
    check: ["guest.covered", "guest erp", /job ecosolar-critical is disabled/],
  },
  {
    what: "a guest removed from a job",
    by: ({ pve }) => pve.put(job("ecosolar-standard"), { vmid: "102,104,105" }),
    plan: ["backup job standard", "vmid"],
    check: ["guest.covered", "guest mail", /job ecosolar-standard does not take guest 106/],
  },
  {
    what: "a job told to prune by itself",
    by: ({ pve }) => pve.put(job("ecosolar-standard"), { "prune-backups": "keep-last=1" }),
    plan: ["backup job standard", "prune-backups"],
  },
  {
    what: "a prune job shortened",
    by: ({ pbs }) => pbs.put("/config/prune/proxmox-data-critical-prune", { "keep-hourly": 2 }),
    plan: ["prune job pbs/proxmox-data/critical", "keep-hourly"],
    check: ["prune.retention", "pbs/proxmox-data:critical", /hourly 2/],
  },
  {
    what: "a prune job disabled",
    by: ({ pbs }) => pbs.put("/config/prune/proxmox-data-standard-prune", { disable: true }),
    plan: ["prune job pbs/proxmox-data/standard", "disable"],
    check: ["prune.retention", "pbs/proxmox-data:standard", /disabled/],
  },
  {
    what: "a matcher disabled on the hypervisor",
    by: ({ pve }) => pve.put("/cluster/notifications/matchers/ecosolar-failures", { disable: 1 }),
    plan: ["notification matcher ecosolar-failures", "disable"],
    check: ["notification.matcher", "hypervisor", /disabled/],
  },
  {
    what: "a matcher of the backup server narrowed to one kind of job",
    by: ({ pbs }) => pbs.put("/config/notifications/matchers/ecosolar-failures", { "match-field": ["exact:type=gc"] }),
    plan: ["notification matcher pbs/ecosolar-failures", "match-field"],
  },
  {
    what: "the mails sent to somebody else",
    by: ({ pbs }) => pbs.put("/config/notifications/endpoints/smtp/ecosolar-mail", { mailto: ["nobody@example.org"] }),
    plan: ["smtp endpoint pbs/ecosolar-mail", "mailto"],
  },
  {
    what: "the verification spaced out",
    by: ({ pbs }) => pbs.put("/config/verify/proxmox-data-verify", { "outdated-after": 3000 }),
    plan: ["verify job pbs/proxmox-data", "outdated-after"],
    check: ["verify.schedule", "pbs/proxmox-data", /again after 3000 days/],
  },
  {
    what: "the garbage collection unscheduled",
    by: ({ pbs }) => pbs.put(datastore, { delete: ["gc-schedule"] }),
    plan: ["datastore pbs/proxmox-data", "gc-schedule"],
    check: ["gc.schedule", "pbs/proxmox-data", /not scheduled/],
  },
  {
    what: "new backups no longer verified",
    by: ({ pbs }) => pbs.put(datastore, { "verify-new": false }),
    plan: ["datastore pbs/proxmox-data", "verify-new"],
    check: ["verify.new", "pbs/proxmox-data", /not at once/],
  },
  {
    what: "a node put into another time zone",
    by: ({ pve }) => pve.put("/nodes/pve1/time", { timezone: "Asia/Tokyo" }),
    plan: ["node time pve1", "time_zone"],
    check: ["clock.zone", "pve1", /Asia\/Tokyo/],
  },
  {
    what: "the backup server put into another time zone",
    by: ({ pbs }) => pbs.put("/nodes/localhost/time", { timezone: "America/New_York" }),
    plan: ["node time pbs", "timezone"],
    check: ["clock.zone", "pbs", /America\/New_York/],
  },
  {
    what: "a storage disabled",
    by: ({ pve }) => pve.put("/storage/pbs-backup", { disable: 1 }),
    plan: ["storage pbs-backup", "disable"],
    check: ["storage.exists", "storage pbs-backup", /disabled/],
  },
  {
    what: "a storage that pins another certificate",
    by: ({ pve }) => pve.put("/storage/pbs-backup-standard", { fingerprint: Array(32).fill("ab").join(":") }),
    plan: ["storage pbs-backup-standard", "fingerprint"],
    check: ["storage.fingerprint", "storage pbs-backup-standard", /^ab:ab/],
  },
  {
    what: "an alias widened",
    by: async ({ firewall }) => {
      const address = ["192.168.100.210", "192.168.100.10", "192.168.100.66"];
      await firewall.patch("/firewall/alias", { id: await idOf(firewall, "aliases", "ecosolar_pbs_from"), address, detail: [] });
    },
    plan: ["alias sources", "address"],
  },
  {
    what: "the block rule disabled",
    by: ({ firewall }) => firewall.patch("/firewall/rule", { id: 1, disabled: true, apply: true }),
    plan: ["rule lan/block", "disabled"],
  },
];

/** Objects that were deleted, moved, or made useless for the others. */
const DELETIONS: HandChange[] = [
  {
    what: "the token deleted",
    by: ({ pbs }) => pbs.delete(`/access/users/${USER}/token/pve-token`),
    plan: [`token pbs/${TOKEN}`],
    check: ["storage.active", "storage pbs-backup on pve1", /not active|401|authentication/],
  },
  {
    what: "a storage deleted",
    by: ({ pve }) => pve.delete("/storage/pbs-backup-critical"),
    plan: ["storage pbs-backup-critical"],
    check: ["storage.exists", "storage pbs-backup-critical", /no such storage/],
  },
  {
    what: "a backup job deleted",
    by: ({ pve }) => pve.delete(job("ecosolar-critical")),
    plan: ["backup job critical"],
    check: ["guest.covered", "guest ad", /no job ecosolar-critical/],
  },
  {
    what: "a prune job deleted",
    by: ({ pbs }) => pbs.delete("/config/prune/proxmox-data-prune"),
    plan: ["prune job pbs/proxmox-data"],
    check: ["prune.retention", "pbs/proxmox-data", /no prune job/],
  },
  {
    what: "the verify job deleted",
    by: ({ pbs }) => pbs.delete("/config/verify/proxmox-data-verify"),
    plan: ["verify job pbs/proxmox-data"],
    check: ["verify.schedule", "pbs/proxmox-data", /no verify job/],
  },
  {
    what: "an empty namespace deleted",
    by: ({ pbs }) => pbs.delete("/admin/datastore/proxmox-data/namespace?ns=standard"),
    plan: ["namespace pbs/proxmox-data/standard"],
  },
  {
    what: "a pool deleted",
    by: ({ pve }) => pve.delete("/pools/ecosolar-standard"),
    plan: ["pool standard"],
  },
  {
    what: "the pass rule moved below the block",
    by: ({ firewall }) => firewall.patch("/firewall/rule", { id: 0, placement: 1, apply: true }),
    plan: ["rule lan/pass"],
  },
  {
    what: "an alias deleted",
    by: ({ firewall }) => firewall.delete("/firewall/aliases?name=ecosolar_pbs_to"),
    plan: ["alias destinations"],
    check: ["firewall.skipped", /"Bloquer PBS - Port 8007"/, /ecosolar_pbs_to/],
  },
];

/** Rights and credentials. */
const RIGHTS: HandChange[] = [
  {
    what: "the user disabled",
    by: ({ pbs }) => pbs.put(`/access/users/${USER}`, { enable: false }),
    plan: [`user pbs/${USER}`, "enable"],
    check: ["storage.active", "storage pbs-backup on pve1", /./],
  },
  {
    what: "the right of the token removed",
    by: ({ pbs }) => pbs.put("/access/acl", { ...RIGHT, "auth-id": TOKEN, delete: true }),
    plan: [`access pbs/${TOKEN}/DatastoreAdmin/datastore/proxmox-data`],
    check: ["token.privileges", `pbs ${TOKEN} /datastore/proxmox-data`, /lacks .*Datastore\.Backup/],
  },
  {
    what: "a storage that works as root@pam",
    by: ({ pve }) => pve.put("/storage/pbs-backup", { username: "root@pam", password: "secret" }),
    plan: ["storage pbs-backup", "username"],
    check: ["storage.exists", "storage pbs-backup", /as root@pam/],
  },
  {
    what: "the certificate no longer pinned",
    by: ({ pve }) => pve.put("/storage/pbs-backup-standard", { delete: "fingerprint" }),
    plan: ["storage pbs-backup-standard", "fingerprint"],
    check: ["storage.fingerprint", "storage pbs-backup-standard", /not pinned/],
  },
  {
    what: "the encryption key removed from a storage",
    by: ({ pve }) => pve.put("/storage/pbs-backup-critical", { delete: "encryption-key" }),
    plan: ["storage pbs-backup-critical", "encryption-key"],
    check: ["storage.encryption", "storage pbs-backup-critical", /no key: backups are not encrypted/],
  },
  {
    what: "the pass rule opened to everybody",
    by: ({ firewall }) => firewall.patch("/firewall/rule", { id: 0, source: "any", apply: true }),
    plan: ["rule lan/pass", "source"],
  },
  {
    what: "a rule that lets everything through above ours",
    by: ({ firewall }) =>
      firewall.post("/firewall/rule", {
        ...{ type: "pass", interface: ["lan"], ipprotocol: "inet46", protocol: null, source: "any", destination: "any" },
        ...{ descr: "test temporaire", placement: 0, apply: true },
      }),
    plan: ["rule lan/pass", "placement"],
    check: ["firewall.opening", /"test temporaire"/, /lets .* through/],
  },
];

/** What somebody has added beside ours: not ours to delete, so it is named with what to do, and undone by hand. */
const FOREIGN: (HandChange & { readonly undo: (devices: LabDevices) => Promise<unknown>; readonly repair: RegExp })[] = [
  {
    what: "a foreign prune job",
    by: ({ pbs }) => pbs.post("/config/prune", { id: "menage", store: "proxmox-data", schedule: "daily", "keep-last": 1 }),
    check: ["prune.foreign", "pbs/proxmox-data:critical", /job menage prunes here too \(keep last 1\)/],
    repair: /disable or remove job menage on pbs/,
    undo: ({ pbs }) => pbs.delete("/config/prune/menage"),
  },
  {
    what: "a right too many for the token",
    by: async ({ pbs }) => {
      for (const who of [USER, TOKEN]) await pbs.put("/access/acl", { path: "/access", role: "Admin", "auth-id": who });
    },
    check: ["token.excess", `pbs ${TOKEN}`, /Permissions\.Modify on \/access/],
    repair: /remove the extra entry on the backup server/,
    undo: async ({ pbs }) => {
      for (const who of [USER, TOKEN])
        await pbs.put("/access/acl", { path: "/access", role: "Admin", "auth-id": who, delete: true });
    },
  },
  {
    what: "a floating rule that lets everything through before all others",
    by: ({ firewall }) =>
      firewall.post("/firewall/rule", {
        ...{ type: "pass", interface: ["lan"], ipprotocol: "inet", protocol: null, source: "any", destination: "any" },
        ...{ descr: "prestataire", floating: true, quick: true, direction: "any", apply: true },
      }),
    check: ["firewall.opening", /"prestataire"/, /lets .* through/],
    repair: /remove rule \d+ "prestataire" on the firewall/,
    undo: async ({ firewall }) => {
      await firewall.delete(`/firewall/rule?id=${await idOf(firewall, "rules", "prestataire")}&apply=true`);
    },
  },
];

let folder: SitesFolder;
let devices: LabDevices;

beforeAll(async () => {
  folder = new SitesFolder("ecosolar");
  const { exitCode, json } = await folder.json<ApplyAnswer>(["apply", ...LAB]);
  if (exitCode !== 0) throw new Error(JSON.stringify(json, null, 2));
  devices = await folder.devices("ecosolar");
});
afterAll(() => folder.remove());

const drift = () => folder.json<DriftAnswer>(["drift", ...LAB]);

/** What the devices hold, without what changes by itself. */
async function configuration(): Promise<unknown> {
  const passing = new Set(["digest", "next-run", "created_time", "updated_time", "updated_by", "tracker", "id"]);
  const settled = (value: unknown): unknown => {
    // After a change the firewall answers an empty list where it answered nothing before.
    if (Array.isArray(value) && value.length === 0) return null;
    if (Array.isArray(value)) return value.map(settled).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        // What has its default is left out of an answer after some changes, and stands there after others.
        .filter(([name, one]) => !passing.has(name) && !(name === "enable" && one === true) && !(name === "expire" && one === 0))
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([name, inner]) => [name, settled(inner)]),
    );
  };
  const { pve, pbs, firewall } = devices;
  const lists = await Promise.all([
    ...["/config/datastore", "/config/prune", "/config/verify", "/access/acl", "/access/users?include_tokens=true"].map((path) =>
      pbs.get(path),
    ),
    ...["/admin/datastore/proxmox-data/namespace", "/config/notifications/matchers", "/config/notifications/endpoints/smtp"].map(
      (path) => pbs.get(path),
    ),
    ...["/storage", "/cluster/backup", "/pools", "/access/acl", "/cluster/notifications/matchers"].map((path) => pve.get(path)),
    firewall.get("/firewall/aliases"),
  ]);
  const rules = await firewall.get<{ descr: string }[]>("/firewall/rules");
  return [...lists.map(settled), rules.map(settled)];
}

/** The line of the plan that a hand change must give; undefined where there is none. */
function planned({ layers }: DriftAnswer, object: string, field: string | undefined): Change | undefined {
  const all = layers.flatMap(({ changes }) => changes).filter(({ construct }) => construct === object);
  // A key that must not be there is told in the words of its name.
  return all.find(({ fields }) => field === undefined || fields.some(({ name, before }) => name === field || before === field));
}

const checked = (checks: readonly Check[], [id, subject, says]: NonNullable<HandChange["check"]>): Check | undefined =>
  checks
    .filter((check) => check.id === id && check.verdict !== "ok" && says.test(check.actual))
    .find((check) => (typeof subject === "string" ? check.subject === subject : subject.test(check.subject)));

const seen = ({ json }: JsonResult<DriftAnswer>): string =>
  [
    ...json.layers.flatMap(({ changes }) =>
      changes.map(({ action, construct, fields }) => `${action} ${construct} ${JSON.stringify(fields)}`),
    ),
    ...wrongOf(json.checks),
  ].join("\n");

it("a site that nobody touched has no drift", async () => {
  const { exitCode, json } = await drift();
  expect({ exitCode, drift: json.drift, changes: changesOf(json), wrong: wrongOf(json.checks) }).toEqual({
    exitCode: 0,
    drift: false,
    changes: [],
    wrong: [],
  });
});

describe.each([
  ["settings turned by hand", SETTINGS],
  ["objects deleted or moved by hand", DELETIONS],
  ["rights and credentials changed by hand", RIGHTS],
])("%s", (_name, changes) => {
  let before: unknown;
  let found: JsonResult<DriftAnswer>;

  beforeAll(async () => {
    before = await configuration();
    for (const { by } of changes) await by(devices);
    found = await drift();
  });

  it("drift ends with 2", () => {
    expect({ exitCode: found.exitCode, drift: found.json.drift }).toEqual({ exitCode: 2, drift: true });
  });

  it.each(changes)("drift names: $what", ({ plan, check }) => {
    if (plan !== undefined && planned(found.json, ...plan) === undefined) throw new Error(`not in the plan:\n${seen(found)}`);
    if (check !== undefined) {
      const line = checked(found.json.checks, check);
      if (line === undefined) throw new Error(`not in the checks:\n${seen(found)}`);
      expect(line.repair).toBeTruthy();
    }
  });

  it("apply repairs all of it, and nothing but it", async () => {
    const { exitCode, json } = await folder.json<ApplyAnswer>(["apply", ...LAB]);
    if (json.report === undefined) throw new Error(JSON.stringify(json, null, 2));
    expect(wrongOf(json.report.verification)).toEqual([]);
    expect({ exitCode, outcome: json.report.outcome }).toEqual({ exitCode: 0, outcome: "done" });
  });

  it("then nothing drifts any more", async () => {
    // A rule of somebody else that no longer opens anything stays: it is not ours.
    const left = await idOf(devices.firewall, "rules", "test temporaire");
    if (left !== undefined) await devices.firewall.delete(`/firewall/rule?id=${left}&apply=true`);
    const after = await drift();
    expect({ exitCode: after.exitCode, seen: seen(after) }).toEqual({ exitCode: 0, seen: "" });
    expect(await configuration()).toEqual(before);
  });
});

describe("what somebody has added by hand", () => {
  let found: JsonResult<DriftAnswer>;
  let applied: JsonResult<ApplyAnswer>;
  let text: string;

  beforeAll(async () => {
    for (const { by } of FOREIGN) await by(devices);
    found = await drift();
    applied = await folder.json<ApplyAnswer>(["apply", ...LAB]);
    text = (await folder.run(["apply", ...LAB])).stdout;
  });

  it("drift ends with 2, although the plan sees nothing; apply ends with 1 and leaves it", () => {
    expect({ exitCode: found.exitCode, plan: changesOf(found.json) }).toEqual({ exitCode: 2, plan: [] });
    expect({ exitCode: applied.exitCode, ok: applied.json.ok, outcome: applied.json.report?.outcome }).toEqual({
      exitCode: 1,
      ok: false,
      outcome: "nothing to do",
    });
    expect(text).toMatch(/applied, but not proven|not proven/);
  });

  it.each(FOREIGN)("drift and apply name $what, and what to do about it", ({ check, repair }) => {
    if (check === undefined) throw new Error("a foreign change is seen by verify alone");
    for (const checks of [found.json.checks, applied.json.report?.verification ?? []]) {
      const line = checked(checks, check);
      if (line === undefined) throw new Error(`not in the checks:\n${seen(found)}`);
      expect(line.repair).toMatch(repair);
    }
    expect(text).toMatch(repair);
  });

  it("undone by hand, nothing drifts any more", async () => {
    for (const { undo } of FOREIGN) await undo(devices);
    const after = await drift();
    expect({ exitCode: after.exitCode, seen: seen(after) }).toEqual({ exitCode: 0, seen: "" });
  });
});

describe("another encryption key on a storage", () => {
  it("is never overwritten: it may be the only one that opens the backups made with it", async () => {
    const { privateKey } = generateKeyPairSync("x25519");
    const data = privateKey.export({ format: "der", type: "pkcs8" }).subarray(-32).toString("base64");
    const now = new Date().toISOString().replace("Z", "+00:00");
    const key = JSON.stringify({ kdf: null, created: now, modified: now, data, fingerprint: Array(32).fill("cd").join(":") });
    await devices.pve.put("/storage/pbs-backup", { "encryption-key": key });
    const found = await drift();
    expect(found.exitCode).toBe(2);
    const says = ["storage.encryption", "storage pbs-backup", /cd:cd/] as const;
    expect(checked(found.json.checks, says)?.repair).toMatch(/save its key file first/);
    const applied = await folder.json<ApplyAnswer>(["apply", ...LAB]);
    expect({ exitCode: applied.exitCode, changes: changesOf(applied.json.report) }).toEqual({ exitCode: 1, changes: [] });
    expect(checked(applied.json.report.verification ?? [], says)).toBeDefined();
    // Nor when something else of the storage is to be repaired, which would send our key along.
    await devices.pve.put("/storage/pbs-backup", { disable: 1 });
    const refused = await folder.json<FaultAnswer>(["apply", ...LAB]);
    expect({ exitCode: refused.exitCode, faults: refused.json.faults }).toMatchObject({
      exitCode: 1,
      faults: [{ where: "hypervisor storage pbs-backup", what: expect.stringContaining("which this apply would replace") }],
    });
    const storages = await devices.pve.get<{ storage: string; "encryption-key"?: string }[]>("/storage");
    expect(storages.find(({ storage }) => storage === "pbs-backup")?.["encryption-key"]).toMatch(/^cd:cd/);
  });
});
