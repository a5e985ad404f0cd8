import type { Command } from "commander";
import type { SetExitCode } from "../exit-code";
import { type CommonOptions, WAIT, withCommonOptions } from "../options";

interface PlanOptions extends CommonOptions {
  readonly wait: number;
}

export function registerPlan(program: Command, exit: SetExitCode): void {
  withCommonOptions(
    program
      .command("plan [site]")
      .description("show what apply would change; exit code 0: nothing, 2: something")
      .option(...WAIT),
  ).action(async (argument: string | undefined, options: PlanOptions) => {
    const [{ openSession }, { planAll, hasChanges }, { staleStacks }, { changesData, changesText }, { showing }, { staleText }] =
      await Promise.all([
        import("../session"),
        import("../../deploy/plan"),
        import("../../deploy/stale-stacks"),
        import("../changes-text"),
        import("../deployment-progress"),
        import("../stale-text"),
      ]);
    const session = await openSession(argument, options);
    const { output, progress } = session;
    try {
      await session.withDeployment(
        "plan",
        async (deployment) => {
          const plans = await planAll(deployment, { onProgress: showing(progress) });
          const stale = await staleStacks(deployment);
          progress.stop();
          output.result(
            { ok: true, changes: hasChanges(plans), layers: changesData(plans), stale },
            [changesText(plans, output.color), ...staleText(stale, session.site.name, session.environment.name)].join("\n"),
          );
          exit(hasChanges(plans) ? 2 : 0);
        },
        { waitSeconds: options.wait },
      );
    } finally {
      progress.stop();
    }
  });
}
