import type { Command } from "commander";
import type { SetExitCode } from "../exit-code";

export function registerTest(program: Command, exit: SetExitCode): void {
  program
    .command("test [part]")
    .description("bring what the tests need, then run them: `unit` (seconds), `lab` (real engine and providers), or both")
    .option("--report <dir>", "also write the results there, one JSON file a part")
    .action(async (part: string | undefined, options: { report?: string }) => {
      const { runTests } = await import("../run-tests");
      exit(await runTests(part, options.report));
    });
}
