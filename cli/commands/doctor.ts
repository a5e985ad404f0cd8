import type { Command } from "commander";
import type { SetExitCode } from "../exit-code";
import { type CommonOptions, withCommonOptions } from "../options";
import { openOutput } from "../output";

export function registerDoctor(program: Command, exit: SetExitCode): void {
  withCommonOptions(
    program
      .command("doctor [site]")
      .description("engine, providers, secrets, reachability, TLS, clocks, versions: what is missing, and how to repair it"),
  ).action(async (argument: string | undefined, options: CommonOptions) => {
    const [{ examine }, { checksSummary, checksText, proven }] = await Promise.all([
      import("../examine"),
      import("../checks-table"),
    ]);
    const output = openOutput(options);
    const checks = await examine(argument, options);
    output.result({ ok: proven(checks), checks }, `${checksText(checks, output.color)}\n\n${checksSummary(checks)}`);
    exit(proven(checks) ? 0 : 1);
  });
}
