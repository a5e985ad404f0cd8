import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PlannedFault } from "../../lab/fault-plan";
import { type ApplyAnswer, type Check, type DriftAnswer, type FaultAnswer, wrongOf } from "./support/answers";
import { SitesFolder } from "./support/sites-folder";

jest.setTimeout(600_000);

const LAB = ["ecosolar", "--env", "lab"];

/** What a device does, what the command must say of it, and where. */
interface DeviceFault {
  readonly given: string;
  readonly plan: PlannedFault;
  readonly device: RegExp;
  readonly says: RegExp;
}

/** During an apply: each of these objects is to be made or changed by it. */
const DURING_APPLY: readonly DeviceFault[] = [
  {
    given: "a backup server that cuts every connection",
    plan: { device: "pbs", kind: "reset" },
    device: /pbs|backup-server/,
    says: /connection|reset|EOF|cut/i,
  },
  {
    given: "a hypervisor that answers 500 when a storage is made",
    plan: { device: "pve", match: "POST /storage", kind: "status", status: 500 },
    device: /storage/,
    says: /500/,
  },
  {
    given: "a backup server that cuts the connection in the middle of a prune job",
    plan: { device: "pbs", match: "POST /config/prune", kind: "reset" },
    device: /prune/,
    says: /connection|reset|EOF/i,
  },
  {
    given: "half an answer from the list of datastores",
    plan: { device: "pbs", match: "GET /config/datastore", kind: "truncate" },
    device: /datastore/,
    says: /JSON|EOF|incomplete|truncated/i,
  },
  {
    given: "a firewall that answers 500 when a rule is made",
    plan: { device: "pfsense", match: "POST /firewall/rule", kind: "status", status: 500 },
    device: /rule|firewall/,
    says: /500/,
  },
];

