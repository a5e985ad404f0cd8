import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PolicyReport } from "../../policies/engine/finding";
import { SitesFolder } from "./support/sites-folder";

jest.setTimeout(240_000);

const SITE = "ecosolar";
/** An address in the text of the site file, and what makes it a finding of a policy that no example breaks. */
const TIER_WITHOUT_GUEST: readonly [string, string] = [
  "  tiers: {\n",
  '  tiers: {\n    unused: { schedule: "20:00", rpo: "25h" },\n',
];

interface CheckAnswer {
  readonly ok: boolean;
  readonly sites: readonly {
    readonly site: string;
    readonly faults: readonly object[];
    readonly policies?: PolicyReport;
    readonly repaired?: readonly { readonly policy: string; readonly object: string }[];
  }[];
}

let folder: SitesFolder;
const baseline = () => join(folder.path, SITE, "baseline.json");
const open = ({ sites }: CheckAnswer): string[] =>
  (sites[0]?.policies?.findings ?? [])
    .filter(({ known, acknowledged }) => known === undefined && acknowledged === undefined)
    .map(({ policy, object }) => `${policy} ${object}`);
/** Line of the site file, from 1, at which a text stands. */
const lineOf = (text: string): number =>
  readFileSync(folder.siteFile(SITE), "utf8")
    .split("\n")
    .findIndex((line) => line.includes(text)) + 1;

beforeAll(() => {
  folder = new SitesFolder(SITE);
});
afterAll(() => folder.remove());
afterEach(() => rmSync(baseline(), { force: true }));

describe("policies", () => {
  it("judge a site file, and count what they say", async () => {
    const { exitCode, stdout } = await folder.run(["check", SITE]);
    expect([0, 3]).toContain(exitCode);
    expect(stdout).toMatch(/\n\d+ policies: \d+ hold/);
    const { json } = await folder.json<CheckAnswer>(["check", SITE]);
    expect(json.sites[0]?.policies?.findings).toContainEqual(
      expect.objectContaining({ policy: "NET-001", acknowledged: expect.objectContaining({ owner: "WildCorp" }) }),
    );
  });

  it("judge the environment that is named, and a wrong name is told", async () => {
    const { json } = await folder.json<CheckAnswer>(["check", SITE, "--env", "lab"]);
    expect(json.sites[0]?.policies?.environment).toBe("lab");
    const wrong = await folder.run(["check", SITE, "--env", "lap"]);
    expect(wrong).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('no environment "lap"') });
    expect(wrong.stdout).toContain("lab, production");
  });

  it("also judge what was synthesized, and what is planned", async () => {
    const out = join(folder.path, "out");
    const synth = await folder.json<{ policies: PolicyReport }>(["synth", SITE, "--env", "lab", "--out", out]);
    expect([synth.exitCode, synth.json.policies.gates]).toEqual([0, ["model", "synthesized"]]);
    const plan = await folder.json<{ policies: PolicyReport }>(["plan", SITE, "--env", "lab"]);
    expect([plan.exitCode, plan.json.policies.gates]).toEqual([2, ["model", "synthesized", "plan"]]);
    expect(plan.json.policies.counts["not-judged"]).toBe(0);
  });
});

