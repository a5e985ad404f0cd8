import { type Command, InvalidArgumentError } from "commander";
import type { SetExitCode } from "../exit-code";
import { ALLOWED_SIGNERS, type CommonOptions, WAIT, withCommonOptions } from "../options";

interface ApplyOptions extends CommonOptions {
  readonly yes: boolean;
  readonly wait: number;
  readonly adopt?: readonly string[];
  readonly migrateState: boolean;
  readonly releaseLock?: Readonly<Record<string, string>>;
  readonly allowedSigners?: string;
  readonly base?: string;
  readonly reviewed?: string;
}

export function registerApply(program: Command, exit: SetExitCode): void {
  withCommonOptions(
    program
      .command("apply [site]")
      .description(
        "plan, show, confirm, apply exactly that plan, then prove on the devices that it holds; run it again to continue after a fault",
      )
      .option("-y, --yes", "do not ask; without a terminal nothing asks, and outside the lab this is needed", false)
      .option(...WAIT)
      .option(
        "--adopt <construct>",
        "take over an object that exists on its device; repeatable",
        (value: string, before: readonly string[] = []) => [...before, value],
      )
      .option("--migrate-state", "move the state from where it was to where the environment says now", false)
      .option("--release-lock <layer=id>", "end the lock of a run that is certainly dead, as its message says; repeatable", lock)
      .option(...ALLOWED_SIGNERS)
      .option(
        "--base <revision>",
        "git revision before the change: its authors since are not the two who approve, and it says whether two have to",
      )
      .option("--reviewed <file>", "apply only the plan that plan --out has recorded there"),
  ).action(async (argument: string | undefined, options: ApplyOptions) => {
    const [{ openSession }, { runApply }] = await Promise.all([import("../session"), import("../run-apply")]);
    exit(
      await runApply(await openSession(argument, options), {
        yes: options.yes,
        waitSeconds: options.wait,
        adopt: options.adopt ?? [],
        migrateState: options.migrateState,
        releaseLocks: options.releaseLock ?? {},
        approval: { allowedSigners: options.allowedSigners, base: options.base, reviewed: options.reviewed },
      }),
    );
  });
}

function lock(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, layer, id] = /^([a-z-]+)=(\S+)$/.exec(text) ?? [];
  if (layer === undefined || id === undefined) throw new InvalidArgumentError("Write layer and id, such as hypervisor=1a2b3c.");
  return { ...before, [layer]: id };
}
