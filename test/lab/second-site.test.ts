import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateX25519Identity } from "age-encryption";
import { openSecrets, secretLocation } from "../../deploy/secrets/location";
import {
  type ApplyAnswer,
  type Check,
  changesOf,
  type DestroyAnswer,
  type DriftAnswer,
  type FaultAnswer,
  type PlanAnswer,
  wrongOf,
} from "./support/answers";
import { runNamedCommand } from "./support/cli";
import { LeakFinder } from "./support/leaks";
import { type LabDevices, SitesFolder } from "./support/sites-folder";

jest.setTimeout(600_000);

const SITE = "atelier-nord";
const TOKEN = "nord@pbs!cluster";

/** What the second site promises, read from its devices. */
async function expectPromises({ pve, pbs }: LabDevices): Promise<void> {
  const datastores = await pbs.get<{ name: string }[]>("/config/datastore");
  expect(Object.fromEntries(datastores.map((one) => [one.name, one]))).toMatchObject({
    quick: { path: "/srv/pbs/quick", "gc-schedule": "sun 01:30", "notification-mode": "legacy-sendmail" },
    archive: { path: "/srv/pbs/archive", "gc-schedule": "monthly", "verify-new": true },
  });
  const namespaces = await pbs.get<{ ns: string }[]>("/admin/datastore/quick/namespace");
  expect(namespaces.map(({ ns }) => ns).sort()).toEqual(["", "fast", "fast/gold", "silver"]);
  const prune = await pbs.get<{ store: string; ns?: string }[]>("/config/prune");
  expect(prune.find(({ ns }) => ns === "fast/gold")).toMatchObject({
    store: "quick",
    "keep-last": 12,
    "keep-hourly": 48,
    "keep-daily": 14,
  });
  const jobs = await pve.get<{ id: string }[]>("/cluster/backup");
  expect(Object.fromEntries(jobs.map((job) => [job.id, job]))).toMatchObject({
    "atelier-nord-gold": { schedule: "*:0/30 UTC", vmid: "2001,2010", mode: "suspend" },
    "atelier-nord-silver": { schedule: "0/6:15", vmid: "2107", mode: "snapshot" },
    "atelier-nord-bronze": { schedule: "sat 23:00", vmid: "2200", mode: "stop" },
  });
  const storages = await pve.get<{ storage: string; type: string; namespace?: string }[]>("/storage");
  const ours = storages.filter(({ type }) => type === "pbs");
  expect(ours.every((one) => (one as { username?: string }).username === TOKEN)).toBe(true);
  const encrypted = (namespace: string) => "encryption-key" in (ours.find((one) => one.namespace === namespace) ?? {});
  expect({ gold: encrypted("fast/gold"), silver: encrypted("silver") }).toEqual({ gold: true, silver: false });
  for (const node of ["nord-a", "nord-b"]) {
    expect(await pve.get(`/nodes/${node}/time`)).toMatchObject({ timezone: "America/Toronto" });
  }
}

/** Weakens the protection on both devices. */
async function weaken({ pve, pbs }: LabDevices): Promise<void> {
  await pve.put("/cluster/backup/atelier-nord-gold", { enabled: 0 });
  const prune = await pbs.get<{ id: string; ns?: string }[]>("/config/prune");
  await pbs.put(`/config/prune/${prune.find(({ ns }) => ns === "silver")?.id}`, { "keep-last": 1 });
}

const WEAKENED = ["backup-server update prune job coffre/quick/silver", "hypervisor update backup job gold"];

