import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openSecrets, secretLocation } from "../../deploy/secrets/location";
import type { SecretStore } from "../../deploy/secrets/store";
import { type ApplyAnswer, changesOf, type FaultAnswer, type PlanAnswer } from "./support/answers";
import { DeviceApi } from "./support/device-api";
import { type Leak, LeakFinder, LeakWatch } from "./support/leaks";
import { type LabDevices, SitesFolder } from "./support/sites-folder";

jest.setTimeout(600_000);

const LAB = ["ecosolar", "--env", "lab"];
/** Characters that each form of writing treats in its own way. */
const SMTP_PASSWORD = 'pa"ss\\wörd +&%<of> the relay 4711';
const RIGHTS_OF_OTHERS = 0o077;

interface SecretsAnswer {
  readonly stored: readonly { readonly name: string; readonly created: string }[];
  readonly missing: readonly { readonly name: string; readonly origin: string; readonly command: string }[];
}

let folder: SitesFolder;
let devices: LabDevices;

/** The store as the command line opens it. */
const openStore = (): Promise<SecretStore> =>
  openSecrets(
    secretLocation({
      site: "ecosolar",
      environment: { name: "lab", kind: "lab" },
      runDir: folder.work("ecosolar"),
      sitesDir: folder.path,
      env: {},
    }),
    {},
  );
const storedValue = async (name: string): Promise<string> => (await openStore()).require(name).reveal();

beforeAll(() => {
  folder = new SitesFolder("ecosolar");
});
afterAll(() => folder.remove());

describe("the store before the first apply", () => {
  it("lists what will be made, with what it is for", async () => {
    const { exitCode, json } = await folder.json<SecretsAnswer>(["secrets", "list", ...LAB]);
    expect(exitCode).toBe(0);
    expect(json.stored).toEqual([]);
    expect(json.missing.map(({ name, origin }) => `${name} ${origin}`)).toEqual([
      "pve-token issued",
      "encryption-key generated",
      "smtp-password generated",
    ]);
  });

  it("takes a value from standard input, without its final newline, and never shows it", async () => {
    const set = await folder.run(["secrets", "set", "ecosolar", "smtp-password", "--env", "lab"], {
      input: `${SMTP_PASSWORD}\n`,
    });
    expect({ ...set, shown: `${set.stdout}${set.stderr}`.includes(SMTP_PASSWORD) }).toMatchObject({ exitCode: 0, shown: false });
    expect(await storedValue("smtp-password")).toBe(SMTP_PASSWORD);
  });

  it("refuses an empty value, a file that is not there, and a key that is none; nothing changes", async () => {
    const set = (name: string, ...more: string[]) =>
      folder.json<FaultAnswer>(["secrets", "set", "ecosolar", name, "--env", "lab", ...more]);
    const empty = await set("smtp-password");
    expect({ exitCode: empty.exitCode, what: empty.json.faults[0]?.what }).toEqual({ exitCode: 1, what: "the value is empty" });
    const absent = await set("smtp-password", "--file", join(folder.path, "absent"));
    expect({ exitCode: absent.exitCode, what: absent.json.faults[0]?.what }).toEqual({
      exitCode: 1,
      what: "cannot be read (ENOENT)",
    });
    const file = join(folder.path, "key.json");
    writeFileSync(file, '{"kdf":null,"data":"c2hvcnQ="}');
    const wrong = await set("encryption-key", "--file", file);
    expect(wrong.exitCode).toBe(1);
    expect(JSON.stringify(wrong.json)).not.toContain("c2hvcnQ=");
    rmSync(file);
    expect((await openStore()).list().map(({ name }) => name)).toEqual(["smtp-password"]);
    expect(await storedValue("smtp-password")).toBe(SMTP_PASSWORD);
  });

  it("init makes the rest, except what a device issues; a second init changes nothing", async () => {
    const init = await folder.json<SecretsAnswer>(["secrets", "init", ...LAB]);
    expect({ exitCode: init.exitCode, missing: init.json.missing }).toEqual({ exitCode: 0, missing: [] });
    const key = await storedValue("encryption-key");
    await folder.run(["secrets", "init", ...LAB]);
    expect(await storedValue("encryption-key")).toBe(key);
    const { json } = await folder.json<SecretsAnswer>(["secrets", "list", ...LAB]);
    expect(json.stored.map(({ name }) => name).sort()).toEqual(["encryption-key", "smtp-password"]);
    expect(json.stored.every(({ created }) => !Number.isNaN(Date.parse(created)))).toBe(true);
  });

  it("is readable by its owner alone, like the key that opens it", () => {
    for (const name of ["secrets.age", "age.key"]) {
      expect(statSync(join(folder.work("ecosolar"), name)).mode & RIGHTS_OF_OTHERS).toBe(0);
    }
  });

  it("export-paper prints the key as it is stored, and writes a page for the safe that only its owner reads", async () => {
    const key = JSON.parse(await storedValue("encryption-key")) as { data: string; fingerprint: string };
    const text = await folder.run(["secrets", "export-paper", ...LAB]);
    expect(text.exitCode).toBe(0);
    expect(text.stdout.replace(/\s/g, "")).toContain(key.data);
    const page = join(folder.path, "key.html");
    const { exitCode, json } = await folder.json<{ fingerprint: string }>(["secrets", "export-paper", ...LAB, "--file", page]);
    expect({ exitCode, fingerprint: json.fingerprint }).toEqual({ exitCode: 0, fingerprint: key.fingerprint });
    expect(statSync(page).mode & RIGHTS_OF_OTHERS).toBe(0);
    expect(readFileSync(page, "utf8")).toContain("<svg");
    rmSync(page);
  });
});

