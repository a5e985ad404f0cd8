import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { UserError } from "../../model";

/** A killed owner's lock is taken over this long after its last sign of life. */
const STALE_MS = 10_000;

/**
 * Runs work while no other process changes the same file.
 * @param waitMs how long to wait for another process; longer than a stale lock lives, or a crash blocks the next command
 * @param work gets a function that throws when the lock was lost, to be called right before the change
 * @throws UserError when another process keeps the lock for longer
 */
export async function exclusively<Result>(
  file: string,
  waitMs: number,
  work: (assertHeld: () => void) => Promise<Result>,
): Promise<Result> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  let lost: Error | undefined;
  const release = await acquire(file, waitMs, (error) => {
    lost = error;
  });
  try {
    return await work(() => {
      if (lost !== undefined) throw lostFault(file);
    });
  } finally {
    // What is lost already needs no release; a lock that cannot be removed becomes stale.
    await release().catch(() => undefined);
  }
}

async function acquire(file: string, waitMs: number, onCompromised: (error: Error) => void): Promise<() => Promise<void>> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    try {
      return await lockfile.lock(file, { realpath: false, stale: STALE_MS, update: 2_000, onCompromised });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (Date.now() >= deadline) throw heldFault(file);
      await pause(20 + Math.random() * 80);
    }
  }
}

const heldFault = (file: string) =>
  new UserError({
    where: file,
    what: "another process is changing it",
    repair: "wait until the other command has ended, then run this one again",
  });

const lostFault = (file: string) =>
  new UserError({
    where: file,
    what: "this process stood still for so long that another one may have taken over",
    why: "nothing was written, so that no change is lost",
    repair: "run the same command again",
  });
