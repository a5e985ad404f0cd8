import type { Command } from "commander";
import type { SetExitCode } from "../exit-code";
import { type CommonOptions, WAIT, withCommonOptions } from "../options";

interface DriftOptions extends CommonOptions {
  readonly wait: number;
}

export function registerDrift(program: Command, exit: SetExitCode): void {
  withCommonOptions(
    program
      .command("drift [site]")
      .description("what was changed behind our back: the plan, and what no plan can see; exit code 0: nothing, 2: something")
      .option(...WAIT),
  ).action(async (argument: string | undefined, options: DriftOptions) => {
    const [
      { openSession },
      { planAll, hasChanges },
      { verify },
      { changesData, changesText },
      { checksSummary, checksText, proven },
      { showing },
    ] = await Promise.all([
      import("../session"),
      import("../../deploy/plan"),
      import("../../live/verify"),
      import("../changes-text"),
      import("../checks-table"),
      import("../deployment-progress"),
    ]);
    const session = await openSession(argument, options);
    const { output, progress } = session;
    try {
      const plans = await session.withDeployment(
        "drift",
        (deployment) => planAll(deployment, { onProgress: showing(progress) }),
        { waitSeconds: options.wait },
      );
      const checks = verify(await session.readReality());
      progress.stop();
      const wrong = checks.filter(({ verdict }) => verdict !== "ok");
      // A secret that the store has got meanwhile is still to be sent; nobody changed anything on a device.
      const changed = plans.some(({ changes }) => changes.some(({ onlyRepeats }) => !onlyRepeats));
      const drifted = changed || !proven(checks);
      output.result(
        { ok: !drifted, drift: drifted, layers: changesData(plans), checks },
        [
          hasChanges(plans) ? changesText(plans, output.color) : "plan: no difference",
          ...(wrong.length === 0 ? [] : ["", checksText(wrong, output.color)]),
          "",
          drifted
            ? output.color.red(`drift found. ${checksSummary(checks)}`)
            : output.color.green(`no drift. ${checksSummary(checks)}`),
        ].join("\n"),
      );
      exit(drifted ? 2 : 0);
    } finally {
      progress.stop();
    }
  });
}
