import { compliant, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { synthesizedAt } from "../../reading/device-object";
import { flagOf, textOf, textsOf } from "../../reading/device-value";
import { declaredJobs } from "./declared-job";

export const storageInService: Rule = {
  sentence: "Every backup job writes to a storage that exists, is enabled and takes backups",
  synthesized: (context) => {
    const storages = new Map(synthesizedAt(context.stacks, "/storage").map(({ body }) => [textOf(body.storage), body] as const));
    return (declaredJobs(context) ?? []).map(({ object, storage }): Verdict => {
      if (storage === undefined) return unknown(object, "the storage of its backup job is known only on the devices");
      const body = storages.get(storage);
      if (body === undefined) return violation(object, `nothing makes the storage "${storage}" that its backup job writes to`);
      const disabled = flagOf(body.disable, false);
      const content = textsOf(body.content);
      if (disabled === undefined || content === undefined)
        return unknown(object, `whether the storage "${storage}" takes backups is known only on the devices`);
      if (disabled) return violation(object, `the storage "${storage}" that its backup job writes to is disabled`);
      if (!content.includes("backup")) return violation(object, `the storage "${storage}" takes no backups`);
      return compliant(object);
    });
  },
};
