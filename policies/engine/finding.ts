import type { Acknowledgement } from "../../model";
import type { Severity } from "./policy";
import type { Gate } from "./rule";

/** One object that breaks one policy, or of which it cannot be seen that it keeps it. */
export interface Finding {
  /** Id of the policy, `PBS-001`. */
  readonly policy: string;
  readonly severity: Severity;
  readonly gate: Gate;
  readonly state: "non-compliant" | "unknown";
  /** Path in the site file (`guests.erp`), or `<layer> <object>` at the later gates. */
  readonly object: string;
  readonly what: string;
  readonly why: string;
  readonly repair: string;
  /** Somebody has accepted it, and the acknowledgement is valid today. */
  readonly acknowledged?: Acknowledgement;
  /** It stands in the site's baseline: known before Bastide began to look. */
  readonly known?: true;
}

/** What the policies say of one site in one environment. */
export interface PolicyReport {
  readonly site: string;
  readonly environment: string;
  readonly gates: readonly Gate[];
  /** Errors first, then by policy and object. */
  readonly findings: readonly Finding[];
  /** The state of every policy, by id. One of which only an acknowledged finding is left is still `non-compliant`. */
  readonly states: Readonly<Record<string, PolicyState>>;
  /** How many policies are in each state. */
  readonly counts: Readonly<Record<PolicyState, number>>;
}

/** `not-judged`: it looks at nothing before a later gate. `unknown`: it was judged, and it cannot be seen whether it holds. */
export type PolicyState = "compliant" | "non-compliant" | "not-applicable" | "not-judged" | "unknown";

/** Findings that nobody has accepted. */
export const openFindings = (report: Pick<PolicyReport, "findings">): readonly Finding[] =>
  report.findings.filter(({ acknowledged, known }) => acknowledged === undefined && known === undefined);

/** Whether a change must stop here. */
export const mustStop = (report: PolicyReport): boolean => openFindings(report).some(({ severity }) => severity === "error");

/** What identifies a finding from one run to the next, for baselines and approvals: not its words. */
export const findingKey = ({ policy, object }: Pick<Finding, "policy" | "object">): string => `${policy} ${object}`;
