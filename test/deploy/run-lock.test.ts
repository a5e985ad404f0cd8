import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CancelSource, NEVER_CANCELLED } from "../../deploy/cancellation";
import { identityOf } from "../../deploy/process-identity";
import { type Holder, type RunLockOptions, withRunLock } from "../../deploy/run-lock";
import { UserError } from "../../model";

let directory: string;
let other: ChildProcess;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "bastide-lock-"));
  other = spawn("sleep", ["60"]);
});
afterEach(() => {
  other.kill("SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

const file = () => join(directory, "run.json");
const options = (more: Partial<RunLockOptions> = {}): RunLockOptions => ({
  directory,
  operation: "apply",
  waitSeconds: 0,
  cancellation: NEVER_CANCELLED,
  ...more,
});
function heldBy(more: Partial<Holder>): void {
  const identity = identityOf(other.pid ?? 0);
  writeFileSync(
    file(),
    JSON.stringify({ ...identity, operation: "apply", user: "anna", since: "2026-11-21T10:00:00.000Z", ...more }),
  );
}
const attempt = (more: Partial<RunLockOptions> = {}) =>
  withRunLock(options(more), async () => "done").catch((error: unknown) => error);

describe("the run lock", () => {
  it("refuses a second run, and names the first: who, what, since when, which process", async () => {
    heldBy({});
    const error = await attempt();
    expect(error).toBeInstanceOf(UserError);
    const what = (error as UserError).faults[0]?.what ?? "";
    expect(what).toMatch(new RegExp(`^anna runs "apply" .* since 2026-11-21 .*process ${other.pid} on ${hostname()}`));
  });

  it("waits when it is asked to, and says once for whom", async () => {
    heldBy({});
    const waits: string[] = [];
    const running = attempt({ waitSeconds: 10, onWait: ({ user }) => waits.push(user) });
    await delay(500);
    other.kill("SIGKILL");
    expect(await running).toBe("done");
    expect(waits).toEqual(["anna"]);
  });

  it("stops waiting when the time is over", async () => {
    heldBy({});
    const begin = Date.now();
    expect(await attempt({ waitSeconds: 0.5 })).toBeInstanceOf(UserError);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(500);
  });

  it("stops waiting when the user stops", async () => {
    heldBy({});
    const cancellation = new CancelSource();
    const running = attempt({ waitSeconds: 60, cancellation });
    await delay(100);
    cancellation.cancel();
    expect(await running).toBeInstanceOf(UserError);
  });

  it("is free after the work, also when the work fails", async () => {
    await expect(withRunLock(options(), async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await attempt()).toBe("done");
  });

  it.each<[string, Partial<Holder>]>([
    ["of a process that is gone", { pid: 2 ** 22 - 3 }],
    ["of a process whose number another one has got since", { started: "1" }],
  ])("%s is taken over without waiting", async (_name, holder) => {
    heldBy(holder);
    expect(await attempt()).toBe("done");
  });

  it("that a crash tore is taken over", async () => {
    writeFileSync(file(), '{"pid":');
    expect(await attempt()).toBe("done");
  });

  it.each([
    ["is respected while it gives signs of life", 50, false],
    ["is taken over when it has given none for a minute", 61, true],
  ])("of another machine %s", async (_name, silentSeconds, free) => {
    heldBy({ host: "elsewhere" });
    const then = new Date(Date.now() - silentSeconds * 1000);
    utimesSync(file(), then, then);
    expect((await attempt()) === "done").toBe(free);
  });

  it("lets one at a time in, also when many take over from a dead one", async () => {
    heldBy({ pid: 2 ** 22 - 3 });
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await delay(20);
      inside--;
    };
    await Promise.all(Array.from({ length: 6 }, () => withRunLock(options({ waitSeconds: 20 }), work)));
    expect(most).toBe(1);
  }, 30_000);
});

describe("the holder", () => {
  it("is written for others to read", async () => {
    await withRunLock(options(), async () => {
      expect(JSON.parse(readFileSync(file(), "utf8"))).toMatchObject({ pid: process.pid, host: hostname(), operation: "apply" });
    });
  });
});
