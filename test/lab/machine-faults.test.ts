import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ApplyAnswer, type FaultAnswer, type PlanAnswer, wrongOf } from "./support/answers";
import { ROOT, runCli } from "./support/cli";
import { SitesFolder } from "./support/sites-folder";

jest.setTimeout(600_000);

const LAB = ["ecosolar", "--env", "lab"];
const CACHE = process.env.BASTIDE_CACHE ?? join(homedir(), ".cache", "bastide");

describe("two applies at once", () => {
  const folder = new SitesFolder("ecosolar");
  afterAll(() => folder.remove());

  test("one does its work; the other is refused and told who is at it, or waits when asked to", async () => {
    expect((await folder.run(["lab", "up", "ecosolar"])).exitCode).toBe(0);
    const first = folder.start(["apply", ...LAB, "--json"]);
    await delay(1_500);
    const refused = await folder.json<FaultAnswer>(["apply", ...LAB]);
    expect(refused.exitCode).toBe(1);
    expect(JSON.stringify(refused.json.faults)).toMatch(new RegExp(`apply.*${first.processId}|${first.processId}.*apply`));
    const waiting = await folder.json<ApplyAnswer>(["apply", ...LAB, "--wait", "300"]);
    const done = await first.ended;
    expect([done.exitCode, waiting.exitCode, wrongOf(waiting.json.report?.verification)]).toEqual([0, 0, []]);
    expect((await folder.json<PlanAnswer>(["plan", ...LAB])).exitCode).toBe(0);
  });
});

const root = process.getuid?.() === 0;
(root ? describe : describe.skip)("a disk that is full or read-only (needs root to mount one)", () => {
  const folder = mkdtempSync(join(tmpdir(), "bastide-disk-"));
  const apply = () => runCli(["apply", ...LAB, "--sites", folder, "--json"]);

  /** The devices' process is gone some moments after it has let go of its directory. */
  async function remountReadOnly(): Promise<void> {
    for (const end = Date.now() + 10_000; ; await delay(200)) {
      try {
        return void execFileSync("mount", ["-o", "remount,ro", folder], { stdio: "ignore" });
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
  }

  afterAll(async () => {
    await runCli(["lab", "down", "--sites", folder]);
    try {
      execFileSync("umount", ["-l", folder], { stdio: "ignore" });
    } catch {
      // It was not mounted, because the machine does not allow it.
    }
    rmSync(folder, { recursive: true, force: true });
  });

  test("ends in a clear fault, loses nothing, and the same command continues on a disk with room", async () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=320k", "tmpfs", folder]);
    cpSync(join(ROOT, "sites", "ecosolar"), join(folder, "ecosolar"), { recursive: true });
    const full = await apply();
    expect(full.exitCode).toBe(1);
    expect(full.stdout + full.stderr).toMatch(/file system is full/);
    expect(full.stdout + full.stderr).not.toMatch(/fault of Bastide itself/);
    execFileSync("mount", ["-o", "remount,size=64m", folder]);
    const roomy = await apply();
    expect([roomy.exitCode, roomy.exitCode === 0 ? "" : roomy.stdout]).toEqual([0, ""]);
    expect((await runCli(["lab", "down", "--sites", folder])).exitCode).toBe(0);
    await remountReadOnly();
    const fixed = await apply();
    expect(fixed.exitCode).toBe(1);
    expect(fixed.stdout + fixed.stderr).toMatch(/read-only|EROFS/i);
    expect(fixed.stdout + fixed.stderr).not.toMatch(/fault of Bastide itself/);
    execFileSync("mount", ["-o", "remount,rw", folder]);
    const again = await apply();
    expect([again.exitCode, JSON.parse(again.stdout).report?.outcome]).toEqual([0, "nothing to do"]);
  });
});

describe("a user without a home directory", () => {
  const folder = new SitesFolder("ecosolar");
  afterAll(() => folder.remove());

  test("checks a site, and plans where the cache is named", async () => {
    const nowhere = { HOME: undefined, XDG_CACHE_HOME: undefined, BASTIDE_CACHE: undefined };
    expect((await folder.run(["check", "ecosolar"], { env: nowhere })).exitCode).toBe(0);
    const planned = await folder.run(["plan", ...LAB], { env: { ...nowhere, BASTIDE_CACHE: CACHE } });
    expect([planned.exitCode, planned.exitCode === 2 ? "" : planned.stderr]).toEqual([2, ""]);
  });

  test("is told what to do where a home is needed", async () => {
    const empty = join(folder.path, "no-home");
    mkdirSync(empty);
    const { exitCode, stderr } = await folder.run(["secrets", "list", "ecosolar", "--env", "production"], {
      env: { HOME: "/nonexistent", BASTIDE_AGE_KEY: undefined, BASTIDE_AGE_KEY_FILE: undefined },
    });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/BASTIDE_AGE_KEY/);
    expect(stderr).not.toMatch(/fault of Bastide itself/);
  });
});
