import type { Aspect, ProtectionFinding, Reversibility } from "../finding";
import type { Review, SiteChange } from "../review";
import { counted, type RiskClass } from "../verdict";

/** A finding with the number under which the whole review speaks of it. */
export interface NumberedFinding extends ProtectionFinding {
  readonly number: number;
}

/** The findings of a review as its pages divide them. What is narrowed stands apart: nobody has to look at it. */
export interface Sections {
  /** Guests and datastores. */
  readonly protection: readonly NumberedFinding[];
  readonly privileges: readonly NumberedFinding[];
  readonly reachability: readonly NumberedFinding[];
  /** Privileges and reachability that get narrower. */
  readonly narrowed: readonly NumberedFinding[];
}

export function sectionsOf({ findings }: Review): Sections {
  const numbered = findings.map((finding, index) => ({ ...finding, number: index + 1 }));
  const isAccess = ({ aspect }: ProtectionFinding) => aspect === "privileges" || aspect === "reachability";
  const of = (aspect: Aspect) => numbered.filter((one) => one.aspect === aspect && one.class !== "gained");
  return {
    protection: numbered.filter((one) => !isAccess(one)),
    privileges: of("privileges"),
    reachability: of("reachability"),
    narrowed: numbered.filter((one) => isAccess(one) && one.class === "gained"),
  };
}

/** Word for the class of a finding: of rights and ways it is not the protection that is weak, but a door that is open. */
export function classText({ class: kind, aspect }: ProtectionFinding): string {
  if (kind !== "weakened") return kind;
  return aspect === "reachability" ? "opened" : aspect === "privileges" ? "broadened" : kind;
}

/** Findings that can be taken back in the same way, for the same reason. */
export interface WayBack {
  readonly reversibility: Reversibility;
  readonly evidence: string;
  readonly numbers: readonly number[];
}

const TIERS: readonly Reversibility[] = [
  "unrecoverable",
  "needs review",
  "recoverable from backup",
  "recoverable with effort",
  "reversible",
];

/** How what gets worse can be taken back, the hardest first. */
export function waysBack({ findings }: Review): WayBack[] {
  const ways = new Map<string, { reversibility: Reversibility; evidence: string; numbers: number[] }>();
  for (const [index, { class: kind, reversibility, evidence }] of findings.entries()) {
    if (kind === "gained") continue;
    const key = JSON.stringify([reversibility, evidence]);
    const way = ways.get(key) ?? { reversibility, evidence, numbers: [] };
    way.numbers.push(index + 1);
    ways.set(key, way);
  }
  return [...ways.values()].sort((one, other) => TIERS.indexOf(one.reversibility) - TIERS.indexOf(other.reversibility));
}

/** `101 ad, 103 erp and 4 more`. */
export function subjectsText(subjects: readonly string[], most: number): string {
  const shown = subjects.slice(0, most).join(", ");
  return subjects.length <= most ? shown : `${shown} and ${subjects.length - most} more`;
}

/** `no. 1–3, 7`; they ascend. */
export function numbersText(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return `no. ${runs.map(([first, last]) => (first === last ? first : `${first}–${last}`)).join(", ")}`;
}

/** What happens to the site as a whole, where that is more than a change. */
export function changeText({ kind, ...rest }: SiteChange): string | undefined {
  if (kind === "new") return "The site is new: there is no protection that it could take away.";
  if (kind === "deleted") {
    return "The site file is deleted: nothing on the devices changes by that, and nobody watches or repairs them from now on.";
  }
  if (kind === "renamed" && "from" in rest) {
    return `The site was called ${rest.from}. Names of objects on the devices begin with it, so a plan makes them anew: run ./bastide plan before this is merged.`;
  }
  return undefined;
}

/** `3 findings have to be approved`, or that nothing has to. */
export function approvalText({ verdict, policies, approvals }: Review): string {
  const errors = policies.appeared.filter(({ severity }) => severity === "error").length;
  if (approvals.length > 0) {
    const by = approvals.map(({ who, expires, reason }) => `${who} until ${expires} (${reason})`).join(", ");
    return `${counted(verdict.toApprove, "finding")}, approved by ${by}.`;
  }
  if (verdict.toApprove > 0) {
    return `${counted(verdict.toApprove, "finding")} ${verdict.toApprove === 1 ? "has" : "have"} to be approved.`;
  }
  return errors > 0 ? "It is not to be merged as it is." : "Nothing has to be approved.";
}

/** What the policies said before and still say. */
export function standingTexts({ site, environment, policies: { acknowledged, standing } }: Review): string[] {
  const earlier = acknowledged.filter(({ isNew }) => !isNew).length;
  const those = [
    ...(standing > 0 ? [`${counted(standing, "open finding")}`] : []),
    ...(earlier > 0 ? [`${counted(earlier, "accepted finding")}`] : []),
  ].join(" and ");
  return those === "" ? [] : [`${those} of the policies from before: ./bastide check ${site} --env ${environment}`];
}

/** Mark of each class on a page. */
export const SIGNS: Readonly<Record<RiskClass, string>> = {
  "loss of protection": "🔴",
  "weakened protection": "🟠",
  "unknown effect": "🟡",
  "refused by a policy": "⛔",
  "protection gained": "🟢",
  "no effect on the protection": "🟢",
};
