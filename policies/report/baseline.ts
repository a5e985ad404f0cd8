import { type Fault, UserError } from "../../model";
import { gatesOf } from "../engine/acknowledgements";
import { type Finding, findingKey, type PolicyReport } from "../engine/finding";
import { type Policy, policiesById } from "../engine/policy";
import type { Gate } from "../engine/rule";

/**
 * A finding that a site had before somebody began to look: it is not new, and stops nothing. Unlike an acknowledgement nobody has
 * accepted it, so it says neither why nor until when.
 */
export type KnownFinding = Pick<Finding, "policy" | "object"> & {
  /** Where it was seen. Undefined, in a file that somebody wrote by hand: at any of them. */
  readonly gate?: Gate;
};

const ABOUT =
  "Findings from before the policies were looked at: known, not accepted. Written by ./bastide check --write-baseline.";

/** The file's text: one finding a line, in order, so that a revision shows what was repaired. */
export function baselineText(known: readonly KnownFinding[]): string {
  const lines = known.map(({ policy, object, gate }) => `    ${JSON.stringify({ policy, object, gate })}`);
  const list = lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n  ]`;
  return `{\n  "about": ${JSON.stringify(ABOUT)},\n  "findings": ${list}\n}\n`;
}

/** @throws UserError with every entry that is none */
export function parseBaseline(text: string, file: string): KnownFinding[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UserError({ where: file, what: `is no JSON (${error instanceof Error ? error.message : error})`, repair: REPAIR });
  }
  const list = (parsed as { findings?: unknown } | null)?.findings;
  if (!Array.isArray(list)) throw new UserError({ where: file, what: "holds no list of findings", repair: REPAIR });
  const faults: Fault[] = [];
  const known = (list as readonly unknown[]).flatMap((entry, index): KnownFinding[] => {
    const { policy, object, gate } = (entry ?? {}) as Record<string, unknown>;
    const where = `${file} findings[${index}]`;
    if (typeof policy !== "string" || typeof object !== "string") {
      faults.push({ where, what: "has no policy or no object", repair: REPAIR });
      return [];
    }
    if (isAboutAcceptance(policy)) {
      faults.push({
        where,
        what: `${policy} cannot be known before`,
        why: "it judges what somebody has accepted in the site file, which is nothing that Bastide found there",
        repair: "remove it here, and repair the acknowledgement",
      });
      return [];
    }
    const seenAt = GATES.find((one) => one === gate);
    return [{ policy, object, ...(seenAt === undefined ? {} : { gate: seenAt }) }];
  });
  if (faults.length > 0) throw new UserError(faults);
  return known;
}

const GATES: readonly Gate[] = ["model", "synthesized", "plan"];
const REPAIR = "write the file anew: ./bastide check --write-baseline";

/** The keys that `evaluate` asks for. */
export const baselineKeys = (known: readonly KnownFinding[]): ReadonlySet<string> => new Set(known.map(findingKey));

/**
 * What a new baseline holds: every finding of now that nobody has acknowledged. What the present one knows from a later gate
 * stays.
 */
export function baselineOf(policies: readonly Policy[], report: PolicyReport, present: readonly KnownFinding[]): KnownFinding[] {
  const now = report.findings.filter(({ acknowledged, policy }) => acknowledged === undefined && !isAboutAcceptance(policy));
  const gone = new Set(repairedFindings(policies, report, present).map(findingKey));
  const kept = present.filter((one) => !gone.has(findingKey(one)));
  const byKey = new Map<string, KnownFinding>();
  for (const one of [...kept, ...now]) {
    const { policy, object, gate } = one;
    byKey.set(findingKey(one), { policy, object, ...(gate === undefined ? {} : { gate }) });
  }
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, known]) => known);
}

/** What the baseline knows and nobody finds any more, as far as that can be said without the gates that are still to come. */
export function repairedFindings(
  policies: readonly Policy[],
  report: PolicyReport,
  known: readonly KnownFinding[],
): KnownFinding[] {
  const found = new Set(report.findings.map(findingKey));
  return known.filter((one) => {
    const policy = policiesById(policies).get(one.policy);
    const gates = policy === undefined ? [] : one.gate === undefined ? gatesOf(policy) : [one.gate];
    const judged = gates.every((gate) => report.gates.includes(gate));
    return judged && !found.has(findingKey(one));
  });
}

const isAboutAcceptance = (policy: string): boolean => policy.startsWith("ACK-");
