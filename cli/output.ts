import pc from "picocolors";
import { type Fault, UserError } from "../model";
import { completeCommands } from "./named-commands";

/** Where a command writes: results to standard output, progress and faults to standard error. */
export interface Output {
  readonly json: boolean;
  /** Prints one result: the object for machines, the text for people. */
  result(data: object, text: string): void;
  /** A line of progress; not printed with `--json`. */
  note(line: string): void;
  readonly color: ReturnType<typeof pc.createColors>;
}

interface OutputOptions {
  readonly json: boolean;
  readonly color?: boolean;
  /** The folder of the sites, as it was given. */
  readonly sites?: string | undefined;
}

/** Colours only where both outputs are a terminal, and never with NO_COLOR; JSON is never coloured. */
export function openOutput(options: OutputOptions): Output {
  const terminal = process.stdout.isTTY === true && process.stderr.isTTY === true;
  const colored = terminal && !options.json && options.color !== false && process.env.NO_COLOR === undefined;
  return {
    json: options.json,
    color: pc.createColors(colored),
    result: (data, text) =>
      process.stdout.write(
        options.json ? jsonText(data, options.sites) : text === "" ? "" : `${completeCommands(text, options.sites)}\n`,
      ),
    note: (line) => {
      if (!options.json) process.stderr.write(`${completeCommands(line, options.sites)}\n`);
    },
  };
}

const jsonText = (data: object, sites: string | undefined): string =>
  `${JSON.stringify(data, (_, value: unknown) => (typeof value === "string" ? completeCommands(value, sites) : value), 2)}\n`;

/** Faults as text: what and where, then why, then the way out. */
export function faultsText(faults: readonly Fault[], color: Output["color"], mark = color.red("✗")): string {
  return faults
    .map(({ what, where, why, repair }) =>
      [
        `${mark} ${color.bold(where)}: ${what}`,
        ...(why === undefined ? [] : [`    why:    ${why}`]),
        `    repair: ${repair}`,
      ].join("\n"),
    )
    .join("\n");
}

/** Prints what ended a command and gives its exit code. Whatever is not for the user to repair is a bug, and says so. */
export function reportError(error: unknown, options: OutputOptions & { debug: boolean }): number {
  const output = openOutput(options);
  if (error instanceof UserError) {
    if (options.json) process.stdout.write(jsonText({ ok: false, faults: error.faults }, options.sites));
    else output.note(faultsText(error.faults, output.color));
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (options.json) process.stdout.write(jsonText({ ok: false, bug: message }, options.sites));
  else
    process.stderr.write(
      `${output.color.red("✗")} this is a fault of Bastide itself: ${message}\n    repair: run the command again with --debug and report what it prints\n`,
    );
  if (options.debug && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
  return 1;
}
