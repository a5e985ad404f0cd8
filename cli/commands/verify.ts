import type { Command } from "commander";
import type { SetExitCode } from "../exit-code";
import { type CommonOptions, withCommonOptions } from "../options";

export function registerVerify(program: Command, exit: SetExitCode): void {
  withCommonOptions(
    program
      .command("verify [site]")
      .description("ask the devices whether they hold what the site file says; changes nothing; exit code 0: proven, 1: not"),
  ).action(async (argument: string | undefined, options: CommonOptions) => {
    const [{ openSession }, { verify }, { checksSummary, checksText, proven }] = await Promise.all([
      import("../session"),
      import("../../live/verify"),
      import("../checks-table"),
    ]);
    const session = await openSession(argument, options);
    const checks = verify(await session.progress.during("asking the devices", () => session.readReality()));
    session.output.result(
      { ok: proven(checks), checks },
      `${checksText(checks, session.output.color)}\n\n${checksSummary(checks)}`,
    );
    exit(proven(checks) ? 0 : 1);
  });
}