describe("the second site in the lab", () => {
  const LAB = [SITE, "--env", "lab"];
  let folder: SitesFolder;
  let devices: LabDevices;

  beforeAll(() => {
    folder = new SitesFolder(SITE);
  });
  afterAll(() => folder.remove());

  it("is applied and proven", async () => {
    const { exitCode, json } = await folder.json<ApplyAnswer>(["apply", ...LAB]);
    if (json.report === undefined) throw new Error(JSON.stringify(json, null, 2));
    expect(wrongOf(json.report.verification)).toEqual([]);
    expect({ exitCode, outcome: json.report.outcome }).toEqual({ exitCode: 0, outcome: "done" });
    expect(json.report.layers.map(({ layer }) => layer)).toEqual(["backup-server", "hypervisor"]);
    devices = await folder.devices(SITE);
    await expectPromises(devices);
  });

  it("has nothing to do the second time", async () => {
    const before = folder.deviceStates(SITE);
    const { exitCode, stdout } = await folder.run(["apply", ...LAB]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining("nothing to be done, and proven") });
    expect(folder.deviceStates(SITE)).toEqual(before);
  });

  it("tells what was changed by hand, and repairs it", async () => {
    expect((await folder.run(["drift", ...LAB])).exitCode).toBe(0);
    await weaken(devices);
    const drift = await folder.json<DriftAnswer>(["drift", ...LAB]);
    expect({ exitCode: drift.exitCode, changes: changesOf(drift.json) }).toEqual({ exitCode: 2, changes: WEAKENED });
    expect(drift.json.checks.find(({ id, subject }) => id === "guest.covered" && subject === "guest database")?.actual).toContain(
      "disabled",
    );
    expect((await folder.run(["apply", ...LAB])).exitCode).toBe(0);
    expect((await folder.run(["drift", ...LAB])).exitCode).toBe(0);
  });

  it("backs up a guest on the node that runs it", async () => {
    const { exitCode, json } = await folder.json<{ node: string; storage: string }>(["backup", "database", "--env", "lab"]);
    expect({ exitCode, node: json.node }).toEqual({ exitCode: 0, node: "nord-b" });
    const snapshots = await devices.pbs.get<{ "backup-id": string }[]>("/admin/datastore/quick/snapshots?ns=fast/gold");
    expect(snapshots.map((one) => one["backup-id"])).toEqual(["2010"]);
  });

  it("is destroyed, backups included, for it is a lab", async () => {
    const { exitCode, json } = await folder.json<DestroyAnswer>(["destroy", ...LAB]);
    expect({ exitCode, outcome: json.report?.outcome, staying: json.staying }).toEqual({
      exitCode: 0,
      outcome: "done",
      staying: [],
    });
    expect(await devices.pbs.get("/config/datastore")).toEqual([]);
    expect(await devices.pve.get("/cluster/backup")).toEqual([]);
  });
});

