import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fateOf, type ProcessIdentity } from "./process-identity";
import type { Workspace } from "./workspace";

const POLL_MS = 100;
/** An engine that was asked to stop ends after the calls in progress; a task on a device may take minutes. */
const LONGEST_WAIT_MS = 600_000;

/** Notes which engine works on a layer, so that the run after a killed one finds it. */
export async function watchEngine(workspace: Workspace, layer: string, engine: ProcessIdentity): Promise<void> {
  await workspace.write(noteOf(workspace, layer), JSON.stringify(engine));
}

/**
 * Waits until no engine of an earlier run works any more. Its watchdog has asked it to stop when its run was killed; it
 * is asked once more, because the watchdog may have been killed too.
 */
export async function stopLeftoverEngine(workspace: Workspace, onWait: (text: string) => void): Promise<void> {
  const folder = join(workspace.root, "engines");
  for (const name of existsSync(folder) ? await readdir(folder) : []) {
    const engine = await readIdentity(join(folder, name));
    if (engine !== undefined && fateOf(engine) === "running") await waitForEnd(engine, onWait);
    await rm(join(folder, name), { force: true });
  }
}

async function waitForEnd(engine: ProcessIdentity, onWait: (text: string) => void): Promise<void> {
  onWait(`the engine of an interrupted run still works (process ${engine.pid}): waiting until it has stopped cleanly`);
  const begin = Date.now();
  if (fateOf(engine) === "running") process.kill(engine.pid, "SIGINT");
  while (fateOf(engine) === "running") {
    if (Date.now() - begin > LONGEST_WAIT_MS) process.kill(-engine.pid, "SIGKILL");
    await delay(POLL_MS);
  }
}

const noteOf = (workspace: Workspace, layer: string): string => join(workspace.root, "engines", `${layer}.json`);

async function readIdentity(file: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as ProcessIdentity;
  } catch {
    // Torn by the crash that left it behind: that engine had just begun.
    return undefined;
  }
}
