import type { Command } from "commander";
import { registerCheck } from "./check";
import { registerLab } from "./lab";
import { registerTest } from "./test";

/** What a command tells the process when it has ended. */
export type SetExitCode = (code: number) => void;

/** All commands, in the order in which `--help` teaches them. Each loads what it needs only when it runs. */
export function registerCommands(program: Command, exit: SetExitCode): void {
  registerCheck(program, exit);
  registerLab(program, exit);
  registerTest(program, exit);
}
