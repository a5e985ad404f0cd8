import { durationMs, member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";

/** SYN-02: after a week without an answer somebody calls. */
const WEEK = 7 * 86_400_000;

export const escalatedWithinAWeek: Rule = {
  sentence: "Every step of the escalation comes within 7 days",
  model: ({ site: { notifications } }) =>
    (notifications?.escalation ?? []).map(({ after, owner }, index) =>
      judged(
        member("notifications.escalation", index),
        durationMs(after) > WEEK ? `${owner} is told ${after} after the failure` : undefined,
      ),
    ),
};
