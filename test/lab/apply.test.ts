import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ApplyAnswer, changesOf, type DestroyAnswer, type FaultAnswer, type PlanAnswer, wrongOf } from "./support/answers";
import { runNamedCommand } from "./support/cli";
import type { LabDevices } from "./support/sites-folder";
import { type JsonResult, SitesFolder } from "./support/sites-folder";

jest.setTimeout(600_000);

const LAB = ["ecosolar", "--env", "lab"];
const TIER: [string, string] = [
  "retention: { daily: 7, weekly: 4 },\n    },\n",
  'retention: { daily: 7, weekly: 4 },\n    },\n    archive: { schedule: "sat 02:00", rpo: "8d", retention: { last: 2, monthly: 12 } },\n',
];
const GUEST: [string, string] = [
  "    mail: {\n",
  '    dossiers: { id: 107, tier: "archive", role: "Archives", address: "192.168.100.207", rto: "24h", restoreOrder: 7 },\n    mail: {\n',
];

let folder: SitesFolder;
let devices: LabDevices;
let first: JsonResult<ApplyAnswer>;

beforeAll(async () => {
  folder = new SitesFolder("ecosolar");
  first = await folder.json<ApplyAnswer>(["apply", ...LAB]);
  devices = await folder.devices("ecosolar");
});
afterAll(() => folder.remove());

const plan = () => folder.json<PlanAnswer>(["plan", ...LAB]);

describe("the first apply of a site", () => {
  it("ends with 0, with every object created and everything proven", () => {
    const { exitCode, json, stderr } = first;
    expect(wrongOf(json.report?.verification)).toEqual([]);
    expect({ exitCode, ok: json.ok, outcome: json.report.outcome, stderr }).toEqual({
      exitCode: 0,
      ok: true,
      outcome: "done",
      stderr: "",
    });
    expect(json.report.layers.map(({ layer }) => layer)).toEqual(["backup-server", "hypervisor", "firewall"]);
    expect(json.report.newSecrets).toEqual(["pbs pve-backup@pbs!pve-token"]);
  });

  it("proves each promise, not only some", () => {
    const proven = new Set(first.json.report.verification?.map(({ id }) => id));
    const promises = [
      ...["version", "clock.zone", "clock.offset", "storage.exists", "storage.fingerprint", "storage.encryption"],
      ...["storage.active", "token.privileges", "token.excess", "guest.exists", "guest.covered", "prune.retention"],
      ...["verify.schedule", "verify.new", "gc.schedule", "notification.endpoint", "notification.matcher", "firewall.reach"],
    ];
    expect(promises.filter((id) => !proven.has(id))).toEqual([]);
  });

  it("keeps the report that it printed", () => {
    const runs = join(folder.work("ecosolar"), "runs");
    const reports = readdirSync(runs).map((name) => JSON.parse(readFileSync(join(runs, name), "utf8")) as unknown);
    expect(reports).toEqual([first.json.report]);
  });

  it("leaves on the backup server what the client was promised", async () => {
    expect(await devices.pbs.get("/config/datastore")).toEqual([
      expect.objectContaining({
        name: "proxmox-data",
        path: "/mnt/datastore/proxmox-data",
        "gc-schedule": "daily",
        "verify-new": true,
      }),
    ]);
    const jobs = await devices.pbs.get<{ id: string }[]>("/config/prune");
    expect(Object.fromEntries(jobs.map((job) => [job.id, job]))).toMatchObject({
      "proxmox-data-prune": { "keep-last": 7, "keep-daily": 7, "keep-weekly": 4, "keep-monthly": 3, schedule: "22:30" },
      "proxmox-data-critical-prune": { ns: "critical", "keep-hourly": 24, "keep-daily": 7 },
      "proxmox-data-standard-prune": { ns: "standard", "keep-daily": 7, "keep-weekly": 4 },
    });
    const rights = await devices.pbs.get<{ ugid: string; path: string; roleid: string }[]>("/access/acl");
    expect(rights.filter(({ path }) => path.startsWith("/datastore")).map(({ ugid, roleid }) => `${ugid} ${roleid}`)).toEqual(
      expect.arrayContaining(["pve-backup@pbs DatastoreAdmin", "pve-backup@pbs!pve-token DatastoreAdmin"]),
    );
  });

  it("leaves on the hypervisor storages of the token and a job for each tier", async () => {
    const storages = await devices.pve.get<{ storage: string; type: string }[]>("/storage");
    const pbs = storages.filter(({ type }) => type === "pbs");
    expect(pbs.map(({ storage }) => storage).sort()).toEqual(["pbs-backup", "pbs-backup-critical", "pbs-backup-standard"]);
    for (const storage of pbs) expect(storage).toMatchObject({ username: "pve-backup@pbs!pve-token", server: "192.168.100.220" });
    const jobs = await devices.pve.get<{ id: string }[]>("/cluster/backup");
    expect(Object.fromEntries(jobs.map((job) => [job.id, job]))).toMatchObject({
      "ecosolar-critical": { schedule: "0/4:00 UTC", vmid: "101,103", storage: "pbs-backup-critical", enabled: 1 },
      "ecosolar-standard": { schedule: "21:00", vmid: "102,104,105,106", storage: "pbs-backup-standard", enabled: 1 },
    });
  });

  it("leaves on the firewall the pass and then the block, above every other rule", async () => {
    const rules = await devices.firewall.get<object[]>("/firewall/rules");
    expect(rules.slice(0, 2)).toMatchObject([
      { type: "pass", ipprotocol: "inet", protocol: "tcp", destination_port: "8007", descr: "Autoriser PBS - Port 8007" },
      { type: "block", ipprotocol: "inet46", source: "any", destination_port: "8007" },
    ]);
  });
});

