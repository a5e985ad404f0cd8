import { judged, type Rule } from "../../engine/rule";

export const escalationPlanned: Rule = {
  sentence: "A failure that is not handled is passed on to somebody with a name, after a fixed time",
  model: ({ site: { notifications } }) =>
    notifications === undefined
      ? []
      : [
          judged(
            "notifications.escalation",
            notifications.escalation.length === 0 ? "a failure that is not handled is passed on to nobody" : undefined,
          ),
        ],
};