describe("an apply whose secrets are known", () => {
  const output = { plain: "", traced: "" };
  let finder: LeakFinder;
  let known: Record<string, string>;
  let whileRunning: Leak[];
  let looks: LeakWatch["looks"];

  /** What the devices themselves hold is theirs; the key that opens the store is the owner's. */
  const except = () => [join(folder.work("ecosolar"), "devices"), join(folder.work("ecosolar"), "age.key")];

  beforeAll(async () => {
    await folder.run(["lab", "up", "ecosolar"]);
    devices = await folder.devices("ecosolar");
    const { json: env } = await folder.json<Record<string, string>>(["lab", "env", "ecosolar"]);
    const key = JSON.parse(await storedValue("encryption-key")) as { data: string };
    known = {
      "smtp password": SMTP_PASSWORD,
      "encryption key": key.data,
      "hypervisor credential": env.BASTIDE_LAB_PVE_TOKEN?.split("=")[1] ?? "",
      "backup server credential": env.BASTIDE_LAB_PBS_TOKEN?.split(":")[1] ?? "",
      "firewall credential": env.BASTIDE_LAB_PFSENSE_KEY ?? "",
      "age key": /AGE-SECRET-KEY-\S+/.exec(readFileSync(join(folder.work("ecosolar"), "age.key"), "utf8"))?.[0] ?? "",
    };
    for (const value of Object.values(known)) expect(value.length).toBeGreaterThan(20);
    const temporary = join(folder.path, "tmp");
    mkdirSync(temporary);
    const watch = new LeakWatch(new LeakFinder(known), [join(folder.work("ecosolar"), "plans"), temporary]);
    const first = await folder.run(["apply", ...LAB], { env: { TMPDIR: temporary } });
    expect(first.exitCode).toBe(0);
    output.plain = first.stdout + first.stderr;
    known["token secret"] = await storedValue("pve-token");
    // A change on each device, so that each is written to while everything is logged.
    folder.edit(
      "ecosolar",
      ["retention: { hourly: 24, daily: 7 }", "retention: { hourly: 24, daily: 8 }"],
      ['schedule: "21:00"', 'schedule: "21:05"'],
      ['"192.168.100.10", role', '"192.168.100.11", role'],
    );
    const withToken = new LeakWatch(new LeakFinder(known), [join(folder.work("ecosolar"), "plans"), temporary]);
    await devices.pve.put("/storage/pbs-backup", { disable: 1 });
    const traced = await folder.run(["apply", ...LAB], { env: { TMPDIR: temporary, TF_LOG: "trace" } });
    expect(traced.exitCode).toBe(0);
    output.traced = traced.stdout + traced.stderr;
    whileRunning = [...(await watch.stop()), ...(await withToken.stop())];
    looks = withToken.looks;
    finder = new LeakFinder(known);
  });

  it("writes none of them into a file: state, synthesis, plan, report, journal, lock, log", () => {
    expect(finder.inFolder(folder.path, except())).toEqual([]);
  });

  it("prints none of them, also where the engine and its providers log everything", () => {
    expect(output.traced.length).toBeGreaterThan(1_000_000);
    expect(output.traced).toMatch(/provider.*restful/);
    // Secrets were on their way into the log, and were taken out.
    expect(output.traced).toContain("[secret]");
    expect([...finder.inText(output.plain, "output"), ...finder.inText(output.traced, "trace")]).toEqual([]);
  });

  it("hands none of them over in an argument, and puts none into a saved plan or a temporary file", () => {
    expect(looks.commandLines).toBeGreaterThan(1000);
    expect(looks.files).toBeGreaterThan(0);
    expect(whileRunning).toEqual([]);
  });

  it("is not found clean by a finder that finds nothing: planted secrets are found in every form and place", async () => {
    const planted = join(folder.path, "planted");
    mkdirSync(planted);
    const forms: [name: string, text: string][] = [
      ["plain", known["token secret"] ?? ""],
      ["json", JSON.stringify({ body: JSON.stringify({ password: SMTP_PASSWORD }) })],
      ["header", `Basic ${Buffer.from(`user:${known["firewall credential"]}`).toString("base64")}`],
      ["url", `?password=${encodeURIComponent(SMTP_PASSWORD)}`],
    ];
    for (const [name, text] of forms) {
      writeFileSync(join(planted, name), `before ${text} after`);
      expect(finder.inFile(join(planted, name))).toHaveLength(1);
    }
    const watch = new LeakWatch(finder, [planted]);
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 1500)", known["hypervisor credential"] ?? ""]);
    await delay(800);
    const found = await watch.stop();
    child.kill();
    expect(found.map(({ secret }) => secret)).toEqual(
      expect.arrayContaining(["hypervisor credential", "token secret", "smtp password"]),
    );
    rmSync(planted, { recursive: true });
  });

  it("keeps states and plans from other users of the machine", () => {
    for (const name of ["state", "plans"]) {
      expect(statSync(join(folder.work("ecosolar"), name)).mode & RIGHTS_OF_OTHERS).toBe(0);
    }
  });
});

