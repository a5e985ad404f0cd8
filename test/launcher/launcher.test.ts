import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Clone, processesWith, until } from "./clone";

jest.setTimeout(30_000);

let clone: Clone;
beforeEach(() => {
  clone = new Clone();
});
afterEach(() => clone.remove());

describe("a fresh clone", () => {
  it("is installed and built, then the command runs with its arguments", async () => {
    const { code, stdout } = await clone.run(["apply", "two words", "--env", "lab"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(["apply", "two words", "--env", "lab"]);
    expect(clone.log("installs")).toEqual(["ci --include=dev --no-audit --no-fund --loglevel=error"]);
    expect(clone.log("builds")).toHaveLength(1);
  });

  it("passes the exit code of the command on", async () => {
    expect((await clone.run([], { env: { CODE: "3" } })).code).toBe(3);
  });

  it("starts from any directory through symbolic links", async () => {
    const links = join(clone.root, "links");
    mkdirSync(links);
    symlinkSync("../bastide", join(links, "relative"));
    symlinkSync(join(links, "relative"), join(links, "absolute"));
    expect(await clone.run(["x"], { command: join(links, "absolute"), cwd: "/tmp" })).toMatchObject({
      code: 0,
      stdout: '["x"]\n',
    });
  });

  it("is quiet for no longer than 2 s while it works", async () => {
    const { stderr } = await clone.run([], { env: { NPM_SECONDS: "3", BUILD_SECONDS: "3" } });
    expect(stderr).toMatch(/^bastide: installing the libraries, once$/m);
    expect(stderr).toMatch(/^bastide: installing the libraries, once, [23] s$/m);
    expect(stderr).toMatch(/^bastide: building the command line, [23] s$/m);
  });

  it("says nothing on standard output, which belongs to the command", async () => {
    expect((await clone.run(["--json"])).stdout).toBe('["--json"]\n');
  });
});

describe("a second start", () => {
  beforeEach(async () => {
    await clone.run();
  });

  it("brings nothing and says nothing", async () => {
    expect((await clone.run()).stderr).toBe("");
    expect(clone.log("installs")).toHaveLength(1);
    expect(clone.log("builds")).toHaveLength(1);
  });

  it("adds less than 100 ms to the start of Node", async () => {
    const environment = { env: { PATH: `${clone.bin}:/usr/bin:/bin` } };
    const timesOf = (program: string, args: string[]) => {
      const begin = performance.now();
      execFileSync(program, args, environment);
      return performance.now() - begin;
    };
    const rounds = Array.from({ length: 7 }, () => [
      timesOf(join(clone.root, "bastide"), []),
      timesOf(process.execPath, [join(clone.root, "dist", "cli.mjs")]),
    ]);
    const [launched = 0, bare = 0] = [0, 1].map((column) => Math.min(...rounds.map((round) => round[column] ?? 0)));
    expect(launched - bare).toBeLessThan(100);
  });

  it("builds again when a source was edited, added or removed", async () => {
    clone.write("cli/main.ts", "second");
    await clone.run();
    expect(clone.log("builds")).toHaveLength(2);
    clone.write("cli/other.ts", "new");
    await clone.run();
    expect(clone.log("builds")).toHaveLength(3);
    rmSync(join(clone.root, "cli/other.ts"));
    await clone.run();
    expect(clone.log("builds")).toHaveLength(4);
    await clone.run();
    expect(clone.log("builds")).toHaveLength(4);
    expect(clone.log("installs")).toHaveLength(1);
  });

  it("builds again when a source was edited while the build ran", async () => {
    clone.write("cli/main.ts", "second");
    const slow = clone.start([], { env: { BUILD_SECONDS: "1" } });
    await until(() => clone.log("builds").length === 2);
    clone.write("cli/main.ts", "third");
    await slow.outcome;
    await clone.run();
    expect(clone.log("builds")).toHaveLength(3);
  });

  it("installs again when the lock file has other contents, not when it was only touched", async () => {
    utimesSync(join(clone.root, "package-lock.json"), new Date(), new Date());
    await clone.run();
    expect(clone.log("installs")).toHaveLength(1);
    clone.write("package-lock.json", '{ "changed": true }');
    await clone.run();
    expect(clone.log("installs")).toHaveLength(2);
  });
});

describe("two starts at once", () => {
  it("install and build once, and both run", async () => {
    const slow = { env: { NPM_SECONDS: "1", BUILD_SECONDS: "1" } };
    const outcomes = await Promise.all([clone.run(["a"], slow), clone.run(["b"], slow), clone.run(["c"], slow)]);
    expect(outcomes.map(({ code, stdout }) => [code, stdout])).toEqual([
      [0, '["a"]\n'],
      [0, '["b"]\n'],
      [0, '["c"]\n'],
    ]);
    expect(clone.log("installs")).toHaveLength(1);
    expect(clone.log("builds")).toHaveLength(1);
    expect(outcomes.filter(({ stderr }) => /waiting for another start \(process \d+\)/.test(stderr))).toHaveLength(2);
  });

  it("take over the lock of a start that was killed", async () => {
    const killed = clone.start([], { env: { NPM_SECONDS: "60" } });
    await until(() => clone.has("node_modules"));
    process.kill(-killed.pid, "SIGKILL");
    await killed.outcome;
    expect(clone.holdsLock()).toBe(true);
    const outcomes = await Promise.all([clone.run(), clone.run()]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
    expect(clone.log("installs")).toHaveLength(2);
    expect(clone.holdsLock()).toBe(false);
  });

  it("wait for the installation that a killed launcher left running", async () => {
    const killed = clone.start([], { env: { NPM_SECONDS: "2" } });
    await until(() => clone.has("node_modules"));
    process.kill(killed.pid, "SIGKILL");
    const { code, stderr } = await clone.run();
    expect(code).toBe(0);
    expect(stderr).toContain("waiting for another start");
    expect(clone.log("installs")).toHaveLength(1);
  });

  it("take over a lock whose process number belongs to another program now", async () => {
    mkdirSync(join(clone.root, ".bastide"));
    symlinkSync(`${process.pid} 1`, join(clone.root, ".bastide/launcher.lock"));
    expect((await clone.run()).code).toBe(0);
  });

  it("take over a lock whose breaker was killed, after a minute", async () => {
    mkdirSync(join(clone.root, ".bastide/launcher.lock.break"), { recursive: true });
    const longAgo = new Date(Date.now() - 150_000);
    utimesSync(join(clone.root, ".bastide/launcher.lock.break"), longAgo, longAgo);
    symlinkSync("999999999 1", join(clone.root, ".bastide/launcher.lock"));
    expect((await clone.run()).code).toBe(0);
  });

  it("never work at the same time, however many find the lock of a killed start", async () => {
    mkdirSync(join(clone.root, ".bastide"));
    symlinkSync("999999999 1", join(clone.root, ".bastide/launcher.lock"));
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => clone.run()));
    expect(outcomes.map(({ code }) => code)).toEqual(Array.from({ length: 8 }, () => 0));
    expect(clone.log("installs")).toHaveLength(1);
    expect(clone.log("builds")).toHaveLength(1);
    expect(readdirSync(join(clone.root, ".bastide"))).toEqual(["launcher.log"]);
  });
});

describe("an interruption", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("by %s stops npm, leaves no lock, and the next start continues", async (signal) => {
    const started = clone.start([], { env: { NPM_SECONDS: "60" } });
    await until(() => clone.has("node_modules"));
    process.kill(-started.pid, signal);
    const { code, stderr } = await started.outcome;
    expect(code).toBe(signal === "SIGINT" ? 130 : 143);
    expect(stderr).toContain("the next start continues");
    expect(clone.holdsLock()).toBe(false);
    await until(() => processesWith(clone.root).length === 0);
    expect((await clone.run()).code).toBe(0);
    expect(clone.log("installs")).toHaveLength(2);
  });
});