describe("a device that fails", () => {
  const folder = new SitesFolder("ecosolar");
  const faultFile = () => join(folder.work("ecosolar"), "devices", "faults.json");
  const inject = (...plan: readonly PlannedFault[]) => writeFileSync(faultFile(), JSON.stringify(plan));
  const heal = () => rmSync(faultFile(), { force: true });

  beforeAll(async () => {
    expect((await folder.run(["lab", "up", "ecosolar"])).exitCode).toBe(0);
  });
  afterAll(() => folder.remove());
  afterEach(heal);

  test.each(DURING_APPLY)("$given: exit 1, named with what to do", async ({ plan, device, says }) => {
    // From nothing, so that the call that fails is made.
    expect((await folder.run(["destroy", ...LAB])).exitCode).toBe(0);
    inject(plan);
    const { exitCode, json } = await folder.json<FaultAnswer>(["apply", ...LAB]);
    expect(exitCode).toBe(1);
    const text = json.faults.map(({ where, what }) => `${where} ${what}`).join("\n");
    expect(text).toMatch(device);
    expect(text).toMatch(says);
    for (const { repair } of json.faults) expect(repair).not.toBe("");
  });

  test("after all of them the same command continues, doubles nothing and ends proven", async () => {
    const { exitCode, json, stderr } = await folder.json<ApplyAnswer>(["apply", ...LAB]);
    expect([exitCode, wrongOf(json.report?.verification), stderr.slice(-500)]).toEqual([0, [], expect.any(String)]);
    expect((await folder.json<DriftAnswer>(["drift", ...LAB])).json.drift).toBe(false);
  });

  test("an object whose creation was done but never answered is taken over by the next apply", async () => {
    const restore = folder.edit("ecosolar", [
      "  tiers: {",
      '  tiers: {\n    archive: { schedule: "sun 03:00", rpo: "8d", retention: { weekly: 4 } },',
    ]);
    const restoreGuest = folder.edit("ecosolar", ['glpi: { id: 104, tier: "standard"', 'glpi: { id: 104, tier: "archive"']);
    try {
      inject({ device: "pbs", match: "POST /config/prune", kind: "lose", times: 1 });
      expect((await folder.run(["apply", ...LAB])).exitCode).toBe(1);
      heal();
      const { exitCode, json } = await folder.json<ApplyAnswer>(["apply", ...LAB]);
      expect([exitCode, wrongOf(json.report?.verification)]).toEqual([0, []]);
      const { pbs } = await folder.devices("ecosolar");
      const jobs = await pbs.get<{ id: string }[]>("/config/prune");
      expect(jobs.map(({ id }) => id).filter((id) => id.includes("archive"))).toHaveLength(1);
    } finally {
      restoreGuest();
      restore();
      expect((await folder.run(["apply", ...LAB])).exitCode).toBe(0);
    }
  });

  test("a clock that is off by a day is a fault of its node", async () => {
    inject({ device: "pbs", kind: "clock", ms: 86_400_000 });
    const { exitCode, json } = await folder.json<{ checks: Check[] }>(["verify", ...LAB]);
    expect(exitCode).toBe(1);
    expect(wrongOf(json.checks).join()).toMatch(/clock\.offset pbs/);
  });

  test("a device that takes 30 s is not waited for without an end, and is named", async () => {
    inject({ device: "pbs", match: "GET /admin/prune", kind: "delay", ms: 30_000 });
    const { exitCode, json } = await folder.json<{ checks: Check[] }>(["verify", ...LAB]);
    expect(exitCode).toBe(1);
    const slow = json.checks.filter(({ id }) => id === "prune.retention");
    expect(slow.map(({ verdict, actual }) => `${verdict}: ${actual}`)).toEqual(
      slow.map(() => "unknown: did not answer within 20 s"),
    );
  });

  test.each([
    [
      "a credential that the hypervisor does not know",
      "hypervisor",
      { credential: "root@pam!bastide=00000000-0000-4000-8000-000000000000" },
      /401|credential/,
    ],
    [
      "another certificate than the pinned one",
      "hypervisor",
      { fingerprint: `${"00:".repeat(31)}00` },
      /certificate|fingerprint/,
    ],
  ] as const)("%s: exit 1, and nothing is changed", async (_, device, change, says) => {
    const file = join(folder.work("ecosolar"), "devices", "lab.json");
    const before = readFileSync(file, "utf8");
    const description = JSON.parse(before) as Record<string, object>;
    writeFileSync(file, JSON.stringify({ ...description, [device]: { ...description[device], ...change } }));
    try {
      const states = folder.deviceStates("ecosolar");
      const { exitCode, stdout } = await folder.run(["verify", ...LAB, "--json"]);
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(says);
      expect(stdout).not.toContain("00000000-0000-4000-8000-000000000000");
      expect(folder.deviceStates("ecosolar")).toEqual(states);
    } finally {
      writeFileSync(file, before);
    }
    expect((await folder.run(["verify", ...LAB])).exitCode).toBe(0);
  });
});

describe("an object that exists and is not ours", () => {
  const folder = new SitesFolder("ecosolar");
  afterAll(() => folder.remove());

  test("is left as it is, with how to adopt or rename it; --adopt takes it over", async () => {
    expect((await folder.run(["lab", "up", "ecosolar"])).exitCode).toBe(0);
    const { pbs } = await folder.devices("ecosolar");
    await pbs.post("/access/users", { userid: "pve-backup@pbs", comment: "by hand" });
    const first = await folder.json<FaultAnswer>(["apply", ...LAB]);
    expect(first.exitCode).toBe(1);
    const fault = first.json.faults.find(({ what, where }) => /exists/.test(what) && /pve-backup@pbs/.test(`${where} ${what}`));
    expect(fault?.repair).toMatch(/--adopt|rename/);
    const users = await pbs.get<{ userid: string; comment?: string }[]>("/access/users");
    expect(users.find(({ userid }) => userid === "pve-backup@pbs")?.comment).toBe("by hand");
    const construct = /--adopt ("[^"]+"|'[^']+'|\S+)/.exec(fault?.repair ?? "")?.[1]?.replace(/^["']|["'.,;]+$/g, "") ?? "";
    const { exitCode, json } = await folder.json<ApplyAnswer>(["apply", ...LAB, "--adopt", construct]);
    expect([exitCode, wrongOf(json.report?.verification)]).toEqual([0, []]);
  });
});
