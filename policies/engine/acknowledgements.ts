import type { Acknowledgement, Site } from "../../model";
import { type Finding, findingKey } from "./finding";
import { groupedBy } from "./grouped-by";
import { onceFor } from "./once-for";
import { type Policy, policiesById } from "./policy";
import type { Gate } from "./rule";

/** Id of the policy that asks for the removal of what is not needed any more. */
export const UNUSED = "ACK-004";

/** The acknowledgement or the baseline that covers a finding, if there is one. */
export function acceptanceOf(
  finding: Pick<Finding, "policy" | "object">,
  { site, today }: { readonly site: Site; readonly today: string },
  baseline: ReadonlySet<string> | undefined,
): Pick<Finding, "acknowledged" | "known"> {
  const acknowledged = byRule(site.acknowledgements)
    .get(finding.policy)
    ?.find((one) => covers(one, finding) && one.expires >= today);
  if (acknowledged !== undefined) return { acknowledged };
  return baseline?.has(findingKey(finding)) ? { known: true } : {};
}

const byRule = onceFor((acknowledgements: Site["acknowledgements"]) => groupedBy(acknowledgements, ({ rule }) => rule));

/** It covers its object and everything inside: `backupServers.pbs` also `backupServers.pbs.datastores.data`. */
function covers(acknowledgement: Acknowledgement, { policy, object }: Pick<Finding, "policy" | "object">): boolean {
  const { rule, object: root } = acknowledgement;
  if (rule !== policy || policy.startsWith("ACK-")) return false;
  return object === root || object.startsWith(`${root}.`) || object.startsWith(`${root}[`);
}

/** Acknowledgements of which nothing is left to acknowledge. Those that a gate might need that was not passed are left alone. */
export function unusedAcknowledgements(
  policies: readonly Policy[],
  gates: readonly Gate[],
  findings: readonly Finding[],
  { site, environment }: { readonly site: Site; readonly environment: string },
): Finding[] {
  const known = policiesById(policies);
  const policy = known.get(UNUSED);
  if (policy === undefined) return [];
  const found = groupedBy(findings, (finding) => finding.policy);
  const kind = site.environments[environment]?.kind ?? "live";
  return site.acknowledgements.flatMap((one, index): Finding[] => {
    const named = known.get(one.rule);
    const seen = named === undefined || gatesOf(named).every((gate) => gates.includes(gate));
    if (!seen || found.get(one.rule)?.some((finding) => covers(one, finding))) return [];
    return [
      {
        policy: UNUSED,
        severity: policy.severity[kind],
        gate: "model",
        state: "non-compliant",
        object: `acknowledgements[${index}]`,
        what: named === undefined ? `there is no policy ${one.rule}` : `${one.rule} has nothing against ${one.object}`,
        why: policy.why,
        repair: policy.repair,
      },
    ];
  });
}

/** The gates at which a policy looks at anything. */
export const gatesOf = ({ rule }: Policy): Gate[] =>
  (["model", "synthesized", "plan"] as const).filter((gate) => rule[gate] !== undefined);
