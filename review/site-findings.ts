import type { Environment } from "../model";
import type { ProtectionFinding } from "./finding";
import type { GuestProtection, Protection } from "./protection";

/** What a change does to a site besides its protection as the devices are told it: to the site as a whole, and to an environment. */

const REVERT = "taking the change back brings the file back; the devices are not touched by it";

/** A site whose file is deleted: nobody watches its guests any more. */
export function deletedSite({ guests }: Protection): ProtectionFinding[] {
  const covered = guests.filter((guest) => guest.covered !== false);
  if (covered.length === 0) return [];
  return [
    {
      class: "lost",
      aspect: "coverage",
      subjects: covered.map(subjectOf),
      before: "backed up, applied and watched",
      after: "no site file",
      reversibility: "reversible",
      evidence: REVERT,
    },
  ];
}

/** An environment before and after; undefined where the site has none of that name. */
export function environmentFindings(
  name: string,
  before: Environment | undefined,
  after: Environment | undefined,
): ProtectionFinding[] {
  if (before === undefined) return [];
  const subjects = [`environment ${name}`];
  if (after === undefined) {
    return [
      {
        class: "lost",
        aspect: "coverage",
        subjects,
        before: "applied and watched",
        after: "not in the site file",
        reversibility: "reversible",
        evidence: REVERT,
      },
    ];
  }
  const reversible = { subjects, reversibility: "reversible", evidence: "taking the change back restores it" } as const;
  const findings: ProtectionFinding[] = [];
  if (before.protectData !== after.protectData) {
    findings.push({
      ...reversible,
      class: after.protectData ? "gained" : "weakened",
      aspect: "datastore",
      before: destruction(before),
      after: destruction(after),
      ...(after.protectData
        ? {}
        : { reversibility: "needs review", evidence: "until it is taken back, a plan may destroy datastores and keys" }),
    });
  }
  if (before.encryptState !== after.encryptState) {
    findings.push({
      ...reversible,
      class: after.encryptState ? "gained" : "weakened",
      aspect: "encryption",
      before: stateFiles(before),
      after: stateFiles(after),
      ...(after.encryptState
        ? {}
        : { reversibility: "needs review", evidence: "who has read a state file in the meantime is not known" }),
    });
  }
  if (before.approvals !== after.approvals) {
    findings.push({
      ...reversible,
      class: after.approvals > before.approvals ? "gained" : "weakened",
      aspect: "promise",
      before: approvals(before),
      after: approvals(after),
    });
  }
  return findings;
}

const destruction = ({ protectData }: Environment) => `destroying data and keys is ${protectData ? "refused" : "allowed"}`;
const stateFiles = ({ encryptState }: Environment) => `state and plans ${encryptState ? "encrypted" : "in clear text"}`;
const approvals = ({ approvals: people }: Environment) => `a weakening needs ${people} ${people === 1 ? "person" : "people"}`;

/** `104 glpi`. */
const subjectOf = ({ id, name }: GuestProtection): string => (name === undefined ? String(id) : `${id} ${name}`);
