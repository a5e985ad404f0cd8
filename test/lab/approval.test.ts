import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateX25519Identity } from "age-encryption";
import { type ApplyAnswer, changesOf, type FaultAnswer, type PlanAnswer } from "./support/answers";
import { type LabDevices, SitesFolder } from "./support/sites-folder";

jest.setTimeout(900_000);

const SITE = "atelier-nord";
const LIVE = [SITE, "--env", "live"];
const SILVER = "backup-server update prune job coffre/quick/silver";

interface Device {
  readonly url: string;
  readonly fingerprint: string;
}

/** A weakening on devices that stand for the client's; the change is made by carol and approved by alice. */
describe("a change that weakens the protection", () => {
  /** Where the client's devices run. */
  let client: SitesFolder;
  /** What the engineer has, under git. */
  let folder: SitesFolder;
  let devices: LabDevices;
  let env: Record<string, string>;

  const json = <Data>(args: string[]) => folder.json<Data>(args, { env });
  const apply = (...more: string[]) => json<ApplyAnswer & FaultAnswer>(["apply", ...LIVE, "--yes", ...more]);
  const approve = (...more: string[]) =>
    json<{ outcome: string; file: string; missing: number }>([
      ...["approve", ...LIVE, "--reason", "the client pays for less", "--key", join(folder.path, "alice"), "--yes"],
      ...more,
    ]);
  const git = (...args: string[]) => execFileSync("git", ["-C", folder.path, ...args], { encoding: "utf8" });
  const commit = (message: string) => {
    git("add", "-A");
    git("-c", "user.name=carol", "-c", "user.email=carol@example.com", "commit", "-qm", message);
  };
  const prune = async () =>
    (await devices.pbs.get<{ ns?: string; id: string }[]>("/config/prune")).find(({ ns }) => ns === "silver");
  const saidOf = ({ json: { faults } }: { json: FaultAnswer }) => faults.map(({ what }) => what).join("\n");

  beforeAll(async () => {
    client = new SitesFolder(SITE);
    folder = new SitesFolder(SITE);
    const up = await client.json<{ devices: [Device, Device] }>(["lab", "up", SITE]);
    devices = await client.devices(SITE);
    const [hypervisor, server] = up.json.devices;
    const live = `live: production({ devices: {
        hypervisor: { endpoint: "${new URL(hypervisor.url).origin}", ca: "cluster.pem" },
        backupServers: { coffre: { endpoint: "${new URL(server.url).origin}", fingerprint: "${server.fingerprint}", credential: "coffre" } },
      } }),\n  },\n`;
    folder.edit(SITE, [/live: production\([\s\S]*\n {2}\},\n(?=\}\);)/, live]);
    folder.edit(SITE, ['namespace: "silver",', 'namespace: "silver", retention: { last: 4, daily: 20 },']);
    const lab = await client.json<Record<string, string>>(["lab", "env", SITE]);
    cpSync(lab.json.BASTIDE_LAB_CA ?? "", join(folder.path, SITE, "cluster.pem"));
    env = { BASTIDE_AGE_KEY: await generateX25519Identity() };
    const given = {
      "pve-admin": lab.json.BASTIDE_LAB_PVE_TOKEN,
      coffre: lab.json.BASTIDE_LAB_PBS_TOKEN,
      "remote-south": "password at the other site",
    };
    for (const [name, value = ""] of Object.entries(given)) {
      await folder.run(["secrets", "set", SITE, name, "--env", "live"], { env, input: value });
    }
    await folder.run(["check", ...LIVE, "--write-baseline"]);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder.path, "alice")]);
    writeFileSync(
      join(folder.path, "allowed-signers"),
      `alice@example.com ${readFileSync(join(folder.path, "alice.pub"), "utf8")}`,
    );
    git("init", "-q", "-b", "main");
    writeFileSync(join(folder.path, ".gitignore"), "alice*\n.bastide/\n");
    commit("The site as it is");
    const { exitCode, json: answer } = await apply();
    if (exitCode !== 0) throw new Error(JSON.stringify(answer, null, 2));
    folder.edit(SITE, ["retention: { last: 4, daily: 20 }", "retention: { last: 4, daily: 12 }"]);
    commit("Keep fewer days");
  });
  afterAll(async () => {
    await folder.remove();
    await client.remove();
  });

  it("is not applied without an approval", async () => {
    const before = client.deviceStates(SITE);
    const refused = await apply();
    expect(refused.exitCode).toBe(3);
    expect(saidOf(refused)).toMatch(/^weakens the protection, and nobody has approved that: weakened retention of 2107: /);
    expect(refused.json.faults[0]?.repair).toMatch(/\.\/bastide approve .*atelier-nord --env live --plan --reason/);
    expect(client.deviceStates(SITE)).toEqual(before);
  });

  it("has the same findings for two revisions and for the plan", async () => {
    const revisions = await approve("--base", "HEAD~1");
    const plan = await approve("--plan");
    expect(revisions).toMatchObject({ exitCode: 0, json: { outcome: "approved", missing: 0 } });
    expect(plan.json.file).toBe(revisions.json.file);
    expect(plan.json.file).toMatch(/approvals\/live-[0-9a-f]{12}-alice@example\.com\.json$/);
    git("add", "-A");
  });

  it("is not applied with a further weakening, nor where the devices are not as they were", async () => {
    const undo = folder.edit(SITE, ["retention: { last: 4, daily: 12 }", "retention: { last: 4, daily: 11 }"]);
    const further = await apply().finally(undo);
    expect(further.exitCode).toBe(3);
    expect(saidOf(further)).toMatch(/it does not cover: weakened retention of 2107/);
    const { id } = (await prune()) ?? { id: "" };
    await devices.pbs.put(`/config/prune/${id}`, { "keep-daily": 30 });
    const drifted = await apply();
    await devices.pbs.put(`/config/prune/${id}`, { "keep-daily": 20 });
    expect(drifted.exitCode).toBe(3);
    expect(drifted.json.faults[1]).toMatchObject({
      what: expect.stringMatching(/it does not cover: weakened retention of 2107/),
      why: expect.stringContaining("or the devices differ from it"),
    });
    expect(await prune()).toMatchObject({ "keep-daily": 20 });
  });

  it("is not applied by another plan than the reviewed one", async () => {
    const file = join(folder.path, ".bastide", "reviewed.json");
    const planned = await json<PlanAnswer>(["plan", ...LIVE, "--out", file]);
    expect({ exitCode: planned.exitCode, changes: changesOf(planned.json) }).toEqual({ exitCode: 2, changes: [SILVER] });
    const undo = folder.edit(SITE, ["repeatMissed: false", "repeatMissed: true"]);
    const other = await apply("--reviewed", file).finally(undo);
    expect(other.exitCode).toBe(3);
    expect(other.json.faults).toMatchObject([{ where: "hypervisor", what: expect.stringContaining("was to stay as it is") }]);
  });

  it("is applied with the approval, beside a change that weakens nothing, by the reviewed plan", async () => {
    folder.edit(SITE, ["repeatMissed: false", "repeatMissed: true"]);
    commit("Make up for missed runs");
    const file = join(folder.path, ".bastide", "reviewed.json");
    await json<PlanAnswer>(["plan", ...LIVE, "--out", file]);
    const done = await apply("--reviewed", file);
    expect({ exitCode: done.exitCode, outcome: done.json.report?.outcome }).toEqual({ exitCode: 0, outcome: "done" });
    expect(await prune()).toMatchObject({ "keep-last": 4, "keep-daily": 12 });
  });
});
