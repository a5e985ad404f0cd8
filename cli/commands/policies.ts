import type { Command } from "commander";
import { UserError } from "../../model";
import { type CommonOptions, withCommonOptions } from "../options";
import { openOutput } from "../output";

interface PoliciesOptions extends CommonOptions {
  readonly pack?: string;
}

/** Months that the acknowledgement in an explanation lasts. */
const EXAMPLE_MONTHS = 6;

export function registerPolicies(program: Command): void {
  withCommonOptions(
    program
      .command("policies [id]")
      .description("list the policies, or explain one: why it matters, how to repair what it finds, how to accept it")
      .option("--pack <standard>", "only what gives evidence for a standard, control by control"),
  ).action(async (id: string | undefined, options: PoliciesOptions) => {
    const [{ BASTIDE }, { STANDARDS }, { explained, explanationText, policiesText, standardText }, { today }] = await Promise.all(
      [import("../../policies/packs/bastide"), import("../../policies/packs"), import("../policies-text"), import("../today")],
    );
    const output = openOutput(options);
    const all = BASTIDE.map((policy) => explained(policy, STANDARDS));
    if (id !== undefined) {
      const policy = all.find((one) => one.id === id.toUpperCase());
      if (policy === undefined) {
        throw await unknownName(
          "policy",
          id.toUpperCase(),
          all.map((one) => one.id),
          "list them: ./bastide policies",
        );
      }
      output.result({ ok: true, policy }, explanationText(policy, await monthsAfter(today(), EXAMPLE_MONTHS), output.color));
      return;
    }
    if (options.pack === undefined || options.pack === "bastide") {
      output.result({ ok: true, policies: all }, policiesText(all, output.color));
      return;
    }
    const standard = STANDARDS.find(({ name }) => name === options.pack);
    if (standard === undefined) {
      const names = ["bastide", ...STANDARDS.map(({ name }) => name)];
      throw await unknownName("pack", options.pack, names, `choose one of: ${names.join(", ")}`);
    }
    const named = new Set(standard.controls.flatMap((control) => control.policies));
    const policies = all.filter((policy) => named.has(policy.id));
    output.result({ ok: true, standard, policies }, standardText(standard, policies, output.color));
  });
}

async function unknownName(kind: string, name: string, names: readonly string[], repair: string): Promise<UserError> {
  const { closest, distance } = await import("fastest-levenshtein");
  const near = names.find((one) => one.startsWith(name)) ?? closest(name, [...names]);
  const hint = near.startsWith(name) || distance(near, name) <= 3 ? `; did you mean "${near}"?` : "";
  return new UserError({ where: "command line", what: `there is no ${kind} "${name}"${hint}`, repair }, 64);
}

async function monthsAfter(day: string, months: number): Promise<string> {
  const { DateTime } = await import("luxon");
  return DateTime.fromISO(day, { zone: "utc" }).plus({ months }).toFormat("yyyy-MM-dd");
}
