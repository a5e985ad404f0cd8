import { judged, type Rule } from "../../engine/rule";
import { daysAfter } from "../../reading/days";

/** Days in which somebody finds the time to set a new end. */
const NOTICE = 30;

export const tokenLasts: Rule = {
  sentence: `The hypervisor's token is valid for ${NOTICE} days more`,
  model: ({ site, today }) => {
    const { expires } = site.access.hypervisorToken;
    // One that has ended already is another finding.
    if (expires === undefined || expires < today) return [];
    return [judged("access.hypervisorToken.expires", expires < daysAfter(today, NOTICE) ? `it ends on ${expires}` : undefined)];
  },
};
