import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { buildSync } from "esbuild";
import { CancelSource, NEVER_CANCELLED } from "../../deploy/cancellation";
import { type EngineCall, runEngine } from "../../deploy/engine-process";
import { fateOf } from "../../deploy/process-identity";
import { UserError } from "../../model";

let folder: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bastide-engine-"));
});
afterEach(() => {
  for (const child of started.splice(0)) if (child.pid !== undefined) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** An engine that is a shell script: it starts in a millisecond. */
function engine(script: string): string {
  const file = join(folder, "engine");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const call = (script: string, more: Partial<EngineCall> = {}): EngineCall => ({
  program: engine(script),
  args: [],
  cwd: folder,
  env: { PATH: process.env.PATH ?? "" },
  cancellation: NEVER_CANCELLED,
  ...more,
});

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 15_000; !condition(); await delay(10)) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
  }
}

/** Says "ready", notes each SIGINT, and ends after the calls in progress: the second SIGINT ends it at once. */
const POLITE = `
n=0
trap 'n=$((n+1)); echo int >> ints; if [ $n -ge 2 ]; then exit 9; fi' INT
echo ready; echo $$ > pid
while [ $n -eq 0 ]; do sleep 0.02; done
sleep 0.2; echo released; exit 1`;
const DEAF = `trap '' INT; echo ready; echo $$ > pid; while :; do sleep 0.02; done`;

describe("the engine as a child process", () => {
  it("gives exit code, output and errors", async () => {
    const outcome = await runEngine(call("echo out; echo err >&2; exit 7"));
    expect(outcome).toEqual({ exitCode: 7, signal: undefined, stdout: "out\n", stderr: "err\n" });
  });

  it("hands on each line as it comes, whole, also the last one without an end", async () => {
    const lines: string[] = [];
    await runEngine(
      call("printf 'o'; sleep 0.05; printf 'ne\\ntw'; sleep 0.05; printf 'o'", { onLine: (line) => lines.push(line) }),
    );
    expect(lines).toEqual(["one", "two"]);
  });

  it.each([
    ["a pipe", undefined],
    ["a journal", "events"],
  ])("loses no line of a long output through %s", async (_name, journal) => {
    const lines: string[] = [];
    const more = journal === undefined ? {} : { journal: join(folder, journal) };
    const script = 'i=0; while [ $i -lt 5000 ]; do echo "line $i é"; i=$((i+1)); done';
    await runEngine(call(script, { onLine: (line) => lines.push(line), ...more }));
    expect(lines).toHaveLength(5000);
    expect(lines[4999]).toBe("line 4999 é");
  });

  it("hands on lines of a journal while the engine still works", async () => {
    const times: number[] = [];
    await runEngine(call("echo a; sleep 0.4; echo b", { onLine: () => times.push(Date.now()), journal: join(folder, "events") }));
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(250);
  });

  it("leaves in the journal what an interrupted run has written, and hands on only what is new", async () => {
    const journal = join(folder, "events");
    writeFileSync(journal, "of before\ntorn li");
    const lines: string[] = [];
    await runEngine(call("echo new", { journal, onLine: (line) => lines.push(line) }));
    expect(lines).toEqual(["new"]);
    expect(readFileSync(journal, "utf8")).toBe("of before\ntorn li\nnew\n");
  });

  it("hands on its output in bytes as they come, and keeps none of it", async () => {
    const chunks: Buffer[] = [];
    const script = "printf 'a\\303'; sleep 0.05; printf '\\251\\n\\nb'; exit 1";
    const outcome = await runEngine(call(script, { onOutput: (chunk) => chunks.push(chunk) }));
    expect(outcome).toMatchObject({ exitCode: 1, stdout: "" });
    expect([chunks.length, Buffer.concat(chunks).toString()]).toEqual([2, "aé\n\nb"]);
  });

  it("gives it the text for its input", async () => {
    expect((await runEngine(call("cat", { input: "a\nb" }))).stdout).toBe("a\nb");
    expect((await runEngine(call("exit 3", { input: "x".repeat(200_000) }))).exitCode).toBe(3);
  });

  it("says what to do when it does not start", async () => {
    const error = await runEngine({ ...call(""), program: join(folder, "none") }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).faults[0]).toMatchObject({
      what: expect.stringContaining("does not start"),
      repair: expect.stringContaining("doctor"),
    });
  });

  it("gives it the environment that was asked for and nothing else", async () => {
    const outcome = await runEngine(call("env", { env: { PATH: "/usr/bin:/bin", TF_VAR_secret: "x" } }));
    const names = outcome.stdout.split("\n").map((line) => line.split("=")[0]);
    expect(names.filter((name) => name && !["PATH", "TF_VAR_secret", "PWD", "_", "SHLVL", "OLDPWD"].includes(name))).toEqual([]);
  });

  it("tells which process works", async () => {
    let fate: string | undefined;
    let pid = 0;
    await runEngine(
      call("echo $$ > pid; sleep 0.1", {
        onStarted: async (identity) => {
          fate = fateOf(identity);
          pid = identity.pid;
        },
      }),
    );
    expect(fate).toBe("running");
    expect(String(pid)).toBe(readFileSync(join(folder, "pid"), "utf8").trim());
  });
});

