import type { Command } from "commander";
import type { SetExitCode } from "../exit-code";
import { registerApply } from "./apply";
import { registerApprove } from "./approve";
import { registerBackup } from "./backup";
import { registerCheck } from "./check";
import { registerDestroy } from "./destroy";
import { registerDoctor } from "./doctor";
import { registerDrift } from "./drift";
import { registerLab } from "./lab";
import { registerPlan } from "./plan";
import { registerPolicies } from "./policies";
import { registerReview } from "./review";
import { registerSecrets } from "./secrets";
import { registerSynth } from "./synth";
import { registerTest } from "./test";
import { registerVerify } from "./verify";

/** All commands, in the order in which `--help` teaches them. Each loads what it needs only when it runs. */
export function registerCommands(program: Command, exit: SetExitCode): void {
  registerCheck(program, exit);
  registerPolicies(program);
  registerDoctor(program, exit);
  registerReview(program, exit);
  registerPlan(program, exit);
  registerApprove(program, exit);
  registerApply(program, exit);
  registerVerify(program, exit);
  registerDrift(program, exit);
  registerBackup(program, exit);
  registerSecrets(program);
  registerDestroy(program, exit);
  registerSynth(program, exit);
  registerLab(program, exit);
  registerTest(program, exit);
}
