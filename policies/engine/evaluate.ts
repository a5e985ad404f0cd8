import type { Site } from "../../model";
import { accepted, unusedAcknowledgements } from "./acknowledgements";
import type { Finding, PolicyReport, PolicyState } from "./finding";
import type { PlannedStack } from "./planned-stack";
import type { Policy } from "./policy";
import type { Gate, ModelContext, Verdict } from "./rule";
import type { SynthesizedStack } from "./synthesized-stack";

/** What is judged. The model always; what was synthesized and planned where it is there. */
export interface Evidence {
  readonly site: Site;
  /** Name of the environment. */
  readonly environment: string;
  /** `YYYY-MM-DD`; acknowledgements end on a day. */
  readonly today: string;
  readonly synthesized?: readonly SynthesizedStack[];
  readonly planned?: readonly PlannedStack[];
  /** Keys of the findings that the site's baseline knows. */
  readonly baseline?: ReadonlySet<string>;
}

const SEVERITIES = ["error", "warning", "note"];

/** Judges a site by every policy at every gate that there is evidence for. Nothing is thrown: a rule that fails is a finding. */
export function evaluate(policies: readonly Policy[], evidence: Evidence): PolicyReport {
  const { site, environment } = evidence;
  const gates: Gate[] = [
    "model",
    ...(evidence.synthesized === undefined ? [] : ["synthesized" as const]),
    ...(evidence.planned === undefined ? [] : ["plan" as const]),
  ];
  const counts: Record<PolicyState, number> = { compliant: 0, "non-compliant": 0, "not-applicable": 0, unknown: 0 };
  const findings: Finding[] = [];
  for (const policy of policies) {
    const judged = gates.flatMap((gate) => verdictsOf(policy, gate, evidence).map((verdict) => ({ gate, verdict })));
    const found = judged.flatMap(({ gate, verdict }) => findingOf(policy, gate, verdict, evidence));
    counts[stateOf(judged.map(({ verdict }) => verdict))] += 1;
    findings.push(...found);
  }
  const unused = unusedAcknowledgements(policies, gates, findings, evidence);
  counts["non-compliant"] += unused.length > 0 ? 1 : 0;
  return { site: site.name, environment, gates, findings: [...findings, ...unused].sort(inOrder), counts };
}

/** A rule that stops is not a rule that holds. Its error may hold a value of the site, so only its kind is told. */
function verdictsOf({ rule }: Policy, gate: Gate, evidence: Evidence): readonly Verdict[] {
  const { site, environment, today, synthesized = [], planned = [] } = evidence;
  const context: ModelContext = { site, environment, today };
  try {
    if (gate === "model") return rule.model?.(context) ?? [];
    if (gate === "synthesized") return rule.synthesized?.({ ...context, stacks: synthesized }) ?? [];
    return rule.plan?.({ ...context, stacks: planned }) ?? [];
  } catch (error) {
    const kind = error instanceof Error ? error.name : typeof error;
    return [
      {
        object: site.name,
        state: "unknown",
        what: `the rule stopped at the ${gate} gate (${kind}), so nothing is known`,
        repair: "report this fault of Bastide",
      },
    ];
  }
}

function findingOf(policy: Policy, gate: Gate, verdict: Verdict, evidence: Evidence): Finding[] {
  if (verdict.state === "compliant") return [];
  const { site, environment, baseline } = evidence;
  const kind = site.environments[environment]?.kind ?? "live";
  const finding: Finding = {
    policy: policy.id,
    severity: policy.severity[kind],
    gate,
    state: verdict.state,
    object: verdict.object,
    what: verdict.what,
    why: policy.why,
    repair: verdict.repair ?? policy.repair,
  };
  return [accepted(finding, evidence, baseline)];
}

function stateOf(verdicts: readonly Verdict[]): PolicyState {
  if (verdicts.length === 0) return "not-applicable";
  if (verdicts.some(({ state }) => state === "non-compliant")) return "non-compliant";
  return verdicts.some(({ state }) => state === "unknown") ? "unknown" : "compliant";
}

function inOrder(one: Finding, other: Finding): number {
  return (
    SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
    compare(one.policy, other.policy) ||
    compare(one.object, other.object) ||
    compare(one.what, other.what)
  );
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