describe("rotate", () => {
  it("has a new secret issued, gives it to the hypervisor, proves it, and the old one is dead", async () => {
    const old = await storedValue("pve-token");
    const { exitCode, json } = await folder.json<{ ok: boolean; storages: string[] }>([
      "secrets",
      "rotate",
      "ecosolar",
      "pve-token",
      "--env",
      "lab",
    ]);
    expect({ exitCode, storages: json.storages.slice().sort() }).toEqual({
      exitCode: 0,
      storages: ["pbs-backup", "pbs-backup-critical", "pbs-backup-standard"],
    });
    const fresh = await storedValue("pve-token");
    expect(fresh).not.toBe(old);
    expect(JSON.stringify(json)).not.toContain(fresh);
    const { json: env } = await folder.json<Record<string, string>>(["lab", "env", "ecosolar"]);
    const ask = async (secret: string) => {
      const ca = readFileSync(env.BASTIDE_LAB_CA ?? "", "utf8");
      const token = new DeviceApi(
        env.BASTIDE_LAB_PBS_URL ?? "",
        ["authorization", `PBSAPIToken=pve-backup@pbs!pve-token:${secret}`],
        ca,
      );
      const { status } = await token.call("GET", "/admin/datastore/proxmox-data/status");
      await token.close();
      return status;
    };
    expect({ old: await ask(old), fresh: await ask(fresh) }).toEqual({ old: 401, fresh: 200 });
    for (const storage of json.storages) {
      expect(await devices.pve.get(`/nodes/pve1/storage/${storage}/status`)).toMatchObject({ active: 1 });
    }
  });

  it("the next apply settles, and then nothing is planned any more", async () => {
    const applied = await folder.json<ApplyAnswer>(["apply", ...LAB]);
    expect({ exitCode: applied.exitCode, secrets: applied.json.report?.newSecrets }).toEqual({ exitCode: 0, secrets: [] });
    const plan = await folder.json<PlanAnswer>(["plan", ...LAB]);
    expect({ exitCode: plan.exitCode, changes: changesOf(plan.json) }).toEqual({ exitCode: 0, changes: [] });
  });
});
