import type { Site } from "../../model";
import { acceptanceOf, UNUSED, unusedAcknowledgements } from "./acknowledgements";
import type { Finding, PolicyReport, PolicyState } from "./finding";
import { onceFor } from "./once-for";
import type { PlannedStack } from "./planned-stack";
import { type Policy, policiesById } from "./policy";
import { remembered } from "./remembered";
import type { Complaint, Gate, ModelContext, PlanContext, SynthesizedContext, Verdict } from "./rule";
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
  const contexts = contextsOf(evidence);
  const states: Record<string, PolicyState> = {};
  const counts: Record<PolicyState, number> = {
    compliant: 0,
    "non-compliant": 0,
    "not-applicable": 0,
    "not-judged": 0,
    unknown: 0,
  };
  const record = (id: string, state: PolicyState): void => {
    states[id] = state;
    counts[state] += 1;
  };
  const findings: Finding[] = [];
  for (const { policy, checks, isThrough } of checkedPolicies(policies)(gates)) {
    const found: Finding[] = [];
    // What is broken counts more than what cannot be seen, and that more than what is kept.
    let worst: Verdict["state"] | undefined;
    for (const check of checks) {
      for (const verdict of verdictsOf(check, contexts)) {
        if (verdict.state === "compliant") {
          worst ??= "compliant";
          continue;
        }
        worst = worst === "non-compliant" ? worst : verdict.state;
        found.push(findingOf(policy, check.gate, verdict, evidence));
      }
    }
    if (policy.id !== UNUSED) record(policy.id, worst ?? (isThrough ? "not-applicable" : "not-judged"));
    if (found.length > 0) findings.push(...toldOnce(found));
  }
  const unused = unusedAcknowledgements(policies, gates, findings, evidence);
  const used = unused.length > 0 ? "non-compliant" : "compliant";
  if (policiesById(policies).has(UNUSED)) record(UNUSED, site.acknowledgements.length === 0 ? "not-applicable" : used);
  const all = [...findings, ...unused].sort(inOrder);
  return { site: site.name, environment, gates, findings: all, states, counts };
}

/** What a rule does at one gate. */
interface Check {
  readonly gate: Gate;
  readonly judge: (contexts: Contexts) => readonly Verdict[];
}

/** A policy with what it does at some gates, and whether it looks at nothing behind them. */
interface CheckedPolicy {
  readonly policy: Policy;
  readonly checks: readonly Check[];
  readonly isThrough: boolean;
}

/** The same for every site: a fleet is judged by one list of policies. */
const checkedPolicies = onceFor((policies: readonly Policy[]) => {
  const known = new Map<string, readonly CheckedPolicy[]>();
  return (gates: readonly Gate[]): readonly CheckedPolicy[] =>
    remembered(known, gates.join(), () => policies.map((policy) => checkedAt(policy, gates)));
});

function checkedAt(policy: Policy, gates: readonly Gate[]): CheckedPolicy {
  const all = checksOf(policy);
  const checks = all.filter(({ gate }) => gates.includes(gate));
  return { policy, checks, isThrough: checks.length === all.length };
}

function checksOf({ rule: { model, synthesized, plan } }: Policy): readonly Check[] {
  return [
    ...(model === undefined ? [] : [{ gate: "model" as const, judge: (contexts: Contexts) => model(contexts.model) }]),
    ...(synthesized === undefined
      ? []
      : [{ gate: "synthesized" as const, judge: (contexts: Contexts) => synthesized(contexts.synthesized) }]),
    ...(plan === undefined ? [] : [{ gate: "plan" as const, judge: (contexts: Contexts) => plan(contexts.plan) }]),
  ];
}

/** A plan repeats what was synthesized: what a later gate sees exactly as an earlier one did is one finding. */
function toldOnce(found: readonly Finding[]): readonly Finding[] {
  if (found.length < 2) return found;
  const told = new Map<string, Finding[]>();
  return found.filter((finding) => {
    const others = told.get(finding.object);
    if (others === undefined) return told.set(finding.object, [finding]);
    return !others.some(({ state, what }) => state === finding.state && what === finding.what) && others.push(finding);
  });
}

/** What the rules of each gate are given: the same object for all of them, so that what they have in common is read once. */
interface Contexts {
  readonly model: ModelContext;
  readonly synthesized: SynthesizedContext;
  readonly plan: PlanContext;
}

function contextsOf({ site, environment, today, synthesized = [], planned = [] }: Evidence): Contexts {
  const model = { site, environment, today };
  return { model, synthesized: { ...model, stacks: synthesized }, plan: { ...model, stacks: planned } };
}

/** A rule that stops is not a rule that holds. Its error may hold a value of the site, so only its kind is told. */
function verdictsOf({ gate, judge }: Check, contexts: Contexts): readonly Verdict[] {
  try {
    return judge(contexts);
  } catch (error) {
    const kind = error instanceof Error ? error.name : typeof error;
    return [
      {
        object: contexts.model.site.name,
        state: "unknown",
        what: `the rule stopped at the ${gate} gate (${kind}), so nothing is known`,
        repair: "report this fault of Bastide",
      },
    ];
  }
}

function findingOf(policy: Policy, gate: Gate, verdict: Complaint, evidence: Evidence): Finding {
  const { site, environment, baseline } = evidence;
  const kind = site.environments[environment]?.kind ?? "live";
  const finding = {
    policy: policy.id,
    severity: policy.severity[kind],
    gate,
    state: verdict.state,
    object: verdict.object,
    what: verdict.what,
    why: policy.why,
    repair: verdict.repair ?? policy.repair,
  };
  return Object.assign(finding, acceptanceOf(finding, evidence, baseline));
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
