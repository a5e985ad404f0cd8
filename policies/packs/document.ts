import { gatesOf } from "../engine/acknowledgements";
import type { Policy, Standard } from "../engine/policy";
import type { Gate } from "../engine/rule";

/** What the three letters of an id stand for, in the order of the document. */
const SUBJECTS: Readonly<Record<string, string>> = {
  BKP: "Backups: what is covered, how often, for how long, where the copies are",
  PBS: "Integrity: what the backup server verifies, prunes and collects",
  ACC: "Privileges",
  SEC: "Secrets",
  NET: "Network",
  CHG: "Safety of change",
  DET: "Detection",
  ACK: "Acknowledgements",
};

const GATES: Readonly<Record<Gate, string>> = { model: "site file", synthesized: "stacks", plan: "plan" };

/**
 * The generated part of the page on policies: for each subject a table, and under it why each policy matters and how to repair it.
 * @throws Error for a policy of a subject without a heading
 */
export function policiesDocument(policies: readonly Policy[], standards: readonly Standard[]): string {
  const lost = policies.filter(({ id }) => SUBJECTS[subjectOf(id)] === undefined);
  if (lost.length > 0) throw new Error(`no heading for ${lost.map(({ id }) => id).join(", ")}`);
  return Object.entries(SUBJECTS)
    .map(([letters, heading]) => ({ heading, own: policies.filter(({ id }) => subjectOf(id) === letters).sort(byId) }))
    .filter(({ own }) => own.length > 0)
    .map(({ heading, own }) => subject(heading, own, standards))
    .join("\n\n");
}

/** The generated part on standards: one table for each, with the controls that no policy looks at said to be so. */
export function standardsDocument(policies: readonly Policy[], standards: readonly Standard[]): string {
  const sentences = new Map(policies.map(({ id, rule }) => [id, rule.sentence]));
  return standards
    .map(({ name, title, controls }) =>
      [
        `### ${name}`,
        "",
        `${title}.`,
        "",
        "| control | asks for | evidence |",
        "|---|---|---|",
        ...controls.map(({ id, gist, policies: ids }) => {
          const evidence = ids.map((policy) => `${policy} ${sentences.get(policy)}`).join("<br>");
          return `| ${id} | ${cell(gist)} | ${ids.length === 0 ? "no policy looks at it" : cell(evidence)} |`;
        }),
      ].join("\n"),
    )
    .join("\n\n");
}

function subject(heading: string, policies: readonly Policy[], standards: readonly Standard[]): string {
  return [
    `### ${heading}`,
    "",
    "| id | what holds | live | lab | looks at | evidence for |",
    "|---|---|---|---|---|---|",
    ...policies.map(
      (policy) =>
        `| ${policy.id} | ${cell(policy.rule.sentence)} | ${policy.severity.live} | ${policy.severity.lab} | ${looksAt(policy)} | ${evidenceOf(policy.id, standards)} |`,
    ),
    "",
    ...policies.map(({ id, why, repair }) => `- **${id}**: ${why}. *Repair:* ${repair}.`),
  ].join("\n");
}

/** One that looks at no gate is judged by the engine itself, from what the others find. */
function looksAt(policy: Policy): string {
  const gates = gatesOf(policy).map((gate) => GATES[gate]);
  return gates.length === 0 ? "findings" : gates.join(", ");
}

function evidenceOf(policy: string, standards: readonly Standard[]): string {
  const of = ({ name, controls }: Standard) => {
    const ids = controls.filter(({ policies }) => policies.includes(policy)).map(({ id }) => id);
    return ids.length === 0 ? [] : [`${name} ${ids.join(", ")}`];
  };
  return standards.flatMap(of).join("<br>");
}

const subjectOf = (id: string): string => id.slice(0, 3);
const byId = (one: Policy, other: Policy): number => (one.id < other.id ? -1 : 1);
const cell = (text: string): string => text.replaceAll("|", "\\|");
