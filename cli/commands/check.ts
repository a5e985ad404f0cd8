import type { Command } from "commander";
import { mustStop } from "../../policies/engine/finding";
import type { SetExitCode } from "../exit-code";
import { findingsText } from "../findings-text";
import { type CommonOptions, chosenSite, withCommonOptions } from "../options";
import { faultsText, openOutput } from "../output";
import { sitesFolder } from "../paths";

interface CheckOptions extends CommonOptions {
  readonly changed?: string;
}

export function registerCheck(program: Command, exit: SetExitCode): void {
  withCommonOptions(
    program
      .command("check [site]")
      .description("check site files: every fault at once, with its place and its repair; no device is asked")
      .option("--changed <git-ref>", "only sites whose files differ from this revision"),
  ).action(async (argument: string | undefined, options: CheckOptions) => {
    const { checkSites } = await import("../check-sites");
    const folder = sitesFolder(options.sites);
    const only = argument ?? options.site;
    const report = await checkSites(folder, {
      ...(only === undefined ? {} : { site: chosenSite(argument, options, []) }),
      ...(options.changed === undefined ? {} : { changed: options.changed }),
      ...(options.env === undefined ? {} : { environment: options.env }),
      today: new Date().toISOString().slice(0, 10),
    });
    const output = openOutput(options);
    const faulty = report.filter(({ faults }) => faults.length > 0);
    const stopped = report.filter(({ policies }) => policies !== undefined && mustStop(policies));
    const lines = report.map(({ site, faults, policies }) =>
      [
        faults.length === 0
          ? `${output.color.green("✓")} ${site}`
          : `${output.color.red("✗")} ${site}: ${faults.length} ${faults.length === 1 ? "fault" : "faults"}`,
        ...(faults.length > 0 ? [faultsText(faults, output.color)] : []),
        ...(policies === undefined || policies.findings.length === 0 ? [] : [findingsText(policies, output.color)]),
      ].join("\n"),
    );
    output.result(
      { ok: faulty.length + stopped.length === 0, sites: report },
      lines.length === 0 ? "no site has changed" : lines.join("\n"),
    );
    exit(faulty.length > 0 ? 1 : stopped.length > 0 ? 3 : 0);
  });
}
