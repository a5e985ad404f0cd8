import type { ApplyProgress, OnProgress, Phase } from "../deploy/progress";
import type { Progress } from "./progress";

const PHASES: Record<Phase, string> = {
  plan: "planning",
  apply: "applying",
  "hand-off": "handing over the token's secret",
  "plan again": "planning again: nothing must be left",
  settle: "sending a secret once more",
  verify: "asking the devices",
  destroy: "destroying",
};

/** Shows what a run of the engine does: each object when it is done, and what is under way, how long, what is next. */
export function showing(progress: Progress): OnProgress {
  return (event: ApplyProgress) => {
    switch (event.kind) {
      case "phase":
        progress.start(PHASES[event.phase]);
        break;
      case "layer":
        if (event.state === "done" && event.phase !== "apply")
          progress.done(`${event.layer} ${event.phase === "plan" ? "planned" : event.phase}`, event.elapsedMs);
        break;
      case "object":
        showObject(progress, event);
        break;
      case "note":
        progress.done(event.text);
        break;
    }
  };
}

const DONE: Readonly<Record<string, string>> = { create: "created", update: "updated", delete: "deleted", replace: "replaced" };

function showObject(progress: Progress, event: ApplyProgress & { kind: "object" }): void {
  const { layer, construct, action, state, elapsedMs, done, total, next } = event;
  if (state === "done") progress.done(`${layer} ${done}/${total} ${construct} ${DONE[action] ?? action}`, elapsedMs);
  else if (state === "start")
    progress.start(`${layer} ${done}/${total} ${construct}: ${action}${next === undefined ? "" : `, next ${next}`}`);
}
