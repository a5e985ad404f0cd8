import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PolicyReport } from "../../policies/engine/finding";
import type { ApplyAnswer, Check, DriftAnswer, FaultAnswer, PlanAnswer } from "./support/answers";
import { ROOT } from "./support/cli";
import { type LabDevices, SitesFolder } from "./support/sites-folder";

jest.setTimeout(600_000);

/** "A real site in ten minutes", as the README tells it: with the rights that it names, and no others. */
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const found = (pattern: RegExp): string => {
  const [, text] = pattern.exec(README) ?? [];
  if (text === undefined) throw new Error(`the README has no ${pattern}`);
  return text;
};
const ROLE = found(/pveum role add BastideProvision --privs "([^"]+)"/).split(" ");
const TO_CREATE_GUESTS = found(/the role on Proxmox VE needs `([^`]+)` as well/).split(" ");

const SITE = ["ecosolar", "--env", "production"];
const LAST_RIGHT = "Realm.AllocateUser";

/** Where the client's devices run. */
let client: SitesFolder;
let devices: LabDevices;
/** What the engineer has. */
let folder: SitesFolder;
const home = mkdtempSync(join(tmpdir(), "bastide-home-"));
const env = {
  HOME: home,
  BASTIDE_CACHE: process.env.BASTIDE_CACHE ?? join(process.env.HOME ?? "", ".cache", "bastide"),
};
const credentials: Record<string, string> = {};

const run = (args: string[], input = "") => folder.run(args, { env, input });
const json = <Data>(args: string[]) => folder.json<Data>(args, { env });
const wrong = (checks: readonly Check[]) => checks.filter(({ verdict }) => verdict !== "ok").map(({ actual }) => actual);

beforeAll(async () => {
  client = new SitesFolder("ecosolar");
  await client.run(["lab", "up", "ecosolar"]);
  devices = await client.devices("ecosolar");
  const { json: lab } = await client.json<Record<string, string>>(["lab", "env", "ecosolar"]);
  const { pve, pbs } = devices;
  await pve.post("/access/roles", { roleid: "BastideProvision", privs: ROLE.filter((one) => one !== LAST_RIGHT).join(",") });
  await pve.post("/access/users", { userid: "bastide@pve" });
  const pveToken = await pve.post("/access/users/bastide@pve/token/provision", { privsep: 1 });
  await pve.put("/access/acl", { path: "/", roles: "BastideProvision", users: "bastide@pve" });
  await pve.put("/access/acl", { path: "/", roles: "BastideProvision", tokens: "bastide@pve!provision" });
  await pbs.post("/access/users", { userid: "bastide@pbs" });
  const pbsToken = await pbs.post("/access/users/bastide@pbs/token/provision", {});
  await pbs.put("/access/acl", { path: "/", role: "Admin", "auth-id": "bastide@pbs" });
  await pbs.put("/access/acl", { path: "/", role: "Admin", "auth-id": "bastide@pbs!provision" });
  credentials["pve-provisioning"] = `bastide@pve!provision=${(pveToken as { value: string }).value}`;
  credentials["pbs-provisioning"] = `bastide@pbs!provision:${(pbsToken as { value: string }).value}`;
  // The lab's firewall knows one user only.
  credentials["pfsense-provisioning"] = lab.BASTIDE_LAB_PFSENSE_KEY ?? "";
  credentials["smtp-password"] = "of the relay";

  folder = new SitesFolder("ecosolar");
  const device = (name: string) =>
    `endpoint: "${new URL(lab[`BASTIDE_LAB_${name}_URL`] ?? "").origin}", ca: "${lab.BASTIDE_LAB_CA}"`;
  folder.edit(
    "ecosolar",
    [/state: pgState\(.*\),/, ""],
    [", pgState, production", ", production"],
    [/hypervisor: \{ ca: "pve-ca.pem"/, `hypervisor: { ${device("PVE")}`],
    [/pbs: \{ ca: "pbs-ca.pem"/, `pbs: { ${device("PBS")}`],
    [/firewall: \{ ca: "pfsense-ca.pem"/, `firewall: { ${device("PFSENSE")}`],
  );
});
afterAll(async () => {
  await folder.remove();
  await client.remove();
  rmSync(home, { recursive: true, force: true });
});

const giveRights = (...privileges: string[]) =>
  devices.pve.put("/access/roles/BastideProvision", { privs: privileges.join(",") });

it("makes no key unasked, and the person's own one where it is asked for", async () => {
  const key = join(home, ".config", "bastide", "age.key");
  const refused = await json<FaultAnswer>(["secrets", "init", ...SITE]);
  expect(refused).toMatchObject({ exitCode: 1, json: { faults: [{ where: key, what: expect.stringContaining("no key") }] } });
  expect(existsSync(key)).toBe(false);
  const made = await json<{ newKey: string; missing: { name: string }[] }>(["secrets", "init", ...SITE, "--new-key"]);
  expect(made).toMatchObject({ exitCode: 0, json: { newKey: key } });
  expect(made.json.missing.map(({ name }) => name).sort()).toEqual(Object.keys(credentials).sort());
  expect(statSync(key).mode & 0o777).toBe(0o600);
  const again = await json<{ newKey: null }>(["secrets", "init", ...SITE, "--new-key"]);
  expect(again).toMatchObject({ exitCode: 0, json: { newKey: null } });
});

it("refuses a token that is not written as its device takes it, without showing it", async () => {
  const mistaken = credentials["pve-provisioning"]?.replace("=", ":") ?? "";
  const refused = await run(["secrets", "set", "ecosolar", "pve-provisioning", "--env", "production"], mistaken);
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("user@realm!name=secret") });
  expect(refused.stderr).not.toContain(mistaken.split(":").at(-1));
});

it("says what is missing before it asks the devices", async () => {
  const { exitCode, json: doctor } = await json<{ checks: Check[] }>(["doctor", ...SITE]);
  expect(exitCode).toBe(1);
  expect(wrong(doctor.checks)).toEqual(["missing", "missing", "missing", "missing"]);
  for (const [name, value] of Object.entries(credentials)) {
    expect((await run(["secrets", "set", "ecosolar", name, "--env", "production"], `${value}\n`)).exitCode).toBe(0);
  }
});

it("names a right that lacks before a plan, and is content with those of the README", async () => {
  const refused = await json<FaultAnswer>(["plan", ...SITE]);
  expect(refused).toMatchObject({
    exitCode: 1,
    json: { faults: [{ what: `the provisioning credential lacks ${LAST_RIGHT} on /access/realm/pve` }] },
  });
  const doctor = await json<{ checks: Check[] }>(["doctor", ...SITE]);
  expect(wrong(doctor.json.checks)).toEqual([refused.json.faults[0]?.what]);
  await giveRights(...ROLE);
  const content = await json<{ checks: Check[] }>(["doctor", ...SITE]);
  expect({ exitCode: content.exitCode, wrong: wrong(content.json.checks) }).toEqual({ exitCode: 0, wrong: [] });
  expect((await json<PlanAnswer>(["plan", ...SITE])).exitCode).toBe(2);
});

it("applies the site only when it is told to, and proves it", async () => {
  expect((await run(["apply", ...SITE])).exitCode).toBe(3);
  const { exitCode, json: answer } = await json<ApplyAnswer>(["apply", ...SITE, "--yes"]);
  if (answer.report === undefined) throw new Error(JSON.stringify(answer));
  expect({ exitCode, outcome: answer.report.outcome, wrong: wrong(answer.report.verification ?? []) }).toEqual({
    exitCode: 0,
    outcome: "done",
    wrong: [],
  });
  expect((await json<DriftAnswer>(["drift", ...SITE])).exitCode).toBe(0);
});

it("refuses what a policy forbids, with everything that it finds, and changes nothing", async () => {
  const undo = folder.edit(
    "ecosolar",
    [/"NET-001", "backupServers\.pbs"/, '"NET-001", "backupServers.none"'],
    [/daily: 7, weekly: 4 \},\n {4}\},/, "daily: 8, weekly: 4 },\n    },"],
  );
  try {
    const state = () => JSON.stringify(client.deviceStates("ecosolar"));
    const before = state();
    const { exitCode, json: answer } = await json<ApplyAnswer & { policies: PolicyReport }>(["apply", ...SITE, "--yes"]);
    expect({ exitCode, ok: answer.ok, outcome: answer.report.outcome }).toEqual({ exitCode: 3, ok: false, outcome: "refused" });
    expect(answer.policies.findings).toContainEqual(expect.objectContaining({ policy: "NET-001", severity: "error" }));
    expect(answer.policies.gates).toEqual(["model", "synthesized", "plan"]);
    expect(answer.report.layers.flatMap(({ changes }) => changes).length).toBeGreaterThan(0);
    expect(state()).toBe(before);
    const text = await run(["apply", ...SITE, "--yes"]);
    expect(text).toMatchObject({ exitCode: 3, stdout: expect.stringContaining("nothing was changed") });
    expect(text.stderr).toMatch(/✗ backupServers\.pbs: .*\(NET-001\)[\s\S]*\n\d+ policies: [\s\S]*refused by \d+ polic/);
    expect((await json<PlanAnswer>(["plan", ...SITE])).exitCode).toBe(3);
    expect((await run(["synth", ...SITE, "--out", join(home, "refused")])).exitCode).toBe(3);
  } finally {
    undo();
  }
});

it("backs up a guest with the same credential", async () => {
  expect((await run(["backup", "ad", "--site", ...SITE])).exitCode).toBe(0);
});

it("calls a secret that was rotated no drift, though the engine has still to send it", async () => {
  expect((await run(["secrets", "rotate", "ecosolar", "pve-token", "--env", "production"])).exitCode).toBe(0);
  const { exitCode, json: drift } = await json<DriftAnswer>(["drift", ...SITE]);
  const changes = drift.layers.flatMap((layer) => layer.changes);
  expect({ exitCode, drift: drift.drift, repeats: changes.every(({ onlyRepeats }) => onlyRepeats) }).toEqual({
    exitCode: 0,
    drift: false,
    repeats: true,
  });
  expect(changes.length).toBeGreaterThan(0);
  expect((await run(["apply", ...SITE, "--yes"])).exitCode).toBe(0);
  expect((await json<PlanAnswer>(["plan", ...SITE])).exitCode).toBe(0);
});

it("writes the stacks for a reviewer who has no key", async () => {
  const out = join(home, "out");
  const { exitCode, stdout } = await folder.run(["synth", ...SITE, "--out", out], {
    env: { ...env, HOME: join(home, "nobody") },
  });
  expect({ exitCode, files: stdout.trim().split("\n").length }).toEqual({ exitCode: 0, files: 3 });
  expect(existsSync(join(out, "stacks", "ecosolar-production-hypervisor", "cdk.tf.json"))).toBe(true);
  const refused = await folder.run(
    ["synth", ...SITE, "--out", join(out, "stacks", "ecosolar-production-hypervisor", "cdk.tf.json")],
    { env },
  );
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("repair:") });
  expect(refused.stderr).not.toContain("fault of Bastide itself");
});

it("creates a guest with the rights that the README adds", async () => {
  const create = '{ cores: 1, memoryMiB: 512, diskGiB: 4, diskStorage: "vmdata", bridge: "vmbr0" }';
  folder.edit("ecosolar", [
    "\n  guests: {",
    `\n  guests: {\n    caisse: { id: 120, tier: "standard", role: "Caisse", create: ${create} },`,
  ]);
  const refused = await json<FaultAnswer>(["apply", ...SITE, "--yes"]);
  expect(refused).toMatchObject({ exitCode: 1, json: { faults: [{ what: expect.stringContaining("SDN.Use on /sdn") }] } });
  await giveRights(...ROLE, ...TO_CREATE_GUESTS);
  const { exitCode, json: answer } = await json<ApplyAnswer>(["apply", ...SITE, "--yes"]);
  expect({ exitCode, wrong: wrong(answer.report?.verification ?? []) }).toEqual({ exitCode: 0, wrong: [] });
  expect(await devices.pve.get("/nodes/pve1/qemu/120/config")).toMatchObject({ name: "caisse", cores: 1 });
});
