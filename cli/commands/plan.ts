import type { Command } from "commander";
import type { SetExitCode } from "../exit-code";
import { type CommonOptions, WAIT, withCommonOptions } from "../options";

interface PlanOptions extends CommonOptions {
  readonly wait: number;
  readonly out?: string;
}

export function registerPlan(program: Command, exit: SetExitCode): void {
  withCommonOptions(
    program
      .command("plan [site]")
      .description("show what apply would change, judged by the policies; exit code 0: nothing, 2: something, 3: refused")
      .option("--out <file>", "record there what the plan does, as hashes; apply --reviewed <file> then applies nothing else")
      .option(...WAIT),
  ).action(async (argument: string | undefined, options: PlanOptions) => {
    const [
      { openSession },
      { planAll, hasChanges },
      { staleStacks },
      { changesData, changesText },
      { showing },
      { staleText },
      { PolicyGates },
      { judgementText },
      { mustStop },
      { keepReviewedPlan, planDigest, reviewedPlanOf },
    ] = await Promise.all([
      import("../session"),
      import("../../deploy/plan"),
      import("../../deploy/stale-stacks"),
      import("../changes-text"),
      import("../deployment-progress"),
      import("../stale-text"),
      import("../policy-gates"),
      import("../findings-text"),
      import("../../policies/engine/finding"),
      import("../../deploy/reviewed-plan"),
    ]);
    const session = await openSession(argument, options);
    const { output, progress } = session;
    try {
      await session.withDeployment(
        "plan",
        async (deployment) => {
          const gates = await PolicyGates.open(session);
          const digests = new Map<string, string>();
          const onDocument = (layer: string, document: unknown) => {
            gates.onDocument(layer, document);
            digests.set(layer, planDigest(document));
          };
          const plans = await planAll(deployment, { onProgress: showing(progress), onDocument });
          const judgement = await gates.judge(deployment, plans);
          const refused = mustStop(judgement.policies);
          const { site, environment } = session;
          if (options.out !== undefined)
            await keepReviewedPlan(options.out, reviewedPlanOf(site.name, environment.name, digests));
          const stale = await staleStacks(deployment);
          progress.stop();
          output.result(
            { ok: !refused, changes: hasChanges(plans), layers: changesData(plans), stale, ...judgement },
            [
              changesText(plans, output.color),
              ...staleText(stale, site.name, environment.name),
              judgementText(judgement, output.color),
            ].join("\n"),
          );
          exit(refused ? 3 : hasChanges(plans) ? 2 : 0);
        },
        { waitSeconds: options.wait },
      );
    } finally {
      progress.stop();
    }
  });
}
