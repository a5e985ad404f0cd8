import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Check, FaultAnswer } from "./support/answers";
import { type CliResult, runCli } from "./support/cli";
import { SitesFolder } from "./support/sites-folder";

jest.setTimeout(240_000);

const LAB = ["ecosolar", "--env", "lab"];
let folder: SitesFolder;

beforeAll(() => {
  folder = new SitesFolder("ecosolar");
});
afterAll(() => folder.remove());

/** Every file below a folder, with its bytes. */
function filesBelow(path: string): Record<string, string> {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map(({ name, parentPath }) => [
      join(parentPath, name).slice(path.length),
      readFileSync(join(parentPath, name), "utf8"),
    ]),
  );
}

describe("help", () => {
  const commandsIn = ({ stdout }: CliResult): string[] =>
    [...(stdout.split("Commands:")[1]?.split("\n\n")[0] ?? "").matchAll(/^ {2}(\w[\w-]*)/gm)].map(([, name = ""]) => name);

  it("ends with 0 for every command, and lists the options that all share", async () => {
    const top = await runCli(["--help"]);
    expect(top.exitCode).toBe(0);
    const names = commandsIn(top).filter((name) => name !== "help");
    expect(names).toEqual(
      expect.arrayContaining([
        "doctor",
        "check",
        "policies",
        "synth",
        "plan",
        "apply",
        "verify",
        "drift",
        "destroy",
        "lab",
        "secrets",
        "backup",
      ]),
    );
    const leaves = await Promise.all(
      names.map(async (name) => {
        const help = await runCli([name, "--help"]);
        const below = commandsIn(help).filter((one) => one !== "help");
        return below.length > 0 ? below.map((one) => [name, one]) : [[name]];
      }),
    );
    const helps = await Promise.all(leaves.flat().map(async (path) => ({ path, ...(await runCli([...path, "--help"])) })));
    for (const { path, exitCode, stdout, stderr } of helps) {
      expect({ path, exitCode, stderr }).toEqual({ path, exitCode: 0, stderr: "" });
      // It is about no site.
      if (path[0] === "test") continue;
      for (const option of ["--sites", "--site ", "--env", "--json"]) expect(stdout).toContain(option);
    }
  });
});

