import { gatesOf } from "../policies/engine/acknowledgements";
import type { Policy, Standard } from "../policies/engine/policy";
import type { Gate } from "../policies/engine/rule";
import { counted } from "../policies/report/summary";
import type { Output } from "./output";
import { table } from "./table";

/** A policy with everything that is said of it, for people and for programs. */
export interface ExplainedPolicy {
  readonly id: string;
  readonly sentence: string;
  readonly severity: Policy["severity"];
  /** Empty: the engine itself judges it, from what the others find. */
  readonly gates: readonly Gate[];
  readonly why: string;
  readonly repair: string;
  readonly references: readonly {
    readonly standard: string;
    readonly title: string;
    readonly control: string;
    readonly gist: string;
  }[];
}

export const explained = ({ id, rule, severity, why, repair }: Policy, standards: readonly Standard[]): ExplainedPolicy => ({
  id,
  sentence: rule.sentence,
  severity,
  gates: gatesOf({ id, rule, severity, why, repair }),
  why,
  repair,
  references: standards.flatMap(({ name, title, controls }) =>
    controls
      .filter(({ policies }) => policies.includes(id))
      .map((control) => ({ standard: name, title, control: control.id, gist: control.gist })),
  ),
});

const GATES: Readonly<Record<Gate, string>> = { model: "site file", synthesized: "synthesized files", plan: "plan" };

/** One line for each policy. */
export function policiesText(policies: readonly ExplainedPolicy[], color: Output["color"]): string {
  const rows = policies.map(({ id, sentence, severity, gates }) => [id, severity.live, severity.lab, gatesText(gates), sentence]);
  return [
    table(["id", "live", "lab", "looks at", "what holds"], rows),
    "",
    `${counted(policies.length, "policy", "policies")}. Why one matters and how to repair it: ${color.bold("./bastide policies <id>")}`,
  ].join("\n");
}

/** A standard with its controls, each with the policies that give evidence for it. */
export function standardText(
  { name, title, controls }: Standard,
  policies: readonly ExplainedPolicy[],
  color: Output["color"],
): string {
  const sentenceOf = (id: string) => policies.find((policy) => policy.id === id)?.sentence ?? "";
  return [
    `${color.bold(title)} (${name})`,
    ...controls.flatMap(({ id, gist, policies: ids }) => [
      "",
      `${color.bold(id)} ${gist}`,
      ...(ids.length === 0 ? ["  no policy looks at it"] : ids.map((policy) => `  ${policy}  ${sentenceOf(policy)}`)),
    ]),
  ].join("\n");
}

/** Everything about one policy, with an acknowledgement that can be pasted. @param expires last day of the example, `YYYY-MM-DD` */
export function explanationText(policy: ExplainedPolicy, expires: string, color: Output["color"]): string {
  const { id, sentence, severity, gates, why, repair, references } = policy;
  return [
    `${color.bold(id)} ${sentence}.`,
    "",
    `why:      ${why}`,
    `repair:   ${repair}`,
    `severity: ${severity.live} on real devices, ${severity.lab} in the lab${severity.live === "error" ? "; an error stops every change" : ""}`,
    `looks at: ${gatesText(gates)}`,
    ...references.map(
      ({ standard, control, gist }, index) => `${index === 0 ? "evidence:" : "         "} ${standard} ${control}: ${gist}`,
    ),
    "",
    ...(id.startsWith("ACK-")
      ? ["It judges acknowledgements, so it cannot be acknowledged itself."]
      : [
          "To accept one finding for a while, add to the site file:",
          "",
          "  acknowledgements: [",
          "    {",
          `      rule: "${id}",`,
          '      object: "<the path that check shows>",',
          '      reason: "<why this is acceptable here>",',
          '      owner: "<who answers for it>",',
          `      expires: "${expires}",`,
          "    },",
          "  ],",
        ]),
  ].join("\n");
}

const gatesText = (gates: readonly Gate[]): string =>
  gates.length === 0 ? "what the other policies find" : gates.map((gate) => GATES[gate]).join(", ");