describe("the second apply", () => {
  it("says that nothing is to be done, and changes nothing on any device", async () => {
    const before = folder.deviceStates("ecosolar");
    const { exitCode, stdout } = await folder.run(["apply", ...LAB]);
    expect(stdout).toMatch(/EcoSolar Solutions \(lab\): nothing to be done, and proven on the devices\. \d+ checks: \d+ ok/);
    expect(exitCode).toBe(0);
    expect(folder.deviceStates("ecosolar")).toEqual(before);
  });
});

describe("plan", () => {
  it("ends with 0 while the devices are as the file says", async () => {
    const { exitCode, json } = await plan();
    expect({ exitCode, changes: json.changes, list: changesOf(json) }).toEqual({ exitCode: 0, changes: false, list: [] });
  });

  it("ends with 2 after a change of the file, and names object and field with both values; the devices are not touched", async () => {
    const undo = folder.edit("ecosolar", ["retention: { hourly: 24, daily: 7 }", "retention: { hourly: 24, daily: 14 }"]);
    const before = folder.deviceStates("ecosolar");
    try {
      const { exitCode, json } = await plan();
      expect(exitCode).toBe(2);
      expect(changesOf(json)).toEqual(["backup-server update prune job pbs/proxmox-data/critical"]);
      expect(json.layers.flatMap(({ changes }) => changes)[0]?.fields).toEqual([{ name: "keep-daily", before: 7, after: 14 }]);
      expect(folder.deviceStates("ecosolar")).toEqual(before);
    } finally {
      undo();
    }
  });

  it("names the objects in words for a person", async () => {
    const undo = folder.edit("ecosolar", ["retention: { hourly: 24, daily: 7 }", "retention: { hourly: 24, daily: 14 }"]);
    try {
      const { exitCode, stdout } = await folder.run(["plan", ...LAB]);
      expect(exitCode).toBe(2);
      expect(stdout).toContain("backup-server: 0 to add, 1 to change, 0 to remove");
      expect(stdout).toMatch(/~ prune job pbs\/proxmox-data\/critical\n +keep-daily: 7 -> 14/);
    } finally {
      undo();
    }
  });

  it("does not touch the job of a guest that gets another name", async () => {
    const undo = folder.edit("ecosolar", ["    erp: {\n", "    dolibarr: {\n"]);
    try {
      const { exitCode, json } = await plan();
      expect({ exitCode, list: changesOf(json) }).toEqual({ exitCode: 0, list: [] });
    } finally {
      undo();
    }
  });
});

describe("a tier more", () => {
  it("creates its own objects and touches no other; without it they go again", async () => {
    const undo = folder.edit("ecosolar", TIER, GUEST);
    const added = await folder.json<ApplyAnswer>(["apply", ...LAB]).finally(undo);
    expect(wrongOf(added.json.report.verification)).toEqual([]);
    expect(added.exitCode).toBe(0);
    expect(changesOf(added.json.report)).toEqual([
      "backup-server create namespace pbs/proxmox-data/archive",
      "backup-server create prune job pbs/proxmox-data/archive",
      "hypervisor create backup job archive",
      "hypervisor create pool archive",
      "hypervisor create storage pbs-backup-archive",
    ]);
    const removed = await folder.json<ApplyAnswer>(["apply", ...LAB]);
    expect(removed.exitCode).toBe(0);
    expect(changesOf(removed.json.report)).toEqual(
      changesOf(added.json.report).map((line) => line.replace(" create ", " delete ")),
    );
    expect(changesOf((await plan()).json)).toEqual([]);
  });
});

