import { compliant, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { declaredDevices, inForce, takesFailures } from "./declared-alerts";

export const everyFailureMatched: Rule = {
  sentence: "On every device a matcher takes every error and every warning, whatever job it comes from",
  synthesized: (context) =>
    declaredDevices(context).flatMap(({ object, matchers }): Verdict[] => {
      const taking = matchers.filter((matcher) => inForce(matcher) !== false).map(takesFailures);
      if (taking.length === 0) return [];
      if (taking.includes(true)) return [compliant(object)];
      if (taking.includes(undefined)) return [unknown(object, "which failures its matchers take is known only on the devices")];
      return [violation(object, "its matchers pass over some of its failures")];
    }),
};
