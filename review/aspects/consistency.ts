import { changeOf, type GuestAspect, type Measure } from "./aspect";

/**
 * What state of a running guest a backup holds. Only `stop` shuts it down first. `suspend` makes the same copy as `snapshot`
 * of a guest that stands still for a moment, which puts nothing of it on disk, so neither is better.
 */
export const consistency: GuestAspect = {
  aspect: "consistency",
  compare: (before, after) => changeOf(before.mode, after.mode, MODE),
};

const MODE: Measure<"snapshot" | "suspend" | "stop"> = {
  judge: (before, after) => ((before === "stop") === (after === "stop") ? "same" : before === "stop" ? "worse" : "better"),
  show: (mode) => (mode === "stop" ? "of a guest that is shut down (stop)" : `of a running guest (${mode})`),
};
