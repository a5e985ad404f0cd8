import { compliant, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { declaredDevices, inForce } from "./declared-alerts";

export const matcherInForce: Rule = {
  sentence: "Every device that can fail has a notification matcher in force",
  // A site without notifications is judged at the model.
  synthesized: (context) =>
    context.site.notifications === undefined
      ? []
      : declaredDevices(context).map(({ object, matchers }): Verdict => {
          const states = matchers.map(inForce);
          if (states.includes(true)) return compliant(object);
          if (states.includes(undefined))
            return unknown(object, "whether a matcher of it is in force is known only on the devices");
          return violation(
            object,
            states.length === 0 ? "no matcher sends its failures to anybody" : "all of its matchers are disabled",
          );
        }),
};