describe("a layer that the file has forgotten", () => {
  const NO_FIREWALL: [RegExp, string][] = [
    [/ {2}firewall: \{\n[^}]*\n {2}\},\n/, ""],
    [/ {8}firewall: \{ ca: .*\n/, ""],
  ];
  let shownByApply: string;
  let undo: () => void = () => undefined;

  it("is shown by plan and apply, which leave it alone", async () => {
    undo = folder.edit("ecosolar", ...NO_FIREWALL);
    const before = folder.deviceStates("ecosolar")["pfsense.json"];
    const shown = await plan();
    // What stays of the plan is that the hypervisors' lists of hosts lose the firewall.
    expect(changesOf(shown.json)).toEqual(["hypervisor update node hosts pve1"]);
    expect(shown.json.stale).toEqual([
      {
        layer: "firewall",
        objects: expect.arrayContaining(["rule lan/pass", "rule lan/block", "alias sources"]),
        stack: expect.anything(),
      },
    ]);
    const applied = await folder.run(["apply", ...LAB]);
    expect(applied.exitCode).toBe(0);
    expect(applied.stdout).toContain(
      "the layer firewall is no longer in the site file, but 5 of its objects stand on the devices",
    );
    shownByApply = applied.stdout;
    expect(folder.deviceStates("ecosolar")["pfsense.json"]).toEqual(before);
  });

  it("ends with the command that apply has shown, and nothing else with it", async () => {
    const [pve, pbs] = [await devices.pve.get("/storage"), await devices.pbs.get("/config/datastore")];
    expect(await runNamedCommand(shownByApply, "destroy")).toMatchObject({ exitCode: 0, stdout: "destroyed\n" });
    const rules = await devices.firewall.get<{ descr: string }[]>("/firewall/rules");
    expect(rules.map(({ descr }) => descr)).toEqual(["Default allow LAN to any rule", "Default allow LAN IPv6 to any rule"]);
    expect(await devices.firewall.get("/firewall/aliases")).toEqual([]);
    expect([await devices.pve.get("/storage"), await devices.pbs.get("/config/datastore")]).toEqual([pve, pbs]);
    expect((await plan()).json.stale).toEqual([]);
  });

  it("cannot end twice, and comes back with the file", async () => {
    const again = await folder.json<FaultAnswer>(["destroy", ...LAB, "--stale", "firewall"]);
    expect(again.exitCode).toBe(1);
    expect(again.json.faults).toEqual([
      expect.objectContaining({ what: "no such layer is left over", repair: "left over: none" }),
    ]);
    undo();
    const applied = await folder.json<ApplyAnswer>(["apply", ...LAB]);
    expect(applied.exitCode).toBe(0);
    expect(applied.json.report.verification?.filter(({ id }) => id === "firewall.reach")).not.toEqual([]);
  });
});

describe("destroy in the lab", () => {
  it("takes everything off the devices without a question, data included", async () => {
    const { exitCode, json } = await folder.json<DestroyAnswer>(["destroy", ...LAB]);
    expect({ exitCode, outcome: json.report.outcome, staying: json.staying }).toEqual({
      exitCode: 0,
      outcome: "done",
      staying: [],
    });
    expect(await devices.pbs.get("/config/datastore")).toEqual([]);
    expect(await devices.pbs.get("/config/prune")).toEqual([]);
    expect(await devices.pve.get("/cluster/backup")).toEqual([]);
    const users = await devices.pve.get<{ userid: string }[]>("/access/users");
    expect(users.map(({ userid }) => userid)).toEqual(["root@pam"]);
    expect(await devices.firewall.get("/firewall/aliases")).toEqual([]);
    expect(existsSync(join(folder.work("ecosolar"), "state", "hypervisor.tfstate"))).toBe(false);
  });

  it("has nothing to do the second time", async () => {
    const { exitCode, stdout } = await folder.run(["destroy", ...LAB]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining("nothing to do") });
  });
});
