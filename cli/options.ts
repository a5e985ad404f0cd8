import { type Command, InvalidArgumentError } from "commander";
import { UserError } from "../model";

/** Options that every command has. */
export interface CommonOptions {
  readonly json: boolean;
  readonly debug: boolean;
  readonly color: boolean;
  readonly sites?: string;
  readonly site?: string;
  readonly env?: string;
}

/** Adds them to a command, so that each `--help` lists everything it understands. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--sites <dir>", "folder that holds the sites, one folder each", process.env.BASTIDE_SITES)
    .option("--site <name>", "the site, where it is not given as an argument")
    .option("--env <name>", "environment of the site: lab, production …", process.env.BASTIDE_ENV)
    .option("--json", "print the result as JSON", false)
    .option("--no-color", "no colours, also on a terminal")
    .option("--debug", "print the stack of an internal fault", false);
}

/** Option of the commands of which only one at a time works on a site and environment. */
export const WAIT = ["--wait <seconds>", "wait for another run on the same site and environment", seconds, 0] as const;

/** Option of the commands that look at approvals. */
export const ALLOWED_SIGNERS = [
  "--allowed-signers <file>",
  "OpenSSH file that says whose approval counts; default: allowed-signers in the folder of the sites",
] as const;

function seconds(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write whole seconds, such as 60.");
}

/** The site that a command is about: argument, option, or the only one there is. */
export function chosenSite(argument: string | undefined, options: CommonOptions, names: readonly string[]): string {
  if (argument !== undefined && options.site !== undefined && argument !== options.site) {
    throw new UserError(
      { where: "command line", what: `two sites are given: "${argument}" and --site "${options.site}"`, repair: "give one" },
      64,
    );
  }
  const chosen = argument ?? options.site ?? (names.length === 1 ? names[0] : undefined);
  if (chosen === undefined) {
    throw new UserError(
      {
        where: "command line",
        what: "no site is given",
        repair: names.length === 0 ? "there is no site yet: write sites/<name>/site.ts" : `name one of: ${names.join(", ")}`,
      },
      64,
    );
  }
  return chosen;
}

/** The environment that a command is about: option, or the only one of the site. */
export function chosenEnvironment(
  options: CommonOptions,
  site: { name: string; environments: Readonly<Record<string, unknown>> },
): string {
  const names = Object.keys(site.environments);
  const chosen = options.env ?? (names.length === 1 ? names[0] : undefined);
  if (chosen === undefined || !names.includes(chosen)) throw noEnvironment(site, chosen);
  return chosen;
}

/** @param name what was given instead of one of the site's environments; undefined: nothing */
export function noEnvironment(
  site: { name: string; environments: Readonly<Record<string, unknown>> },
  name: string | undefined,
): UserError {
  return new UserError(
    {
      where: "command line",
      what: name === undefined ? "no environment is given" : `site ${site.name} has no environment "${name}"`,
      repair: `add --env with one of: ${Object.keys(site.environments).join(", ")}`,
    },
    64,
  );
}
