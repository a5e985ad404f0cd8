import { durationMs } from "../../../model";
import { judged, type Rule } from "../../engine/rule";

/** SYN-01 and SYN-03: whoever is on supervision acts the same day, else somebody else is told. */
const DAY = 86_400_000;

export const escalatedTheSameDay: Rule = {
  sentence: "The first step of the escalation comes within 24 hours",
  model: ({ site: { notifications } }) => {
    const delays = (notifications?.escalation ?? []).map(({ after }) => durationMs(after));
    if (delays.length === 0) return [];
    return [
      judged("notifications.escalation", Math.min(...delays) > DAY ? "nobody else is told on the day of the failure" : undefined),
    ];
  },
};
