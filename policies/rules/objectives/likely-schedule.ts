import { calendarWarnings, schedulesOf } from "../../../model";
import { compliant, type Rule, violation } from "../../engine/rule";

export const likelySchedule: Rule = {
  sentence: "No schedule reads like another one than it is",
  model: ({ site }) =>
    schedulesOf(site).flatMap(({ where, schedule }) => {
      const warnings = calendarWarnings(schedule);
      return warnings.length === 0 ? [compliant(where)] : warnings.map(({ what, repair }) => violation(where, what, repair));
    }),
};