describe("stopping", () => {
  const ints = (): number =>
    existsSync(join(folder, "ints")) ? readFileSync(join(folder, "ints"), "utf8").split("\n").length - 1 : 0;

  it("asks the engine once and waits until it has released its locks", async () => {
    const cancellation = new CancelSource();
    const lines: string[] = [];
    const running = runEngine(call(POLITE, { cancellation, onLine: (line) => lines.push(line) }));
    await until(() => lines.includes("ready"), "ready");
    cancellation.cancel();
    const outcome = await running;
    expect(lines).toEqual(["ready", "released"]);
    expect(ints()).toBe(1);
    expect(outcome.exitCode).toBe(1);
  });

  it("does not start an engine that could not be noted, as on a full disk", async () => {
    const lines: string[] = [];
    const onStarted = () => Promise.reject(new Error("no room"));
    await expect(runEngine(call(POLITE, { onLine: (line) => lines.push(line), onStarted }))).rejects.toThrow("no room");
    await delay(200);
    expect(lines).toEqual([]);
  });

  it("asks a second time when the user insists", async () => {
    const cancellation = new CancelSource();
    const lines: string[] = [];
    const running = runEngine(call(POLITE, { cancellation, onLine: (line) => lines.push(line) }));
    await until(() => lines.includes("ready"), "ready");
    cancellation.cancel();
    await until(() => ints() === 1, "first signal");
    cancellation.cancel();
    expect((await running).exitCode).toBe(9);
    expect(lines).toEqual(["ready"]);
  });

  it("ends an engine by force that does not listen, with all that it has started", async () => {
    const cancellation = new CancelSource();
    const script = `sleep 60 & echo $! > provider; ${DEAF}`;
    const running = runEngine(call(script, { cancellation }));
    await until(() => existsSync(join(folder, "pid")), "start");
    cancellation.cancel();
    cancellation.cancel();
    expect((await running).signal).toBe("SIGKILL");
    await until(() => !isRunning(Number(readFileSync(join(folder, "provider"), "utf8"))), "end of the provider");
  }, 10_000);

  it("stands apart from the terminal's process group, so that Ctrl-C does not reach it twice", async () => {
    const { stdout } = await runEngine(call("ps -o pgid= -p $$; echo $$"));
    const [group, pid] = stdout.split("\n").map((line) => line.trim());
    expect(group).toBe(pid);
  });
});

describe("the death of the runner", () => {
  jest.setTimeout(60_000);

  /** The runner as a process of its own, which a test may kill. */
  function startRunner(script: string, journal: boolean): ChildProcess {
    const bundle = join(folder, "runner.mjs");
    const root = join(__dirname, "..", "..");
    const source = `
      import { runEngine } from "${root}/deploy/engine-process";
      import { NEVER_CANCELLED } from "${root}/deploy/cancellation";
      await runEngine({ program: process.argv[2], args: [], cwd: process.argv[3], env: { PATH: process.env.PATH },
        cancellation: NEVER_CANCELLED, onLine() {}, ${journal ? `journal: process.argv[3] + "/events",` : ""} });`;
    buildSync({
      stdin: { contents: source, resolveDir: root, loader: "ts" },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: bundle,
      logLevel: "error",
    });
    const child = spawn(process.execPath, [bundle, engine(script), folder], { stdio: "ignore" });
    started.push(child);
    return child;
  }
  /** As the real one: it writes a line about every call, also while it stops. */
  const TALKING = `
n=0
trap 'n=1; echo int >> ints' INT
echo $$ > pid
while [ $n -eq 0 ]; do echo line; sleep 0.02; done
echo stopping; echo released >> end`;

  it("makes the engine stop cleanly, not go on unseen, and not die in the middle", async () => {
    const runner = startRunner(TALKING, true);
    await until(() => existsSync(join(folder, "pid")), "start of the engine");
    runner.kill("SIGKILL");
    await until(() => existsSync(join(folder, "end")), "clean end of the engine");
    expect(readFileSync(join(folder, "ints"), "utf8")).toBe("int\n");
    expect(readFileSync(join(folder, "events"), "utf8")).toMatch(/line\nstopping\n$/);
  });

  it("would kill it in the middle through a pipe (the control of the test above)", async () => {
    const runner = startRunner(TALKING, false);
    await until(() => existsSync(join(folder, "pid")), "start of the engine");
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
    runner.kill("SIGKILL");
    await until(() => !isRunning(pid), "end of the engine");
    expect(existsSync(join(folder, "end"))).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
