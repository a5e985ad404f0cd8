import type { Command } from "commander";
import { UserError } from "../../model";
import type { SetExitCode } from "../exit-code";
import { ALLOWED_SIGNERS, type CommonOptions, withCommonOptions } from "../options";

interface ApproveOptions extends CommonOptions {
  readonly reason?: string;
  readonly check: boolean;
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
      .option("--reason <text>", "why it is acceptable; it is written into the repository")
      .option("--base <revision>", "what differs from this git revision is approved; no device is asked")
      .option("--plan", "what apply would change on the devices is approved", false)
      .option("--check", "sign nothing; exit code 0: nothing needs an approval or it has been given, 3: it has not", false)
      .option("--expires <day>", "last day of the approval, YYYY-MM-DD; default: 30 days from today, at most 90")
      .option("--key <file>", "your SSH key; default: user.signingkey of git where gpg.format is ssh, else ~/.ssh/id_ed25519")
      .option(...ALLOWED_SIGNERS)
      .option("-y, --yes", "do not ask; without a terminal nothing asks, and this is needed", false),
  ).action(async (argument: string | undefined, options: ApproveOptions) => {
    const { reason, expires, key, allowedSigners, base, plan, yes, check } = options;
    if (plan === (base !== undefined)) throw oneOfBoth(plan);
    if (check === (reason !== undefined)) throw reasonOrCheck(check);
    const [{ approve, checkApprovals }, { openOutput }, { today }] = await Promise.all([
      import("../run-approve"),
      import("../output"),
      import("../today"),
    ]);
    const output = openOutput(options);
    if (check) {
      const approvals = await checkApprovals(argument, options, { today: today(), allowedSigners, base });
      const lines = approvals.map(({ who, expires: until, reason: because }) => `approved by ${who} until ${until}: ${because}`);
      output.result({ ok: true, approvals }, lines.join("\n"));
      return;
    }
    const approved = await approve(argument, options, {
      reason: reason ?? "",
      today: today(),
      expires,
      key,
      allowedSigners,
      base,
      yes,
    });
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

const reasonOrCheck = (both: boolean): UserError =>
  new UserError(
    {
      where: "command line",
      what: both ? "--check and --reason are given" : "no reason is given",
      repair: "give --reason to sign an approval, or --check to see whether there is one",
    },
    64,
  );