/** The same site on devices that are not its lab's: those of another lab stand for the client's. */
describe("the second site on real devices, by an environment alone", () => {
  const LIVE = [SITE, "--env", "live"];
  /** Where the client's devices run. */
  let client: SitesFolder;
  /** What the engineer has. */
  let folder: SitesFolder;
  let devices: LabDevices;
  let env: Record<string, string>;
  const given: Record<string, string> = {};
  /** What `secrets list` says how to give each. */
  const commands: Record<string, string> = {};

  const run = (args: string[], more: { input?: string } = {}) => folder.run(args, { env, ...more });
  const json = <Data>(args: string[]) => folder.json<Data>(args, { env });

  interface Device {
    readonly url: string;
    readonly fingerprint: string;
  }
  const environment = (hypervisor: Device, server: Device, more = "") => `live: production({
      devices: {
        hypervisor: { endpoint: "${new URL(hypervisor.url).origin}", ca: "cluster.pem" },
        backupServers: { coffre: { endpoint: "${new URL(server.url).origin}", fingerprint: "${server.fingerprint}", credential: "coffre" } },
      },${more}
    }),
  },
`;

  beforeAll(async () => {
    client = new SitesFolder(SITE);
    folder = new SitesFolder(SITE);
    const up = await client.json<{ devices: [Device, Device] }>(["lab", "up", SITE]);
    devices = await client.devices(SITE);
    const [hypervisor, server] = up.json.devices;
    folder.edit(SITE, [/live: production\([\s\S]*\n {2}\},\n(?=\}\);)/, environment(hypervisor, server)]);
    const lab = await client.json<Record<string, string>>(["lab", "env", SITE]);
    cpSync(lab.json.BASTIDE_LAB_CA ?? "", join(folder.path, SITE, "cluster.pem"));
    env = { BASTIDE_AGE_KEY: await generateX25519Identity() };
    given["pve-admin"] = lab.json.BASTIDE_LAB_PVE_TOKEN ?? "";
    given.coffre = lab.json.BASTIDE_LAB_PBS_TOKEN ?? "";
  });
  afterAll(async () => {
    await folder.remove();
    await client.remove();
  });

  /** The store as the command line opens it. */
  const openLiveStore = () =>
    openSecrets(
      secretLocation({
        site: SITE,
        environment: { name: "live", kind: "live" },
        runDir: folder.work(SITE, "live"),
        sitesDir: folder.path,
        env,
      }),
      env,
    );
  const plan = () => json<PlanAnswer>(["plan", ...LIVE]);

  it("needs a key for its secrets, and says so", async () => {
    const { exitCode, stderr } = await folder.run(["secrets", "list", ...LIVE], { env: { HOME: join(folder.path, "home") } });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/no key to open the secrets with[\s\S]*BASTIDE_AGE_KEY/);
  });

  it("tells everything that a person has still to give, each with the command that gives it", async () => {
    const doctor = await json<{ checks: Check[] }>(["doctor", ...LIVE]);
    expect(doctor.exitCode).toBe(1);
    const missing = doctor.json.checks.filter(({ verdict }) => verdict === "fault");
    expect(missing.map(({ subject }) => subject)).toEqual(expect.arrayContaining(["secret pve-admin", "secret coffre"]));
    for (const { repair } of missing) expect(repair).toMatch(/secrets set .*atelier-nord --env live/);
    const applied = await json<FaultAnswer>(["apply", ...LIVE, "--yes"]);
    expect(applied.exitCode).toBe(1);
    expect(applied.json.faults.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['no secret "pve-admin"', 'no secret "coffre"']),
    );
    const list = await json<{ missing: { name: string; origin: string; command: string }[] }>(["secrets", "list", ...LIVE]);
    const wanted = list.json.missing.filter(({ origin }) => origin === "given");
    expect(wanted.map(({ name }) => name).sort()).toEqual(["coffre", "pve-admin", "remote-south"]);
    for (const { name, command } of wanted) commands[name] = command;
    given["remote-south"] = "password at the other site";
  });

  it("takes the secrets into a file beside the site, encrypted", async () => {
    for (const [name, value] of Object.entries(given)) {
      const set = await runNamedCommand(commands[name] ?? "", "secrets set", { env, input: value });
      expect(set).toMatchObject({ exitCode: 0, stdout: `${name} is stored\n` });
    }
    const text = readFileSync(join(folder.path, SITE, "secrets.live.age"), "utf8");
    expect(text).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
    expect((await run(["doctor", ...LIVE])).exitCode).toBe(0);
  });

  it("changes nothing where nobody can confirm it", async () => {
    const before = client.deviceStates(SITE);
    const { exitCode, stderr } = await run(["apply", ...LIVE]);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/no terminal to confirm the changes on[\s\S]*--yes/);
    expect(client.deviceStates(SITE)).toEqual(before);
  });

  it("asks a person at a terminal, and takes no for no", async () => {
    const before = client.deviceStates(SITE);
    const declined = await folder.onTerminal(["apply", ...LIVE], [[/Apply these changes to L'Atelier du Nord \(live\)\?/, "n"]], {
      env,
    });
    expect({ exitCode: declined.exitCode, shown: declined.shown }).toEqual({
      exitCode: 3,
      shown: expect.stringContaining("nothing was changed"),
    });
    expect(declined.shown).toContain("datastore coffre/quick");
    expect(client.deviceStates(SITE)).toEqual(before);
  });

  it("takes a secret from a hidden prompt", async () => {
    const typed = "typed at a prompt 0815";
    const set = await folder.onTerminal(
      ["secrets", "set", SITE, "remote-south", "--env", "live"],
      [[/Value of remote-south:/, typed]],
      { env },
    );
    expect({ exitCode: set.exitCode, visible: set.shown.includes(typed) }).toEqual({ exitCode: 0, visible: false });
    expect((await openLiveStore()).require("remote-south").reveal()).toBe(typed);
  });

  it("is applied and proven with --yes, and has nothing to do the second time", async () => {
    const first = await json<ApplyAnswer>(["apply", ...LIVE, "--yes"]);
    if (first.json.report === undefined) throw new Error(JSON.stringify(first.json, null, 2));
    expect(wrongOf(first.json.report.verification)).toEqual([]);
    expect({ exitCode: first.exitCode, outcome: first.json.report.outcome }).toEqual({ exitCode: 0, outcome: "done" });
    await expectPromises(devices);
    const second = await json<ApplyAnswer>(["apply", ...LIVE]);
    expect({ exitCode: second.exitCode, outcome: second.json.report.outcome }).toEqual({ exitCode: 0, outcome: "nothing to do" });
  });

  it("keeps its state beside the site, encrypted; no file holds a secret or the passphrase", async () => {
    const states = join(folder.path, SITE, "state", "live");
    const names = readdirSync(states).filter((name) => name.endsWith(".tfstate"));
    expect(names.sort()).toEqual(["backup-server.tfstate", "hypervisor.tfstate"]);
    for (const name of names) {
      const text = readFileSync(join(states, name), "utf8");
      expect(text).toContain('"encrypted_data"');
      for (const plain of ["/srv/pbs/quick", TOKEN, "restful_resource", "atelier"]) expect(text).not.toContain(plain);
    }
    expect(existsSync(join(folder.work(SITE, "live"), "state"))).toBe(false);
    const store = await openLiveStore();
    const secrets = Object.fromEntries(store.list().map(({ name }) => [name, store.require(name).reveal()]));
    expect(Object.keys(secrets)).toEqual(
      expect.arrayContaining(["state-passphrase", "cluster", "encryption-key", "coffre", "pve-admin"]),
    );
    const key = JSON.parse(secrets["encryption-key"] ?? "{}") as { data: string };
    const finder = new LeakFinder({ ...secrets, "encryption-key": key.data, "age key": env.BASTIDE_AGE_KEY ?? "" });
    expect(finder.inFolder(folder.path)).toEqual([]);
  });

  it("tells what was changed by hand, and repairs it with --yes only", async () => {
    await weaken(devices);
    const drift = await json<DriftAnswer>(["drift", ...LIVE]);
    expect({ exitCode: drift.exitCode, changes: changesOf(drift.json) }).toEqual({ exitCode: 2, changes: WEAKENED });
    expect((await run(["apply", ...LIVE])).exitCode).toBe(3);
    expect((await run(["apply", ...LIVE, "--yes"])).exitCode).toBe(0);
    expect((await run(["drift", ...LIVE])).exitCode).toBe(0);
  });

  it("never takes away what holds data, whatever the site file says", async () => {
    const undo = folder.edit(SITE, ['namespace: "fast/gold"', 'namespace: "fast/platinum"']);
    const before = client.deviceStates(SITE);
    const judged = await json<ApplyAnswer>(["apply", ...LIVE, "--yes"]);
    expect({ exitCode: judged.exitCode, outcome: judged.json.report.outcome }).toEqual({ exitCode: 3, outcome: "refused" });
    const lost = (judged.json.policies?.findings ?? []).filter(({ policy }) => policy.startsWith("CHG-"));
    const namespace = "backup-server namespace__coffre__quick__fast_2fgold";
    expect(lost.map(({ policy, object }) => [policy, object])).toContainEqual(["CHG-001", namespace]);
    // Somebody who accepts these findings has not deleted the backups yet: the apply still takes nothing away.
    const accepting = lost.map(({ policy, object }) => `accepted("${policy}", "${object}", "r"),`);
    const accept = folder.edit(SITE, ["  acknowledgements: [", `  acknowledgements: [${accepting.join(" ")}`]);
    const guarded = await json<FaultAnswer>(["apply", ...LIVE, "--yes"]).finally(() => {
      accept();
      undo();
    });
    expect(guarded.exitCode).toBe(3);
    expect(JSON.stringify(guarded.json.faults)).toMatch(/namespace coffre\/quick\/fast\/gold/);
    expect(JSON.stringify(guarded.json.faults)).toMatch(/holds data or keys/);
    expect(client.deviceStates(SITE)).toEqual(before);
  });

  it("believes only the pinned certificate and the given authority; nothing is sent to anybody else", async () => {
    const other = "AA:".repeat(31).concat("AA");
    const pinned = folder.edit(SITE, [/fingerprint: "[^"]{95}", credential/, `fingerprint: "${other}", credential`]);
    const wrongPin = await json<FaultAnswer>(["plan", ...LIVE]).finally(pinned);
    expect({ exitCode: wrongPin.exitCode, where: wrongPin.json.faults[0]?.where }).toEqual({
      exitCode: 1,
      where: expect.stringContaining("environments.live.devices.backupServers.coffre"),
    });
    expect(wrongPin.json.faults[0]?.what).toMatch(/presents the certificate .*, pinned is aa:aa/);
    const authority = join(folder.path, SITE, "cluster.pem");
    const right = readFileSync(authority, "utf8");
    const foreign = await client.json<{ devices: unknown }>(["lab", "up", "--empty"]);
    expect(foreign.exitCode).toBe(0);
    const empty = await client.json<Record<string, string>>(["lab", "env", "--empty"]);
    cpSync(empty.json.BASTIDE_LAB_CA ?? "", authority);
    const wrongAuthority = await json<FaultAnswer>(["plan", ...LIVE]);
    writeFileSync(authority, right);
    expect(wrongAuthority.exitCode).toBe(1);
    expect(wrongAuthority.json.faults[0]?.what).toMatch(/not signed by the given authority/);
  });

  it("is destroyed only by its name, and leaves data and keys where they are", async () => {
    const before = client.deviceStates(SITE);
    expect((await run(["destroy", ...LIVE])).exitCode).toBe(3);
    expect((await run(["destroy", ...LIVE, "--confirm", "atelier"])).exitCode).toBe(64);
    const wrong = await folder.onTerminal(["destroy", ...LIVE], [[/Type the site's name/, "atelier"]], { env });
    expect({ exitCode: wrong.exitCode, shown: wrong.shown }).toEqual({
      exitCode: 3,
      shown: expect.stringContaining("nothing was changed"),
    });
    expect(client.deviceStates(SITE)).toEqual(before);
    const { exitCode, json: answer } = await json<DestroyAnswer>(["destroy", ...LIVE, "--confirm", SITE]);
    expect({ exitCode, outcome: answer.report?.outcome }).toEqual({ exitCode: 0, outcome: "done" });
    const staying = answer.staying.map(({ construct }) => construct);
    expect(staying).toEqual(
      expect.arrayContaining([
        "datastore coffre/quick",
        "datastore coffre/archive",
        "namespace coffre/quick/fast/gold",
        "storage coffre-quick",
      ]),
    );
    expect((await devices.pbs.get<{ name: string }[]>("/config/datastore")).map(({ name }) => name).sort()).toEqual([
      "archive",
      "quick",
    ]);
    expect(await devices.pve.get("/cluster/backup")).toEqual([]);
    expect(await devices.pbs.get("/config/prune")).toEqual([]);
  });

  it("comes back with the next apply, on the same data", async () => {
    const { exitCode, json: answer } = await json<ApplyAnswer>(["apply", ...LIVE, "--yes"]);
    if (answer.report === undefined) throw new Error(JSON.stringify(answer, null, 2));
    expect({ exitCode, wrong: wrongOf(answer.report.verification) }).toEqual({ exitCode: 0, wrong: [] });
    expect(changesOf(answer.report).filter((line) => /datastore|namespace/.test(line) && !/access/.test(line))).toEqual([]);
    expect(changesOf((await plan()).json)).toEqual([]);
    await expectPromises(devices);
  });
});

describe("a firewall that the site file of real devices has forgotten", () => {
  const LIVE = ["ecosolar", "--env", "production"];
  let client: SitesFolder;
  let folder: SitesFolder;
  let devices: LabDevices;
  let env: Record<string, string>;

  const json = <Data>(args: string[]) => folder.json<Data>(args, { env });
  const NO_FIREWALL: [RegExp, string] = [/ {2}firewall: \{\n[^}]*\n {2}\},\n/, ""];
  const NO_ACCESS: [RegExp, string] = [/ {8}firewall: \{ endpoint: .*\n/, ""];

  beforeAll(async () => {
    client = new SitesFolder("ecosolar");
    folder = new SitesFolder("ecosolar");
    const up = await client.json<{ devices: { url: string }[] }>(["lab", "up", "ecosolar"]);
    devices = await client.devices("ecosolar");
    const at = up.json.devices.map(({ url }) => `{ endpoint: "${new URL(url).origin}", ca: "lab.pem"`);
    folder.edit(
      "ecosolar",
      [/state: pgState\(.*\),\n/, ""],
      [/hypervisor: \{ ca: "pve-ca\.pem"/, `hypervisor: ${at[0]}`],
      [/pbs: \{ ca: "pbs-ca\.pem"/, `pbs: ${at[1]}`],
      [/firewall: \{ ca: "pfsense-ca\.pem"/, `firewall: ${at[2]}`],
    );
    const { json: lab } = await client.json<Record<string, string>>(["lab", "env", "ecosolar"]);
    cpSync(lab.BASTIDE_LAB_CA ?? "", join(folder.path, "ecosolar", "lab.pem"));
    env = { BASTIDE_AGE_KEY: await generateX25519Identity() };
    const given = [
      ["pve-provisioning", lab.BASTIDE_LAB_PVE_TOKEN],
      ["pbs-provisioning", lab.BASTIDE_LAB_PBS_TOKEN],
      ["pfsense-provisioning", lab.BASTIDE_LAB_PFSENSE_KEY],
      ["smtp-password", "password of the relay"],
    ];
    for (const [name = "", input = ""] of given) {
      await folder.run(["secrets", "set", "ecosolar", name, "--env", "production"], { env, input });
    }
    const applied = await json<ApplyAnswer>(["apply", ...LIVE, "--yes"]);
    if (applied.exitCode !== 0) throw new Error(JSON.stringify(applied.json, null, 2));
  });
  afterAll(async () => {
    await folder.remove();
    await client.remove();
  });

  it("cannot be taken off a device of which nothing is known any more, and says what must come back", async () => {
    const undo = folder.edit("ecosolar", NO_FIREWALL, NO_ACCESS);
    const before = client.deviceStates("ecosolar");
    const { exitCode, json: answer } = await json<FaultAnswer>([
      "destroy",
      ...LIVE,
      "--stale",
      "firewall",
      "--confirm",
      "ecosolar",
    ]).finally(undo);
    expect({ exitCode, fault: answer.faults?.[0] }).toMatchObject({
      exitCode: 1,
      fault: { where: "environments.production.devices.firewall", repair: expect.stringContaining("endpoint") },
    });
    expect(client.deviceStates("ecosolar")).toEqual(before);
  });

  it("is taken off as long as the environment names the device, and nothing else with it", async () => {
    folder.edit("ecosolar", NO_FIREWALL);
    const { "pbs-pbs.json": server } = client.deviceStates("ecosolar");
    const plan = await json<PlanAnswer>(["plan", ...LIVE]);
    expect(plan.json.stale.map(({ layer }) => layer)).toEqual(["firewall"]);
    const ended = await json<DestroyAnswer>(["destroy", ...LIVE, "--stale", "firewall", "--confirm", "ecosolar"]);
    expect({ exitCode: ended.exitCode, outcome: ended.json.report?.outcome }).toEqual({ exitCode: 0, outcome: "done" });
    expect(await devices.firewall.get("/firewall/aliases")).toEqual([]);
    expect((await devices.firewall.get<object[]>("/firewall/rules")).length).toBe(2);
    expect(client.deviceStates("ecosolar")["pbs-pbs.json"]).toEqual(server);
    expect((await json<PlanAnswer>(["plan", ...LIVE])).json.stale).toEqual([]);
  });
});
