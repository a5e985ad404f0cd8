import { compliant, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { synthesizedAt } from "../../reading/device-object";
import { OPEN, textOf, textsOf } from "../../reading/device-value";
import { declaredJobs } from "./declared-job";

export const onEveryNode: Rule = {
  sentence: "Every backup job, and the storage that it writes to, serves every hypervisor",
  synthesized: (context) => {
    const nodes = Object.keys(context.site.hypervisors);
    const storages = new Map(synthesizedAt(context.stacks, "/storage").map(({ body }) => [textOf(body.storage), body] as const));
    return (declaredJobs(context) ?? []).map(({ object, storage, body }): Verdict => {
      const onlyOn = storages.get(storage)?.nodes;
      if (body.node === OPEN || onlyOn === OPEN)
        return unknown(object, "which hypervisors its backup job serves is known only on the devices");
      const missed = [body.node, onlyOn].map((value) => {
        const served = textsOf(value) ?? [];
        return served.length === 0 ? [] : nodes.filter((node) => !served.includes(node));
      });
      const [byJob = [], byStorage = []] = missed;
      if (byJob.length > 0) return violation(object, `its backup job passes over ${byJob.join(", ")}`);
      if (byStorage.length > 0) return violation(object, `the storage "${storage}" is not there on ${byStorage.join(", ")}`);
      return compliant(object);
    });
  },
};
