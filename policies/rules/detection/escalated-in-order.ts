import { durationMs, member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";

export const escalatedInOrder: Rule = {
  sentence: "Every step of the escalation comes later than the one before it",
  model: ({ site: { notifications } }) =>
    (notifications?.escalation ?? []).map(({ after, owner }, index, steps) => {
      const before = steps[index - 1];
      const early = before !== undefined && durationMs(after) <= durationMs(before.after);
      return judged(
        member("notifications.escalation", index),
        early ? `${owner} is told after ${after}, not later than ${before.owner} after ${before.after}` : undefined,
      );
    }),
};
