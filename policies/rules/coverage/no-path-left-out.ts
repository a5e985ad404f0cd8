import { judged, type Rule, unknown } from "../../engine/rule";
import { OPEN, textsOf } from "../../reading/device-value";
import { declaredJobs } from "./declared-job";

export const noPathLeftOut: Rule = {
  sentence: "No backup job leaves paths out",
  synthesized: (context) =>
    (declaredJobs(context) ?? []).map(({ object, body }) => {
      const value = body["exclude-path"];
      if (value === OPEN) return unknown(object, "which paths its backup job leaves out is known only on the devices");
      const paths = textsOf(value) ?? [];
      return judged(object, paths.length > 0 ? `its backup job leaves out ${paths.join(", ")}` : undefined);
    }),
};
