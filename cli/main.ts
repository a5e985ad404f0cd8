import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { UserError } from "../model";
import { registerCommands } from "./commands";
import { optionOf } from "./named-commands";
import { reportError } from "./output";
import { installationRoot } from "./paths";

const WRONG_USAGE = 64;

/** Runs one command line. @returns the exit code: 0 done, 1 fault, 2 changes found, 3 refused, 64 wrong usage */
async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const { version } = JSON.parse(readFileSync(`${installationRoot()}/package.json`, "utf8")) as { version: string };
  const program = new Command("bastide")
    .description("Backup of client sites as code: from one typed file to applied, verified protection.")
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help to see what it understands)")
    .addHelpText("after", EPILOGUE);
  registerCommands(program, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    const json = argv.includes("--json") || optionOf(argv, "--format") === "json";
    if (error instanceof CommanderError) {
      if (error.exitCode === 0 || error.code === "commander.help") return 0;
      // People have read it already; a program reads standard output.
      return json ? reportError(wrongUsage(error), { json, debug: false }) : WRONG_USAGE;
    }
    const sites = optionOf(argv, "--sites");
    return reportError(error, { json, debug: argv.includes("--debug"), color: !argv.includes("--no-color"), sites });
  }
}

const wrongUsage = ({ message }: CommanderError): UserError =>
  new UserError(
    { where: "command line", what: message.replace(/^error: /, ""), repair: "add --help to see what it understands" },
    WRONG_USAGE,
  );

const EPILOGUE = `
Start here:
  ./bastide apply ecosolar --env lab     provision the example in the embedded lab and prove it
  ./bastide check                        check every site file
  ./bastide doctor ecosolar --env lab    what is missing, and how to repair it

Exit codes: 0 done or nothing to do, 1 fault, 2 changes or drift found, 3 refused or waiting for confirmation, 64 wrong usage.`;

main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
