import type { Acknowledgement } from "../model";
import { type Finding, findingKey, openFindings, type PolicyReport } from "../policies/engine/finding";

/** What a change does to the findings of the policies. */
export interface PolicyChanges {
  /** Open now, and not before, or less grave before. */
  readonly appeared: readonly Finding[];
  /** Open before, and gone now. */
  readonly repaired: readonly Finding[];
  /** Accepted by somebody now. */
  readonly acknowledged: readonly AcknowledgedFinding[];
  /** How many are open before and now. */
  readonly standing: number;
}

export interface AcknowledgedFinding extends Finding {
  readonly acknowledged: Acknowledgement;
  /** It was not acknowledged before: who accepts the change accepts this too. */
  readonly isNew: boolean;
}

/**
 * Compares what the policies say before and after a change.
 * @param before undefined for a site that is new, or that cannot be read as it was
 * @param renamed names of guests before, with their names now: a renamed guest is the same guest
 */
export function policyChanges(
  before: PolicyReport | undefined,
  after: PolicyReport,
  renamed: ReadonlyMap<string, string> = new Map(),
): PolicyChanges {
  const earlier = (before?.findings ?? []).map((finding) => ({ ...finding, object: withNewName(finding.object, renamed) }));
  const openBefore = new Map(openFindings({ findings: earlier }).map((finding) => [findingKey(finding), finding]));
  const openNow = openFindings(after);
  const keysNow = new Set(after.findings.map(findingKey));
  const appeared = openNow.filter((finding) => {
    const known = openBefore.get(findingKey(finding));
    return known === undefined || (finding.severity === "error" && known.severity !== "error");
  });
  const acknowledgedBefore = new Set(earlier.filter(({ acknowledged }) => acknowledged !== undefined).map(findingKey));
  return {
    appeared,
    repaired: [...openBefore.values()].filter((finding) => !keysNow.has(findingKey(finding))),
    acknowledged: after.findings.flatMap((finding) =>
      finding.acknowledged === undefined
        ? []
        : [{ ...finding, acknowledged: finding.acknowledged, isNew: !acknowledgedBefore.has(findingKey(finding)) }],
    ),
    standing: openNow.length - appeared.length,
  };
}

/** `guests.erp.tier` becomes `guests.dolibarr.tier`. */
function withNewName(object: string, renamed: ReadonlyMap<string, string>): string {
  const [, name = "", rest = ""] = /^guests\.([^.[]+)(.*)$/s.exec(object) ?? [];
  const now = renamed.get(name);
  return now === undefined ? object : `guests.${now}${rest}`;
}
