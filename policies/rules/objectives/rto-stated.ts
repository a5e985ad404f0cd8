import { member } from "../../../model";
import { judged, type Rule, type Verdict } from "../../engine/rule";

export const rtoStated: Rule = {
  sentence: "Every guest that is backed up says within which time it must be back",
  model: ({ site }) =>
    Object.entries(site.guests).flatMap(([name, { exempt, rto }]): Verdict[] =>
      exempt === undefined ? [judged(member("guests", name), rto === undefined ? "it has no RTO" : undefined)] : [],
    ),
};
