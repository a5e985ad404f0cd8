import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReviewDocument } from "../../review/render/json";
import pullRequest from "../fixtures/review/pull-request.json";
import { ROOT, runCli } from "./support/cli";
import { SitesRepository } from "./support/sites-repository";

jest.setTimeout(240_000);

let repository: SitesRepository;
beforeAll(() => {
  repository = new SitesRepository();
});
afterAll(() => repository.remove());
beforeEach(() => repository.reset());

const SHORTER = ["retention: { hourly: 24, daily: 7 }", "retention: { hourly: 12, daily: 7 }"] as const;
const changes = pullRequest as unknown as readonly (readonly [string, string])[];

/** The reviews as data. */
async function reviews(...args: readonly string[]): Promise<ReviewDocument> {
  const { stdout, stderr } = await repository.review(...args, "--format", "json");
  try {
    return JSON.parse(stdout) as ReviewDocument;
  } catch {
    throw new Error(`no JSON: ${stdout}${stderr}`);
  }
}

describe("a pull request that shortens a retention, drops a guest, opens port 8007 and renames three guests", () => {
  beforeEach(() => {
    repository.edit("ecosolar", ...changes);
    repository.commit("A busy afternoon");
  });

  it("gives one page with exactly three findings", async () => {
    const out = join(repository.path, "..", `bastide-page-${process.pid}.md`);
    const { exitCode } = await repository.review("--base", "main", "--format", "markdown", "--out", out);
    const page = readFileSync(out, "utf8");
    for (const file of [out, out.replace(".md", "-full.md")]) rmSync(file);
    expect(exitCode).toBe(3);
    expect(page.split("\n")[0]).toBe("<!-- bastide-review site=ecosolar environment=production -->");
    expect(page).toContain("## 🔴 LOSS OF PROTECTION: ecosolar (production)");
    expect(page).toContain("3 findings have to be approved.");
    expect(page.match(/^\| \d+ \| \*\*\w+\*\* \| [^|]+/gm)).toEqual([
      "| 1 | **lost** | 105 xivo ",
      "| 2 | **weakened** | 101 ad, 103 dolibarr ",
      expect.stringMatching(/^\| 3 \| \*\*opened\*\* \| atelier/),
    ]);
    expect(page).not.toContain("### Policies: new findings");
    const [above, folded = ""] = page.split("<details>");
    expect(above).not.toMatch(/fichiers|courriel/);
    expect(folded).toContain(
      "3 guests renamed, with the same ids: files is now fichiers, erp is now dolibarr, mail is now courriel",
    );
  });

  it("says the same on a terminal, as data and to code scanning", async () => {
    const [terminal, data, sarif] = await Promise.all([
      repository.review("--base", "main"),
      reviews("--base", "main"),
      repository.review("--base", "main", "--format", "sarif"),
    ]);
    expect(terminal.stdout).toMatch(/^LOSS OF PROTECTION {2}ecosolar[\s\S]*1 {2}lost[\s\S]*2 {2}weakened[\s\S]*3 {2}opened/);
    expect(data.reviews[0]?.findings.map((finding) => finding.aspect)).toEqual(["coverage", "retention", "reachability"]);
    const [run] = (JSON.parse(sarif.stdout) as Sarif).runs;
    expect(run?.results.map(({ ruleId }) => ruleId)).toEqual(["REV-001", "REV-003", "REV-010"]);
    const [lost] = run?.results ?? [];
    const { artifactLocation, region } = lost?.locations[0]?.physicalLocation ?? {};
    expect(artifactLocation?.uri).toBe("sites/ecosolar/site.ts");
    expect(repository.read("ecosolar").split("\n")[(region?.startLine ?? 0) - 1]).toContain("xivo: {");
  });

  it("has the same bytes when it is made again", async () => {
    const page = () => repository.review("--base", "main", "--format", "markdown");
    expect(await page()).toEqual(await page());
  });

  it("gains by the way back what it loses, and keeps its hands off the working tree", async () => {
    const head = repository.git("rev-parse", "HEAD");
    repository.write("ecosolar", "this is no site");
    const back = await reviews("--base", head, "--head", "main");
    expect(back).toMatchObject({ ok: true, exitCode: 0, reviews: [{ verdict: { class: "protection gained" } }] });
    expect(back.reviews[0]?.findings).toHaveLength(3);
    expect(repository.read("ecosolar")).toBe("this is no site");
  });
});

