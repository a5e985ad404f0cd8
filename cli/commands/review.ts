import { type Command, InvalidArgumentError, Option } from "commander";
import { UserError } from "../../model";
import type { SetExitCode } from "../exit-code";
import { type CommonOptions, chosenSite, WAIT, withCommonOptions } from "../options";
import { openOutput } from "../output";
import { sitesFolder } from "../paths";

interface ReviewOptions extends CommonOptions {
  readonly base?: string;
  readonly head?: string;
  readonly format: "terminal" | "markdown" | "json" | "sarif";
  readonly out?: string;
  readonly today?: string;
  readonly changedList: boolean;
  readonly plan: boolean;
  readonly wait: number;
}

export function registerReview(program: Command, exit: SetExitCode): void {
  withCommonOptions(
    program
      .command("review [site]")
      .description(
        "what a change does to the protection; exit code 0: nothing is weakened, 3: something is, or a policy is newly broken",
      )
      .option("--base <git-ref>", "the revision before the change")
      .option("--head <git-ref>", "the revision with the change; default: the working tree")
      .addOption(
        new Option("--format <format>", "how to write the result")
          .choices(["terminal", "markdown", "json", "sarif"])
          .default("terminal"),
      )
      .option("--out <file>", "write it there; of Markdown all that a comment does not hold goes to <file>-full")
      .option("--today <day>", "day on which acknowledgements are judged, YYYY-MM-DD; default: today", day)
      .option("--plan", "instead of two revisions, compare what is on the devices with what apply would make of it", false)
      .option(...WAIT)
      .option("--changed-list", "only name the sites that have changed", false),
  ).action(async (argument: string | undefined, options: ReviewOptions) => {
    if (options.plan === (options.base !== undefined) || (options.plan && (options.head !== undefined || options.changedList))) {
      throw oneOfBoth();
    }
    if (options.plan) {
      const [{ reviewPlan }, { showReviews }] = await Promise.all([import("../run-plan-review"), import("../show-reviews")]);
      const review = await reviewPlan(argument, options, options.wait);
      exit(await showReviews([review], sitesFolder(options.sites), openOutput(options), options));
      return;
    }
    const [{ changedSiteNames, reviewRevisions }, { today }] = await Promise.all([import("../run-review"), import("../today")]);
    const folder = sitesFolder(options.sites);
    const output = openOutput(options);
    const only = argument ?? options.site;
    const choices = {
      ...(only === undefined ? {} : { site: chosenSite(argument, options, []) }),
      base: options.base ?? "",
      ...(options.head === undefined ? {} : { head: options.head }),
      ...(options.env === undefined ? {} : { environment: options.env }),
      today: options.today ?? today(),
    };
    if (options.changedList) {
      const sites = await changedSiteNames(folder, choices);
      output.result({ ok: true, sites }, sites.join("\n"));
      return;
    }
    const reviews = await reviewRevisions(folder, choices);
    const { showReviews } = await import("../show-reviews");
    exit(await showReviews(reviews, folder, output, options));
  });
}

const oneOfBoth = (): UserError =>
  new UserError(
    {
      where: "command line",
      what: "a review compares either two revisions or a plan with the devices",
      repair: "give --base REVISION, with --head where it is not the working tree; or --plan",
    },
    64,
  );

function day(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError("Write a day such as 2026-11-21.");
}
