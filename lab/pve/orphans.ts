import type { PveState } from "./state";

/** Ends the workers whose process has died with the device. */
export function endOrphans(draft: PveState, now: number): void {
  for (const task of draft.tasks) {
    if (task.endsAt !== null) continue;
    task.endsAt = now;
    task.exitstatus = "unexpected status";
  }
}