interface Sarif {
  readonly runs: readonly {
    readonly results: readonly {
      readonly ruleId: string;
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { uri: string }; readonly region: { startLine: number } };
      }[];
    }[];
  }[];
}

describe("what is compared", () => {
  it("is nothing where nothing has changed", async () => {
    expect(await repository.review("--base", "main")).toMatchObject({ exitCode: 0, stdout: "no site has changed\n" });
  });

  it("includes what is not committed, and says so; a clean tree is a commit", async () => {
    repository.edit("ecosolar", SHORTER);
    const dirty = await repository.review("--base", "main");
    expect(dirty.exitCode).toBe(3);
    expect(dirty.stdout).toMatch(/→ working tree on [0-9a-f]{12}\./);
    expect(dirty.stdout).toContain("changes that are not committed");
    repository.commit("Shorter");
    const clean = await repository.review("--base", "main");
    expect(clean.stdout).toMatch(/→ HEAD \([0-9a-f]{12}\)\./);
    expect(clean.stdout).not.toContain("not committed");
  });

  it("is told apart from what was done on the side of the base meanwhile", async () => {
    repository.edit("ecosolar", SHORTER);
    const meanwhile = repository.commit("Shorter");
    repository.reset();
    repository.edit("ecosolar", ['client: "EcoSolar Solutions"', 'client: "EcoSolar"']);
    repository.commit("Another name");
    const { stdout } = await repository.review("--base", meanwhile);
    expect(stdout).toContain(`--base ${repository.git("rev-parse", "main").slice(0, 12)}`);
  });

  it("is no site that reads the same; one whose own file was touched is shown", async () => {
    repository.writeFile("sites/words.ts", 'export const client = "EcoSolar Solutions";\n');
    expect(await repository.review("--base", "main")).toMatchObject({ exitCode: 0, stdout: "no site has changed\n" });
    repository.edit("ecosolar", ["// Schedules run", "// The schedules run"]);
    expect((await repository.review("--base", "main")).stdout).toMatch(/^NO EFFECT ON THE PROTECTION {2}ecosolar/);
  });

  it("is every site that a shared file changes, also one outside of their folder", async () => {
    repository.writeFile("lib/retention.ts", "export const retention = { hourly: 24, daily: 7 };\n");
    repository.edit("ecosolar", ["import { defineSite", 'import { retention } from "../../lib/retention";\nimport { defineSite']);
    repository.edit("ecosolar", ["retention: { hourly: 24, daily: 7 }", "retention"]);
    const base = repository.commit("Shared");
    repository.writeFile("lib/retention.ts", "export const retention = { hourly: 12, daily: 7 };\n");
    expect((await repository.review("--base", base)).stdout).toContain("retention of 101 ad, 103 erp");
  });
});

describe("a site that comes, goes or is renamed", () => {
  const file = (text: string, name: string) => text.replace('name: "ecosolar"', `name: "${name}"`);

  it("is told as new, and loses nothing", async () => {
    const other = file(repository.read("ecosolar"), "solar2").replace("id: 101,", "id: 201,");
    repository.write("solar2", other);
    const { stdout, exitCode } = await repository.review("--base", "main");
    expect(stdout).toMatch(/^\S.*solar2[\s\S]*The site is new/);
    expect({ exitCode, lost: stdout.includes("LOSS") }).toEqual({ exitCode: 0, lost: false });
  });

  it("is told as deleted, which is a loss", async () => {
    rmSync(join(repository.path, "sites", "ecosolar"), { recursive: true });
    const { stdout, exitCode } = await repository.review("--base", "main");
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(
      /^LOSS OF PROTECTION {2}ecosolar[\s\S]*6 guests not backed up any more[\s\S]*The site file is deleted/,
    );
  });

  it("is told as renamed where its guests are the same, and compared with what it was", async () => {
    const text = file(repository.read("ecosolar"), "ecosolaire").replace(...SHORTER);
    rmSync(join(repository.path, "sites", "ecosolar"), { recursive: true });
    repository.write("ecosolaire", text);
    const { reviews: all } = await reviews("--base", "main");
    expect(all).toMatchObject([{ site: "ecosolaire", change: { kind: "renamed", from: "ecosolar" } }]);
    expect(all[0]?.findings).toMatchObject([{ class: "weakened", aspect: "retention" }]);
  });

  it("is named to a program without being run", async () => {
    repository.write("broken", "this is no site");
    rmSync(join(repository.path, "sites", "ecosolar"), { recursive: true });
    const { stdout, exitCode } = await repository.review("--base", "main", "--changed-list", "--json");
    expect({ exitCode, ...JSON.parse(stdout) }).toEqual({ exitCode: 0, ok: true, sites: ["broken", "ecosolar"] });
  });
});

