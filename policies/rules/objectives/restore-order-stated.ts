import { member } from "../../../model";
import { judged, type Rule, type Verdict } from "../../engine/rule";

export const restoreOrderStated: Rule = {
  sentence: "Every guest that is backed up has its place in the order of restore",
  model: ({ site }) =>
    Object.entries(site.guests).flatMap(([name, { exempt, restoreOrder }]): Verdict[] =>
      exempt === undefined
        ? [judged(member("guests", name), restoreOrder === undefined ? "nothing says when it is restored" : undefined)]
        : [],
    ),
};