describe("formats", () => {
  const format = async (name: string) => await folder.run(["check", SITE, "--env", "production", "--format", name]);

  it("json is what --json prints", async () => {
    const { stdout } = await folder.run(["check", SITE, "--env", "production", "--json"]);
    expect((await format("json")).stdout).toBe(stdout);
  });

  it("each points at the line of the finding", async () => {
    const undo = folder.edit(SITE, [...TIER_WITHOUT_GUEST]);
    try {
      const line = lineOf("unused: {");
      const of = (text: string) => text.split("\n").find((one) => one.includes("tiers.unused"));
      expect(of((await format("github")).stdout)).toContain(`line=${line},title=BKP-006 tiers.unused::`);
      expect(of((await format("junit")).stdout)).toContain(`line="${line}"`);
      const gitlab = JSON.parse((await format("gitlab")).stdout) as { check_name: string; location: object }[];
      expect(gitlab.find(({ check_name }) => check_name === "BKP-006")?.location).toMatchObject({ lines: { begin: line } });
      const sarif = JSON.parse((await format("sarif")).stdout) as { runs: { results: { ruleId: string }[] }[] };
      expect(sarif.runs[0]?.results.find(({ ruleId }) => ruleId === "BKP-006")).toMatchObject({
        locations: [{ physicalLocation: { region: { startLine: line } } }],
      });
    } finally {
      undo();
    }
  });

  it.each(["sarif", "junit", "github", "gitlab"])("%s tells the faults of a broken file, and ends with 1", async (name) => {
    const misspelt = folder.edit(SITE, ['dependsOn: ["ad"]', 'dependsOn: ["adx"]']);
    const fault = await format(name);
    const line = lineOf('dependsOn: ["adx"]');
    misspelt();
    expect(fault).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/no guest .{1,6}adx/) });
    expect(fault.stdout).toMatch(new RegExp(`(line=|line="|"startLine": |"begin": )${line}\\b`));
    const broken = folder.edit(SITE, ["networks: {", "networks: {{"]);
    const syntax = await format(name);
    const brokenLine = lineOf("networks: {{");
    broken();
    expect(syntax).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("SITE-FILE") });
    expect(syntax.stdout).toMatch(new RegExp(`(line=|line="|"startLine": |"begin": )${brokenLine}\\b`));
  });

  it("name the file from the root of the repository, wherever the command runs", async () => {
    execFileSync("git", ["init", "--quiet", folder.path]);
    const file = `file=${SITE}/site.ts,`;
    for (const cwd of [folder.path, join(folder.path, SITE)]) {
      const { stdout } = await folder.run(["check", SITE, "--env", "production", "--format", "github"], { cwd });
      expect(stdout).toContain(file);
    }
  });
});

describe("a baseline", () => {
  it("hides what was there when it was written, until it is repaired", async () => {
    const check = async () => (await folder.json<CheckAnswer>(["check", SITE])).json;
    const undo = folder.edit(SITE, [...TIER_WITHOUT_GUEST]);
    try {
      expect(open(await check())).toContain("BKP-006 tiers.unused");
      const written = await folder.json<CheckAnswer>(["check", SITE, "--write-baseline"]);
      expect([written.exitCode, open(written.json)]).toEqual([0, []]);
      const text = readFileSync(baseline(), "utf8");
      expect(text).toContain('{"policy":"BKP-006","object":"tiers.unused","gate":"model"}');
      await folder.run(["check", SITE, "--write-baseline"]);
      expect(readFileSync(baseline(), "utf8")).toBe(text);
      const another = folder.edit(SITE, ["    unused: {", '    spare: { schedule: "19:00", rpo: "25h" },\n    unused: {']);
      expect(open(await check()).filter((one) => one.startsWith("BKP-006"))).toEqual(["BKP-006 tiers.spare"]);
      another();
    } finally {
      undo();
    }
    const repaired = await folder.run(["check", SITE]);
    expect(repaired.stdout).toMatch(/known findings? (is|are) repaired: run .*--write-baseline again/);
    expect((await check()).sites[0]?.repaired).toContainEqual({ policy: "BKP-006", object: "tiers.unused", gate: "model" });
  });

  it("that is broken is a fault, and stops what a finding would stop", async () => {
    writeFileSync(baseline(), '{"findings": [{"policy": "BKP-006"}]}');
    expect(await folder.run(["check", SITE])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("baseline.json findings[0]: has no policy or no object"),
    });
    const plan = await folder.json<{ faults: object[] }>(["plan", SITE, "--env", "lab"]);
    expect([plan.exitCode, plan.json.faults.length, existsSync(baseline())]).toEqual([1, 1, true]);
  });
});
