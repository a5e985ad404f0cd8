import { type Command, Option } from "commander";
import type { SitesFolder } from "../../deploy/site-loader";
import type { SiteReport } from "../check-sites";
import type { SetExitCode } from "../exit-code";
import { type CommonOptions, chosenSite, withCommonOptions } from "../options";
import { faultsText, type Output, openOutput } from "../output";
import { sitesFolder } from "../paths";

interface CheckOptions extends CommonOptions {
  readonly changed?: string;
  readonly format: "table" | "json" | "sarif" | "junit" | "github" | "gitlab";
  readonly writeBaseline: boolean;
}

export function registerCheck(program: Command, exit: SetExitCode): void {
  withCommonOptions(
    program
      .command("check [site]")
      .description("check site files: every fault and every finding of the policies at once, with its repair; no device is asked")
      .option("--changed <git-ref>", "only sites whose files differ from this revision")
      .addOption(
        new Option("--format <format>", "how to write the result")
          .choices(["table", "json", "sarif", "junit", "github", "gitlab"])
          .default("table"),
      )
      .option("--write-baseline", "keep what is found now as known before, so that later only new findings count", false),
  ).action(async (argument: string | undefined, options: CheckOptions) => {
    const folder = sitesFolder(options.sites);
    const only = argument ?? options.site;
    // Git looks for them while the rest is loaded.
    const changed = only === undefined && options.changed !== undefined ? changedSince(folder, options.changed) : undefined;
    const [changedNames, { checkSites }, { mustStop }, { judgementText }, { today }] = await Promise.all([
      changed,
      import("../check-sites"),
      import("../../policies/engine/finding"),
      import("../findings-text"),
      import("../today"),
    ]);
    const sites = only === undefined ? changedNames : [chosenSite(argument, options, [])];
    const reports = await checkSites(folder, {
      ...(sites === undefined ? {} : { sites }),
      ...(options.env === undefined ? {} : { environment: options.env }),
      today: today(),
      writeBaseline: options.writeBaseline,
    });
    const stops = ({ policies }: SiteReport) => policies !== undefined && mustStop(policies);
    const faulty = reports.some(({ faults }) => faults.length > 0);
    const refused = reports.some(stops);
    const textOf = (report: SiteReport, { color }: Output): string => {
      const { site, faults, policies, repaired = [] } = report;
      return policies === undefined
        ? `${color.red("✗")} ${site}: ${faults.length} ${faults.length === 1 ? "fault" : "faults"}\n${faultsText(faults, color)}`
        : `${stops(report) ? color.red("✗") : color.green("✓")} ${site} (${policies.environment})\n${judgementText({ policies, repaired }, color)}`;
    };
    const { format } = options;
    const output = openOutput({ ...options, json: options.json || format === "json" });
    const text = (to: Output) =>
      reports.length === 0 ? "no site has changed" : reports.map((one) => textOf(one, to)).join("\n");
    if (output.json || format === "table") {
      output.result({ ok: !faulty && !refused, sites: reports }, text(output));
    } else {
      // Standard output is for the program that reads the format; people read the log.
      const { formatted } = await import("../formats");
      output.note(text(output));
      process.stdout.write(await formatted(format as Exclude<typeof format, "json" | "table">, folder, reports));
    }
    exit(faulty ? 1 : refused ? 3 : 0);
  });
}

async function changedSince(folder: SitesFolder, revision: string): Promise<readonly string[]> {
  const { changedSites } = await import("../../deploy/changed-sites");
  return await changedSites(folder, revision);
}
