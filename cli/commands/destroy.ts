import type { Command } from "commander";
import type { SetExitCode } from "../exit-code";
import { type CommonOptions, WAIT, withCommonOptions } from "../options";

interface DestroyOptions extends CommonOptions {
  readonly confirm?: string;
  readonly stale?: string;
  readonly wait: number;
}

export function registerDestroy(program: Command, exit: SetExitCode): void {
  withCommonOptions(
    program
      .command("destroy [site]")
      .description(
        "take the site's objects off the devices; what holds data or keys is never deleted outside the lab, it is listed",
      )
      .option("--confirm <site>", "the site's name, where there is no terminal to ask for it")
      .option("--stale <layer>", "only a layer that the site file no longer has")
      .option(...WAIT),
  ).action(async (argument: string | undefined, options: DestroyOptions) => {
    const [{ openSession }, { runDestroy }] = await Promise.all([import("../session"), import("../run-destroy")]);
    exit(
      await runDestroy(await openSession(argument, options), {
        waitSeconds: options.wait,
        ...(options.confirm === undefined ? {} : { confirm: options.confirm }),
        ...(options.stale === undefined ? {} : { stale: options.stale }),
      }),
    );
  });
}
