import { UserError } from "../model";

/** How long the devices take for what takes time on the real ones. All values in milliseconds. */
export interface LabTiming {
  /** Before the answer to a wrong credential. The real products wait 3 s. */
  readonly authFailureMs: number;
  /** Until a change of users, tokens or ACLs is seen by the permission check. Real: up to 5 s. */
  readonly aclLagMs: number;
  /** A worker that creates a datastore. Real: about 3 s. */
  readonly datastoreMs: number;
  /** Any other worker (verify, prune, garbage collection, vzdump). */
  readonly taskMs: number;
}

/** What the daemon uses: waits long enough that a client which does not wait is found out. */
export const LAB_TIMING: LabTiming = { authFailureMs: 3000, aclLagMs: 2000, datastoreMs: 1500, taskMs: 1000 };

/** No waiting at all, for unit tests. */
export const NO_WAIT: LabTiming = { authFailureMs: 0, aclLagMs: 0, datastoreMs: 0, taskMs: 0 };

/**
 * The timing of a daemon.
 * @throws UserError for what is no number from 0
 * @param speed value of `BASTIDE_LAB_SPEED`: how many times faster than {@link LAB_TIMING}; 0 waits never, absent is 1
 */
export function timingAtSpeed(speed: string | undefined): LabTiming {
  if (speed === undefined || speed === "") return LAB_TIMING;
  const factor = Number(speed);
  if (!Number.isFinite(factor) || factor < 0) {
    throw new UserError({
      where: "variable BASTIDE_LAB_SPEED",
      what: `"${speed}" is no number from 0`,
      repair: "unset it, or say how many times faster the devices shall be: 10; with 0 they never wait",
    });
  }
  if (factor === 0) return NO_WAIT;
  const scaled = Object.entries(LAB_TIMING).map(([name, ms]) => [name, Math.round(ms / factor)]);
  return Object.fromEntries(scaled) as unknown as LabTiming;
}