describe("wrong usage ends with 64 and says what is right", () => {
  const WRONG: [what: string, args: string[], says: RegExp][] = [
    ["a mistyped command", ["aply"], /unknown command 'aply'[\s\S]*Did you mean apply/],
    ["an unknown option", ["plan", "ecosolar", "--environment", "lab"], /unknown option '--environment'/],
    ["a missing argument", ["backup"], /missing required argument 'guest'/],
    ["one argument too many", ["apply", "ecosolar", "atelier"], /too many arguments/],
    ["a wait that is no number", ["plan", ...LAB, "--wait", "soon"], /Write whole seconds/],
    ["a lock without its layer", ["apply", ...LAB, "--release-lock", "1a2b"], /Write layer and id/],
    ["an unknown environment", ["plan", "ecosolar", "--env", "lap"], /no environment "lap"[\s\S]*lab, production/],
    ["no environment where there are two", ["plan", "ecosolar"], /no environment is given[\s\S]*lab, production/],
    ["two different sites", ["plan", "ecosolar", "--site", "atelier", "--env", "lab"], /two sites are given/],
    [
      "a secret that nothing needs",
      ["secrets", "set", "ecosolar", "pve-tokn", "--env", "lab"],
      /nothing needs a secret "pve-tokn"/,
    ],
    [
      "a secret that Bastide cannot change",
      ["secrets", "rotate", "ecosolar", "smtp-password", "--env", "lab"],
      /only the hypervisor's token/,
    ],
    ["an unknown policy", ["policies", "acc-03"], /there is no policy "ACC-03"; did you mean "ACC-003"\?/],
    ["an unknown pack", ["policies", "--pack", "bastid"], /there is no pack "bastid"; did you mean "bastide"\?/],
    ["an unknown format", ["check", "--format", "xml"], /Allowed choices are table, json, sarif, junit, github, gitlab/],
    ["an unknown guest", ["backup", "epr", "--env", "lab"], /no guest "epr"; did you mean "erp"\?/],
  ];
  it.each(WRONG)("%s", async (_what, args, says) => {
    const text = await folder.run(args);
    expect({ exitCode: text.exitCode, stdout: text.stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(text.stderr).toMatch(says);
    const { exitCode, json } = await folder.json<FaultAnswer>(args);
    expect(exitCode).toBe(64);
    expect(json).toEqual({
      ok: false,
      faults: [expect.objectContaining({ what: expect.any(String), repair: expect.any(String) })],
    });
  });
});

describe("check", () => {
  const BROKEN: [what: string, from: string | RegExp, to: string, where: RegExp, says: RegExp][] = [
    ["a syntax error", "networks: {", "networks: {{", /site\.ts/, /expected identifier/],
    ["a wrong type", "id: 103,", 'id: "erp",', /guests\.erp\.id/, /./],
    ["an unknown key", 'rpo: "4h",', 'rpo: "4h",\n      rpoo: "4h",', /tiers\.critical/, /rpoo/],
    ["a duplicate id", "id: 103,", "id: 101,", /guests\.(erp|ad)\.id/, /101/],
    ["an address outside its network", "192.168.100.220", "192.168.101.220", /backupServers\.pbs\.address/, /./],
    [
      "a cycle of the restore order",
      'rto: "2h", restoreOrder: 1 }',
      'rto: "2h", restoreOrder: 1, dependsOn: ["erp"] }',
      /guests/,
      /./,
    ],
    [
      "an unknown guest",
      'dependsOn: ["ad"]',
      'dependsOn: ["adx"]',
      /guests\.files\.dependsOn\[0\]/,
      /no guest "adx"; did you mean "ad"\?/,
    ],
    ["a cron schedule", "0/4:00 UTC", "0 */4 * * *", /tiers\.critical\.schedule/, /0\/4:00/],
    ["a schedule wider than the RPO", 'rpo: "4h"', 'rpo: "3h"', /tiers\.critical/, /./],
  ];

  it("ends with 0 for a site without faults, and writes nothing", async () => {
    const before = filesBelow(folder.path);
    const { exitCode, json } = await folder.json<{ ok: boolean; sites: object[] }>(["check"]);
    expect({ exitCode, json }).toMatchObject({ exitCode: 0, json: { ok: true, sites: [{ site: "ecosolar", faults: [] }] } });
    expect(filesBelow(folder.path)).toEqual(before);
  });

  it.each(BROKEN)(
    "tells %s with its place and its repair, and no command writes a file",
    async (_what, from, to, where, says) => {
      const undo = folder.edit("ecosolar", [from, to]);
      try {
        const before = filesBelow(folder.path);
        const { exitCode, json } = await folder.json<{ sites: FaultAnswer[] }>(["check", "ecosolar"]);
        expect(exitCode).toBe(1);
        const faults = json.sites.flatMap((site) => site.faults);
        const found = faults.find((fault) => where.test(fault.where) && says.test(`${fault.what} ${fault.repair}`));
        if (found === undefined) throw new Error(JSON.stringify(faults, null, 2));
        expect(found.repair).not.toBe("");
        const applied = await folder.json<FaultAnswer>(["apply", ...LAB]);
        expect({ exitCode: applied.exitCode, faults: applied.json.faults }).toEqual({ exitCode: 1, faults });
        expect(filesBelow(folder.path)).toEqual(before);
      } finally {
        undo();
      }
    },
  );

  it("tells all faults of a file at once", async () => {
    const undo = folder.edit(
      "ecosolar",
      ["id: 103,", "id: 101,"],
      ['rpo: "4h"', 'rpo: "3h"'],
      ['dependsOn: ["ad"]', 'dependsOn: ["adx"]'],
    );
    try {
      const { exitCode, stderr, stdout } = await folder.run(["check"]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
      for (const place of ["guests.", "tiers.critical", "guests.files.dependsOn[0]"]) expect(stdout).toContain(place);
    } finally {
      undo();
    }
  });

  it("proposes the site that was meant", async () => {
    const { exitCode, stdout } = await folder.run(["check", "ecosolr"]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: expect.stringContaining('no site "ecosolr"; did you mean "ecosolar"?'),
    });
  });
});

describe("synth", () => {
  it("writes the same bytes from any folder, without a path of this machine and without a secret", async () => {
    const [one, other] = [mkdtempSync(join(tmpdir(), "bastide-synth-")), mkdtempSync(join(tmpdir(), "bastide-synth-"))];
    try {
      await folder.run(["lab", "up", "ecosolar"]);
      const first = await folder.json<{ stacks: { id: string }[] }>(["synth", ...LAB, "--out", join(one, "out")]);
      expect(first.exitCode).toBe(0);
      expect(first.json.stacks.map(({ id }) => id)).toEqual([
        "ecosolar-lab-backup-server",
        "ecosolar-lab-hypervisor",
        "ecosolar-lab-firewall",
      ]);
      cpSync(join(folder.path, "ecosolar"), join(other, "sites", "ecosolar"), { recursive: true });
      await runCli(["synth", ...LAB, "--sites", folder.path, "--out", "out"], { cwd: other });
      const files = filesBelow(join(one, "out"));
      expect(Object.keys(files).filter((name) => name.endsWith("cdk.tf.json"))).toHaveLength(3);
      expect(filesBelow(join(other, "out"))).toEqual(files);
      const devices = await folder.json<Record<string, string>>(["lab", "env", "ecosolar"]);
      const text = JSON.stringify(files);
      expect(text).not.toContain(folder.path);
      expect(text).not.toContain(one);
      for (const name of ["PVE_TOKEN", "PBS_TOKEN", "PFSENSE_KEY"]) {
        const secret = devices.json[`BASTIDE_LAB_${name}`]?.split(/[=:]/).at(-1) ?? "";
        expect(secret.length).toBeGreaterThan(20);
        expect(text).not.toContain(secret);
      }
    } finally {
      rmSync(one, { recursive: true });
      rmSync(other, { recursive: true });
    }
  });
});

describe("what is written where", () => {
  const READING: string[][] = [
    ["check"],
    ["policies"],
    ["policies", "NET-001"],
    ["doctor", ...LAB],
    ["verify", ...LAB],
    ["plan", ...LAB],
    ["drift", ...LAB],
    ["secrets", "list", ...LAB],
    ["lab", "status"],
    ["lab", "env", "ecosolar"],
  ];

  it.each(READING)("%s %s: one JSON document on standard output with --json, and nothing beside it", async (...args) => {
    const given = args.filter((arg) => arg !== undefined);
    const { stderr } = await folder.json(given);
    expect(stderr).toBe("");
  });

  it.each(READING)("%s %s: no colours and no cursor movements where no terminal is", async (...args) => {
    const given = args.filter((arg) => arg !== undefined);
    const { stdout, stderr } = await folder.run(given, { env: { TERM: "xterm-256color", COLORTERM: "truecolor" } });
    expect(stdout).not.toBe("");
    for (const text of [stdout, stderr]) expect(text.includes("\u001b")).toBe(false);
  });

  it("colours on a terminal, and none with NO_COLOR or --no-color", async () => {
    const coloured = async (args: string[], env = {}) => (await folder.onTerminal(args, [], { env })).shown.includes("\u001b[3");
    expect(await coloured(["check"])).toBe(true);
    expect(await coloured(["check"], { NO_COLOR: "1" })).toBe(false);
    expect(await coloured(["check", "--no-color"])).toBe(false);
    expect(await coloured(["check", "--json"])).toBe(false);
  });

  it("a site that was never applied is told as what it is: everything is to be made, nothing is proven", async () => {
    const plan = await folder.json<{ changes: boolean }>(["plan", ...LAB]);
    expect({ exitCode: plan.exitCode, changes: plan.json.changes }).toEqual({ exitCode: 2, changes: true });
    const drift = await folder.json<{ drift: boolean }>(["drift", ...LAB]);
    expect({ exitCode: drift.exitCode, drift: drift.json.drift }).toEqual({ exitCode: 2, drift: true });
    const verify = await folder.json<{ ok: boolean; checks: Check[] }>(["verify", ...LAB]);
    expect({ exitCode: verify.exitCode, ok: verify.json.ok }).toEqual({ exitCode: 1, ok: false });
    expect(verify.json.checks.filter(({ verdict }) => verdict !== "ok").every(({ repair }) => repair)).toBe(true);
  });
});

describe("lab", () => {
  it("starts, says so, stops and is deleted", async () => {
    const up = await folder.json<{ ok: boolean; devices: { url: string; fingerprint: string }[] }>(["lab", "up", "ecosolar"]);
    expect({ exitCode: up.exitCode, devices: up.json.devices.length }).toEqual({ exitCode: 0, devices: 3 });
    expect((await folder.run(["lab", "status", "ecosolar"])).exitCode).toBe(0);
    expect((await folder.run(["lab", "down", "ecosolar"])).exitCode).toBe(0);
    expect((await folder.run(["lab", "status", "ecosolar"])).exitCode).toBe(1);
    expect((await folder.run(["lab", "env", "ecosolar"])).exitCode).toBe(1);
    const again = await folder.json<typeof up.json>(["lab", "up", "ecosolar"]);
    expect(again.json.devices).toEqual(up.json.devices);
    expect((await folder.run(["lab", "reset", "ecosolar"])).exitCode).toBe(0);
    const fresh = await folder.json<typeof up.json>(["lab", "up", "ecosolar"]);
    expect(fresh.json.devices[0]?.fingerprint).not.toBe(up.json.devices[0]?.fingerprint);
  });

  it("starts without a site: the products' own defaults and nothing else", async () => {
    expect((await folder.run(["lab", "up", "--empty"])).exitCode).toBe(0);
    const { exitCode, stdout } = await folder.run(["lab", "env", "--empty"]);
    expect(exitCode).toBe(0);
    expect(stdout.match(/^export BASTIDE_LAB_\w+='.*'$/gm)).toHaveLength(7);
    expect((await folder.run(["lab", "reset", "--empty"])).exitCode).toBe(0);
  });
});
