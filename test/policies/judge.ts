import type { Site } from "../../model";
import type { Rule } from "../../policies/engine/rule";

/** What a rule finds at the model gate: `object: what` of everything that is not compliant. */
export const faultsOf = (rule: Rule, site: Site, environment = "live", today = "2026-11-21"): string[] =>
  (rule.model?.({ site, environment, today }) ?? []).flatMap((verdict) =>
    verdict.state === "compliant" ? [] : [`${verdict.object}: ${verdict.what}`],
  );

/** What a rule advises at the model gate for everything that is not compliant. */
export const repairsOf = (rule: Rule, site: Site, today = "2026-11-21"): (string | undefined)[] =>
  (rule.model?.({ site, environment: "live", today }) ?? []).flatMap((verdict) =>
    verdict.state === "compliant" ? [] : [verdict.repair],
  );

/** Whether a rule has anything to say of a site. */
export const applies = (rule: Rule, site: Site): boolean =>
  (rule.model?.({ site, environment: "live", today: "2026-11-21" }) ?? []).length > 0;
