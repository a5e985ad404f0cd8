import { EMPTY_SEED, type LabSeed } from "../../lab/seed";
import { PveLab } from "./pve";

const SEED: LabSeed = {
  ...EMPTY_SEED,
  hypervisor: {
    nodes: EMPTY_SEED.hypervisor.nodes,
    guests: [
      { id: 101, name: "ad", node: "pve", kind: "vm" },
      { id: 102, name: "web", node: "pve", kind: "container" },
      { id: 103, name: "erp", node: "pve", kind: "vm" },
    ],
  },
};

let pve: PveLab;
beforeEach(() => {
  pve = new PveLab({ seed: SEED });
});
afterEach(() => pve.remove());

const create = (settings: Record<string, unknown>) =>
  pve.call("POST", "/cluster/backup", { id: "job", schedule: "21:00", ...settings });
const change = (settings: Record<string, unknown>) => pve.call("PUT", "/cluster/backup/job", settings);
const job = () => pve.data<Record<string, unknown>>("GET", "/cluster/backup/job");
const missed = async () =>
  (await pve.data<{ vmid: number }[]>("GET", "/cluster/backup-info/not-backed-up")).map(({ vmid }) => vmid);

describe("which guests a job takes", () => {
  test.each([
    [{ vmid: "101", all: 1 }, "all"],
    [{ vmid: "101", exclude: "102" }, "exclude"],
    [{ vmid: "101", pool: "critical" }, "pool"],
  ])("%j is a contradiction", async (settings, name) => {
    await pve.data("POST", "/pools", { poolid: "critical" });
    const answer = await create(settings);
    expect([answer.status, answer.body.message]).toEqual([
      500,
      `400 Parameter verification failed.\n${name}: option conflicts with option 'vmid'\n`,
    ]);
    expect(await pve.data("GET", "/cluster/backup")).toEqual([]);
  });

  test("must be said", async () => {
    expect((await create({})).body.message).toContain("vmid: property is missing");
  });

  test("a new choice takes the place of the former one", async () => {
    await pve.data("POST", "/pools", { poolid: "critical" });
    await create({ vmid: "101" });
    await change({ all: 1, exclude: "102" });
    expect(await job()).toMatchObject({ all: 1, exclude: "102" });
    expect(await job()).not.toHaveProperty("vmid");
    await change({ vmid: "103" });
    expect(await job()).not.toHaveProperty("all");
    expect(await job()).not.toHaveProperty("exclude");
  });

  test("an exclusion stands for all the others", async () => {
    await create({ exclude: "102" });
    expect(await job()).toMatchObject({ all: 1, exclude: "102" });
    expect(await missed()).toEqual([102]);
  });

  test("of a pool are its present members, and a pool has to exist", async () => {
    expect((await create({ pool: "critical" })).reason).toBe("Permission check failed (pool 'critical' does not exist)");
    await pve.data("POST", "/pools", { poolid: "critical" });
    await pve.data("PUT", "/pools?poolid=critical", { vms: "101,103" });
    await create({ pool: "critical" });
    expect(await missed()).toEqual([102]);
    await pve.data("PUT", "/pools?poolid=critical", { vms: "101", delete: 1 });
    expect(await missed()).toEqual([101, 102]);
  });

  test("a guest that is gone stays in the list until it is purged", async () => {
    await create({ vmid: "101,103" });
    for (const vmid of [101, 103]) await pve.data("POST", `/nodes/pve/qemu/${vmid}/status/stop`);
    await pve.data("DELETE", "/nodes/pve/qemu/101");
    expect(await job()).toMatchObject({ vmid: "101,103" });
    expect(await pve.data("GET", "/cluster/backup/job/included_volumes")).toMatchObject({
      children: [
        { id: 101, type: "unknown", leaf: 1 },
        { id: 103, type: "qemu", name: "erp", children: [{ id: "103:scsi0", included: 1 }] },
      ],
    });
    await pve.data("DELETE", "/nodes/pve/qemu/103?purge=1");
    expect(await job()).toMatchObject({ vmid: "101" });
  });
});

describe("settings of a job", () => {
  test("some are given as text and returned as objects", async () => {
    await create({
      all: 1,
      "prune-backups": "keep-last=2,keep-daily=7",
      fleecing: "1,storage=local",
      performance: "max-workers=4",
    });
    expect(await job()).toMatchObject({
      "prune-backups": { "keep-last": "2", "keep-daily": "7" },
      fleecing: { enabled: 1, storage: "local" },
      performance: { "max-workers": "4" },
      enabled: 1,
    });
    await change({ "prune-backups": "keep-all=1" });
    expect(await job()).toMatchObject({ "prune-backups": { "keep-all": 1 } });
    expect((await change({ "prune-backups": "keep-all=1,keep-last=1" })).body.errors).toEqual({
      "prune-backups": "invalid format - keep-all cannot be set together with other options.\n",
    });
  });

  test("are kept where a change does not name them, and can be taken away", async () => {
    await create({ all: 1, comment: "x", "repeat-missed": 1 });
    await change({ enabled: 0 });
    expect(await job()).toMatchObject({ enabled: 0, comment: "x", "repeat-missed": 1 });
    await change({ delete: "comment,repeat-missed" });
    expect(await job()).not.toHaveProperty("comment");
    expect((await change({ delete: "nonsense" })).body.message).toContain("delete: unknown option 'nonsense'");
    expect((await change({})).reason).toBe("no options specified");
  });

  test("the former start time is turned into a schedule, and excludes one", async () => {
    await pve.data("POST", "/cluster/backup", { id: "old", starttime: "21:30", dow: "mon,fri", all: 1 });
    expect(await pve.data("GET", "/cluster/backup/old")).toMatchObject({ schedule: "mon,fri 21:30" });
    expect((await create({ all: 1, starttime: "21:30" })).body.errors).toEqual({
      starttime: "'starttime' and 'schedule' cannot both be set",
    });
  });

  test.each([
    ["{{guestname}} on {{node}}", 200],
    ["{{nonsense}}", 500],
    ["back\\slash", 500],
    ["line\\nfeed", 200],
  ])("notes %s: %i", async (template, status) => {
    expect((await create({ all: 1, storage: "local", "notes-template": template })).status).toBe(status);
  });

  test("the next run is told in the node's own time zone", async () => {
    await create({ all: 1 });
    const next = async () => (await pve.data<{ "next-run": number }[]>("GET", "/cluster/backup"))[0]?.["next-run"];
    expect(await next()).toBe(Date.parse("2026-11-21T21:00:00Z") / 1000);
    await pve.data("PUT", "/nodes/pve/time", { timezone: "Europe/Paris" });
    expect(await next()).toBe(Date.parse("2026-11-21T20:00:00Z") / 1000);
  });

  test("a job that does not exist is told in four ways", async () => {
    expect((await pve.call("GET", "/cluster/backup/none")).body.errors).toEqual({ id: "No such job 'none'" });
    expect((await pve.call("PUT", "/cluster/backup/none", { enabled: 0 })).reason).toBe("no such vzdump job");
    expect((await pve.call("DELETE", "/cluster/backup/none")).status).toBe(500);
    expect((await pve.call("GET", "/cluster/backup/none/included_volumes")).status).toBe(400);
  });
});