describe("a machine that lacks something", () => {
  const node = (version: string) => `#!/bin/sh\n[ "$1" = -v ] && echo ${version} || exit 99\n`;

  it.each(["v18.20.4", "v20.18.3", "nonsense"])("refuses Node %s and says what to install", async (version) => {
    rmSync(join(clone.bin, "node"));
    clone.program("node", node(version));
    const { code, stderr } = await clone.run([], { env: { PATH: onlyTools(clone) } });
    expect(code).toBe(1);
    expect(stderr).toContain("Node >= 20.19 is needed");
    expect(stderr).toContain(`is ${version}`);
    expect(stderr).toContain("https://nodejs.org/");
    expect(clone.log("installs")).toEqual([]);
  });

  it.each(["v20.19.0", "v22.0.0", "v100.1.0"])("accepts Node %s", async (version) => {
    rmSync(join(clone.bin, "node"));
    clone.program("node", `#!/bin/sh\n[ "$1" = -v ] && echo ${version} || exec '${process.execPath}' "$@"\n`);
    expect((await clone.run()).code).toBe(0);
  });

  it("takes the newer Node that stands behind an older one on PATH", async () => {
    const first = join(clone.root, "older");
    clone.program("node", node("v16.0.0"), first);
    expect((await clone.run([], { env: { PATH: `${first}:${clone.bin}:/usr/bin:/bin` } })).code).toBe(0);
  });

  it("says that there is no Node", async () => {
    rmSync(join(clone.bin, "node"));
    const { code, stderr } = await clone.run([], { env: { PATH: onlyTools(clone) } });
    expect(code).toBe(1);
    expect(stderr).toContain("there is none on PATH");
  });

  it("shows what npm said when it failed, and tries again at the next start", async () => {
    const { code, stderr } = await clone.run([], { env: { NPM_FAILS: "1" } });
    expect(code).toBe(1);
    expect(stderr).toContain("the registry is on fire");
    expect(stderr).toContain("installing the libraries, once failed (exit 7)");
    expect((await clone.run()).code).toBe(0);
  });
});

/** A PATH with the shell's tools and no Node but what the test put there. */
function onlyTools(where: Clone): string {
  const tools = join(where.root, "tools");
  mkdirSync(tools, { recursive: true });
  for (const tool of ["sh", "readlink", "dirname", "find", "head"])
    writeFileSync(join(tools, tool), `#!/bin/sh\nexec /usr/bin/${tool} "$@"\n`, { mode: 0o755 });
  return `${where.bin}:${tools}`;
}
