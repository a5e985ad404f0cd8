import type { Finding } from "../policies/engine/finding";
import { STANDARDS } from "../policies/packs";
import { BASTIDE } from "../policies/packs/bastide";
import { rulesOf } from "../policies/report/notice";

/** Controls of standards for which the policies of findings give evidence, by the policies' ids. */
export function referencesOf(findings: readonly Finding[]): Record<string, readonly string[]> {
  const named = new Set(findings.map(({ policy }) => policy));
  const policies = BASTIDE.filter(({ id }) => named.has(id));
  return Object.fromEntries(rulesOf(policies, STANDARDS).map(({ id, tags }) => [id, tags]));
}
