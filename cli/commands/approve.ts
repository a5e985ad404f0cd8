import type { Command } from "commander";
import { UserError } from "../../model";
import type { SetExitCode } from "../exit-code";
import { ALLOWED_SIGNERS, type CommonOptions, withCommonOptions } from "../options";

interface ApproveOptions extends CommonOptions {
  readonly reason: string;
  readonly expires?: string;
  readonly key?: string;
  readonly allowedSigners?: string;
  readonly base?: string;
  readonly plan: boolean;
  readonly yes: boolean;
}

export function registerApprove(program: Command, exit: SetExitCode): void {
  withCommonOptions(
    program
      .command("approve [site]")
      .description(
        "show what a change weakens, and sign with your SSH key that it is accepted; apply then lets exactly that pass",
      )
      .requiredOption("--reason <text>", "why it is acceptable; it is written into the repository")
      .option("--base <revision>", "what differs from this git revision is approved; no device is asked")
      .option("--plan", "what apply would change on the devices is approved", false)
      .option("--expires <day>", "last day of the approval, YYYY-MM-DD; default: 30 days from today, at most 90")
      .option("--key <file>", "your SSH key; default: user.signingkey of git where gpg.format is ssh, else ~/.ssh/id_ed25519")
      .option(...ALLOWED_SIGNERS)
      .option("-y, --yes", "do not ask; without a terminal nothing asks, and this is needed", false),
  ).action(async (argument: string | undefined, options: ApproveOptions) => {
    const { reason, expires, key, allowedSigners, base, plan, yes } = options;
    if (plan === (base !== undefined)) throw oneOfBoth(plan);
    const [{ approve }, { openOutput }, { today }] = await Promise.all([
      import("../run-approve"),
      import("../output"),
      import("../policy-gates"),
    ]);
    const output = openOutput(options);
    const approved = await approve(argument, options, { reason, today: today(), expires, key, allowedSigners, base, yes });
    if (approved.outcome !== "approved") {
      output.result(
        { ok: approved.outcome !== "declined", ...approved },
        approved.outcome === "declined" ? "nothing was signed" : "",
      );
      exit(approved.outcome === "declined" ? 3 : 0);
      return;
    }
    const { file, approval, missing } = approved;
    output.result(
      { ok: true, ...approved },
      [
        `${output.color.green("approved")} by ${approval.who} until ${approval.expires}: ${file}`,
        missing === 0
          ? "commit the file with the change"
          : "commit the file with the change; another person has to approve as well",
      ].join("\n"),
    );
  });
}

const oneOfBoth = (both: boolean): UserError =>
  new UserError(
    {
      where: "command line",
      what: both ? "--base and --plan are given" : "neither --base nor --plan is given",
      repair: "give --base with the revision that the change is made to, or --plan for what apply would do now",
    },
    64,
  );
