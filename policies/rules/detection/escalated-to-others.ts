import { member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";

export const escalatedToOthers: Rule = {
  sentence: "Every step of the escalation reaches somebody who was not told before",
  model: ({ site: { notifications } }) => {
    const told = new Set(notifications?.mailto.map((address) => address.toLowerCase()));
    return (notifications?.escalation ?? []).map(({ mailto, owner }, index) => {
      const fresh = mailto.filter((address) => !told.has(address.toLowerCase()));
      for (const address of fresh) told.add(address.toLowerCase());
      return judged(
        member("notifications.escalation", index),
        fresh.length === 0 ? `the step of ${owner} writes only to those who were told before` : undefined,
      );
    });
  },
};
