import { compliant, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { flagOf } from "../../reading/device-value";
import { jobsOf } from "../../reading/site-facts";
import { blocks, declaredGuests } from "./declared-guest";

export const agentForSnapshots: Rule = {
  sentence: "Every virtual machine that Bastide makes and that is backed up while it runs has the guest agent on",
  synthesized: (context) => {
    const running = jobsOf(context.site).flatMap(({ tier, guests }) => (tier.mode === "snapshot" ? guests.map(Number) : []));
    return declaredGuests(context).flatMap(({ object, kind, id, attributes }): Verdict[] => {
      if (kind !== "vm" || id === undefined || !running.includes(id)) return [];
      const enabled = flagOf(blocks(attributes.agent)[0]?.enabled, false);
      if (enabled === undefined) return [unknown(object, "whether its guest agent is on is known only on the devices")];
      return [enabled ? compliant(object) : violation(object, "its guest agent is off, so nothing prepares it for the snapshot")];
    });
  },
};
