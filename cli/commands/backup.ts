import type { Command } from "commander";
import type { SetExitCode } from "../exit-code";
import { type CommonOptions, withCommonOptions } from "../options";

interface BackupOptions extends CommonOptions {
  readonly storage?: string;
}

export function registerBackup(program: Command, exit: SetExitCode): void {
  withCommonOptions(
    program
      .command("backup <guest>")
      .description("back up one guest now, to its tier's storage, and follow the task to its end")
      .option("--storage <id>", "another storage of the site"),
  ).action(async (guest: string, options: BackupOptions) => {
    const [{ openSession }, { backUp }] = await Promise.all([import("../session"), import("../../live/backup")]);
    const session = await openSession(undefined, options);
    const { output, progress, site } = session;
    const result = await progress.during(`backing up ${guest}`, () =>
      session.withClients(({ hypervisor }) =>
        backUp(hypervisor, site, guest, {
          ...(options.storage === undefined ? {} : { storage: options.storage }),
          onLine: (line) => output.note(output.color.dim(`    ${line}`)),
        }),
      ),
    );
    output.result(
      { ...result },
      result.ok
        ? output.color.green(`${guest} is backed up to ${result.storage}: ${result.status}`)
        : output.color.red(
            `the backup of ${guest} failed: ${result.status}\n    repair: read the lines above; the task on ${result.node} is ${result.task}`,
          ),
    );
    exit(result.ok ? 0 : 1);
  });
}
