import type { Command } from "commander";
import type { SetExitCode } from "../exit-code";
import { type CommonOptions, withCommonOptions } from "../options";

interface ApplyOptions extends CommonOptions {
  readonly yes: boolean;
  readonly wait: string;
  readonly adopt: readonly string[];
  readonly migrateState: boolean;
}

export function registerApply(program: Command, exit: SetExitCode): void {
  withCommonOptions(
    program
      .command("apply [site]")
      .description(
        "plan, show, confirm, apply exactly that plan, then prove on the devices that it holds; run it again to continue after a fault",
      )
      .option("-y, --yes", "do not ask; without a terminal nothing asks, and outside the lab this is needed", false)
      .option("--wait <seconds>", "wait for another run on the same site and environment", "0")
      .option(
        "--adopt <construct>",
        "take over an object that exists on its device; repeatable",
        (value: string, before: readonly string[]) => [...before, value],
        [],
      )
      .option("--migrate-state", "move the state from where it was to where the environment says now", false),
  ).action(async (argument: string | undefined, options: ApplyOptions) => {
    const [{ openSession }, { runApply }] = await Promise.all([import("../session"), import("../run-apply")]);
    exit(
      await runApply(await openSession(argument, options), {
        yes: options.yes,
        waitSeconds: Number(options.wait),
        adopt: options.adopt,
        migrateState: options.migrateState,
      }),
    );
  });
}