describe("what cannot be compared", () => {
  it("is a revision that git does not know; also one that looks like an option", async () => {
    for (const revision of ["mian", "--output=x", "HEAD:sites"]) {
      const { exitCode, stderr } = await repository.review(`--base=${revision}`);
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("git knows no such revision") });
    }
  });

  it("is what a shallow clone has left behind: the way to fetch it is told", async () => {
    const first = repository.git("rev-parse", "HEAD");
    repository.edit("ecosolar", SHORTER);
    repository.commit("Shorter");
    const clone = mkdtempSync(join(tmpdir(), "bastide-shallow-"));
    execFileSync("git", ["clone", "--quiet", "--depth=1", `file://${repository.path}`, clone], { stdio: "ignore" });
    const { exitCode, stderr } = await runCli(["review", "--base", first], { cwd: clone });
    rmSync(clone, { recursive: true });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("git fetch --unshallow") });
  });

  it("is a folder without git", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bastide-no-git-"));
    cpSync(join(repository.path, "sites"), folder, { recursive: true });
    const { exitCode, stderr } = await runCli(["review", "--base", "main", "--sites", folder]);
    rmSync(folder, { recursive: true });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("in no git repository") });
  });

  it("is a site that is broken now: every fault of every site, and no page", async () => {
    repository.edit("ecosolar", ["id: 101,", "id: 1,"], ["id: 102,", "id: 2,"]);
    repository.write("other", "this is no site");
    const { exitCode, stdout, stderr } = await repository.review("--base", "main");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/guests\.ad[\s\S]*guests\.files[\s\S]*sites\/other\/site\.ts/);
  });

  it("is a site that was broken before: unknown, why, and exit code 1", async () => {
    const good = repository.read("ecosolar");
    repository.edit("ecosolar", ["id: 101,", "id: 1,"]);
    const base = repository.commit("Broken");
    repository.write("ecosolar", good);
    const { exitCode, stdout } = await repository.review("--base", base);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^UNKNOWN EFFECT {2}ecosolar[\s\S]*what was before cannot be read/);
    expect(stdout).toContain(`${base}:sites/ecosolar/site.ts guests.ad.id`);
    expect(stdout).not.toContain(tmpdir());
  });
});

describe("a base that today's model refuses", () => {
  const OWN_MODEL = `import { defineSite as today } from "./define";
export * from "./rooms";
export const defineSite = ({ formerField, ...input }: any) => today(input);
`;
  /** The repository as it was when the product still knew another field; its build script must not run. */
  function formerProduct(): void {
    cpSync(join(ROOT, "model"), join(repository.path, "model"), { recursive: true });
    renameSync(join(repository.path, "model", "index.ts"), join(repository.path, "model", "rooms.ts"));
    repository.writeFile("model/index.ts", OWN_MODEL);
    repository.writeFile("build.mjs", `import { writeFileSync } from "node:fs"; writeFileSync("${repository.path}/RUN", "");`);
    repository.edit("ecosolar", ['name: "ecosolar",', 'name: "ecosolar", formerField: 1,'] as const);
  }

  it("is read with its own model, and the page says so", async () => {
    const good = repository.read("ecosolar");
    formerProduct();
    const base = repository.commit("The former product");
    repository.write("ecosolar", good.replace(...SHORTER));
    const { stdout, exitCode } = await repository.review("--base", base);
    expect(exitCode).toBe(3);
    expect(stdout).toContain("was read with its own version of Bastide");
    expect(stdout).toContain("retention of 101 ad, 103 erp");
    expect(existsSync(join(repository.path, "RUN"))).toBe(false);
  });

  it("is not so at the head: its model is not run, because nobody has merged it", async () => {
    formerProduct();
    repository.writeFile(
      "model/index.ts",
      `${OWN_MODEL}import { writeFileSync } from "node:fs"; writeFileSync("${repository.path}/RUN", "");\n`,
    );
    const head = repository.commit("The head brings a model");
    const { stderr, exitCode } = await repository.review("--base", "main", "--head", head);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("formerField") });
    expect(existsSync(join(repository.path, "RUN"))).toBe(false);
  });

  it("leaves nothing behind in the temporary folder", async () => {
    const temporary = mkdtempSync(join(tmpdir(), "bastide-empty-"));
    repository.edit("ecosolar", SHORTER);
    await runCli(["review", "--base", "main"], { cwd: repository.path, env: { TMPDIR: temporary } });
    await runCli(["review", "--base", "main", "--head", "HEAD", "--changed-list"], {
      cwd: repository.path,
      env: { TMPDIR: temporary },
    });
    const left = readdirSync(temporary);
    rmSync(temporary, { recursive: true });
    expect(left).toEqual([]);
  });
});

