import { setTimeout as delay } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { cacheFault } from "./cache-directory";
import { type Report, withProgress } from "./progress";

/**
 * Runs the work while no other process brings programs into the same cache.
 * A killed owner leaves its lock behind; it is taken over 5 s after the owner's last sign of life.
 */
export async function withInstallLock<T>(cache: string, report: Report, work: () => Promise<T>): Promise<T> {
  const release =
    (await acquire(cache)) ?? (await withProgress("waiting for another start that brings the same", report, () => wait(cache)));
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}

async function wait(cache: string): Promise<() => Promise<void>> {
  for (;;) {
    await delay(250);
    const release = await acquire(cache);
    if (release !== undefined) return release;
  }
}

async function acquire(cache: string): Promise<(() => Promise<void>) | undefined> {
  try {
    // A lost lock harms nothing: whatever is brought is written aside and renamed into place.
    return await lock(cache, {
      lockfilePath: `${cache}/install.lock`,
      stale: 5_000,
      update: 1_000,
      onCompromised: () => undefined,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOCKED") return undefined;
    throw cacheFault(error, cache) ?? error;
  }
}