describe("an approval that comes with the change", () => {
  const keys = mkdtempSync(join(tmpdir(), "bastide-keys-"));
  const key = join(keys, "bob");
  afterAll(() => rmSync(keys, { recursive: true }));

  /** Without `--today`: an approval is dated by the clock. */
  const review = (base: string) => runCli(["review", "--base", base], { cwd: repository.path });
  const approve = (base: string) =>
    runCli(["approve", "ecosolar", "--env", "production", "--base", base, "--reason", "agreed", "--key", key, "--yes"], {
      cwd: repository.path,
    });

  it("lets exactly its findings pass; who may approve says the base", async () => {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    repository.writeFile("sites/allowed-signers", `bob@wildcorp.example ${readFileSync(`${key}.pub`, "utf8")}`);
    const base = repository.commit("Bob may approve");
    repository.edit("ecosolar", SHORTER);
    expect((await review(base)).exitCode).toBe(3);
    const { exitCode, stderr } = await approve(base);
    expect({ exitCode, stderr: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, stderr: "" });
    const passed = await review(base);
    expect(passed.stdout).toMatch(/1 finding, approved by bob@wildcorp\.example until \d{4}-\d{2}-\d{2} \(agreed\)\./);
    expect(passed.exitCode).toBe(0);
    // The base of this one lets nobody approve yet.
    expect(await review("main")).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining("no file that says who may approve"),
    });
    repository.edit("ecosolar", ["retention: { daily: 7, weekly: 4 }", "retention: { daily: 7, weekly: 3 }"]);
    expect(await review(base)).toMatchObject({ exitCode: 3, stdout: expect.stringContaining("An approval does not count") });
  });
});

describe("a plan", () => {
  const LAB = ["ecosolar", "--env", "lab"];
  afterAll(() => runCli(["lab", "down", ...LAB.slice(0, 1)], { cwd: repository.path }));

  it("says of what apply would do the same as the revisions say, and nothing once it is applied", async () => {
    const inRepository = { cwd: repository.path };
    const applied = await runCli(["apply", ...LAB, "--yes"], inRepository);
    expect({ exitCode: applied.exitCode, stderr: applied.exitCode === 0 ? "" : applied.stderr }).toEqual({
      exitCode: 0,
      stderr: "",
    });
    repository.edit("ecosolar", ...changes);
    const planned = await runCli(["review", ...LAB, "--plan", "--format", "json"], inRepository);
    const { reviews: between } = await reviews("--base", "main", "--env", "lab");
    const [ofPlan] = (JSON.parse(planned.stdout) as ReviewDocument).reviews;
    expect(planned.exitCode).toBe(3);
    expect(ofPlan?.findings).toEqual(between[0]?.findings);
    expect(ofPlan?.findings).toHaveLength(3);
    const after = await runCli(["apply", ...LAB, "--yes"], inRepository);
    expect({ exitCode: after.exitCode, stderr: after.exitCode === 0 ? "" : after.stderr }).toEqual({ exitCode: 0, stderr: "" });
    const settled = await runCli(["review", ...LAB, "--plan"], inRepository);
    expect(settled).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^NO EFFECT ON THE PROTECTION/) });
  });

  it("is reviewed alone, and neither without one of the two is anything", async () => {
    for (const args of [["--plan", "--base", "main"], ["--plan", "--head", "main"], []]) {
      const { exitCode, stderr } = await repository.review(...args);
      expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining("--base REVISION") });
    }
  });
});
